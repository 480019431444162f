import ArgumentParser
import HTTPTypes
import Hummingbird

/// Hummingbird as its documentation begins: a router, one route, every setting as it comes.
enum HummingbirdServer {
    /// Serves until the process is told to stop.
    ///
    /// - Throws: when a header's name is none, or the port cannot be had.
    static func run(sending answer: RecordedAnswer, port: Int) async throws {
        var headers = HTTPFields()
        for (name, value) in answer.headers {
            guard let field = HTTPField.Name(name) else { throw ValidationError("'\(name)' is no header's name") }
            headers[field] = value
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
