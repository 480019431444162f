import HTTPTypes
import Hummingbird

/// Hummingbird as its documentation begins: a router, one route, every setting as it comes.
enum HummingbirdServer {
    /// Serves until the process is told to stop.
    static func run(sending answer: RecordedAnswer, port: Int) async throws {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            guard let name = HTTPField.Name(name) else { continue }
            headers[name] = value
        }
        let router = Router()
        router.get("**") { [headers] _, _ in
            Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: answer.body))
        }
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: port)))
        try await app.runService()
    }
}
