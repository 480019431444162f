import LoadGenerator
import Testing

@Suite struct LoadPlanTests {
    @Test("the URL gives host, port and prefix")
    func parts() throws {
        let plain = try Endpoint(url: "http://127.0.0.1:8080")
        #expect((plain.host, plain.port, plain.authority) == ("127.0.0.1", 8_080, "127.0.0.1:8080"))
        #expect(plain.prefix.isEmpty)
        let prefixed = try Endpoint(url: "http://example.org/api/")
        #expect((prefixed.port, prefixed.authority, prefixed.prefix) == (80, "example.org", "/api"))
        #expect(try Endpoint(url: "http://[::1]:99").host == "::1")
        #expect(try Endpoint(url: "http://[::1]:99").authority == "[::1]:99")
    }

    @Test(
        "a URL that cannot be used is refused",
        arguments: ["", "localhost:8080", "https://localhost", "http://", "http://h:99999", "http://h/?a=1", "ftp://h"])
    func badURL(url: String) {
        #expect(throws: LoadPlanError.self) { try Endpoint(url: url) }
    }

    @Test(
        "a path that cannot be sent is refused",
        arguments: ["", "v1", "/a b", "/é", "/a\r\nb", "/{movie}", "/{ids:0}", "/{ids:x}"])
    func badPath(path: String) {
        #expect(throws: LoadPlanError.self) { try RequestTemplate(path: path) }
    }

    @Test("a request that cannot be sent is refused and says why")
    func badRequest() throws {
        func message(method: String = "GET", body: String? = nil, weight: Double = 1) -> String {
            do throws(LoadPlanError) {
                _ = try RequestTemplate(method: method, path: "/", body: body, weight: weight)
                return "accepted"
            } catch {
                return error.description
            }
        }
        let body = #"{"liked":[{ids:3}],"k":10}"#
        #expect(message(method: "POST", body: body) == "accepted")
        #expect(message(method: "get").contains("method"))
        #expect(message(body: body).contains("no body"))
        #expect(message(weight: 0).contains("weight"))
        #expect(message(method: "POST", body: #"{"liked":[{id}"#).contains("not JSON"))
    }

    @Test("ids are a range, one id or a list", arguments: ["1-1682", "7", "5,9,12"])
    func ids(text: String) throws {
        _ = try IDSet(text)
    }

    @Test(
        "ids that are neither are refused", arguments: ["10-1", "a-b", "1-2-3", "", "1,", "1,b", "-5", "1,-2"])
    func badIDs(text: String) {
        #expect(throws: LoadPlanError.self) { try IDSet(text) }
    }

    @Test("the message names the value that cannot be used")
    func messages() {
        func message(_ change: (inout LoadShape) -> Void) -> String {
            var shape = LoadShape()
            change(&shape)
            do throws(LoadPlanError) {
                try shape.check()
                return "accepted"
            } catch {
                return error.description
            }
        }
        #expect(message { _ in } == "accepted")
        #expect(message { $0.rate = 0 }.contains("rate"))
        #expect(message { $0.rate = .nan }.contains("rate"))
        #expect(message { $0.rate = .infinity }.contains("rate"))
        #expect(message { $0.duration = 0 }.contains("duration"))
        #expect(message { $0.warmup = -1 }.contains("warm-up"))
        #expect(message { $0.rounds = 0 }.contains("rounds"))
        #expect(message { $0.connections = 0 }.contains("connections"))
        #expect(message { $0.timeoutMilliseconds = 0 }.contains("timeout"))
    }
}
