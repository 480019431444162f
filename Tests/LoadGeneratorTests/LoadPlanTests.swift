import LoadGenerator
import Testing

@Suite struct LoadPlanTests {
    private func target(_ url: String = "http://localhost:8080", _ path: String = "/") throws -> Target {
        try Target(url: url, path: path)
    }

    @Test("the URL gives host, port and prefix, and the path its ids")
    func parts() throws {
        let plain = try target("http://127.0.0.1:8080", "/v1/movies/{id}/similar?k=10")
        #expect(plain.path(id: 7) == "/v1/movies/7/similar?k=10")
        #expect((plain.host, plain.port, plain.authority) == ("127.0.0.1", 8_080, "127.0.0.1:8080"))
        let prefixed = try target("http://example.org/api/", "/{id}/{id}")
        #expect(prefixed.path(id: 12) == "/api/12/12")
        #expect((prefixed.port, prefixed.authority) == (80, "example.org"))
        #expect(try target("http://[::1]:99").host == "::1")
        #expect(try target("http://[::1]:99").authority == "[::1]:99")
    }

    @Test(
        "a URL that cannot be used is refused",
        arguments: ["", "localhost:8080", "https://localhost", "http://", "http://h:99999", "http://h/?a=1", "ftp://h"])
    func badURL(url: String) {
        #expect(throws: LoadPlanError.self) { try target(url) }
    }

    @Test("a path that cannot be sent is refused", arguments: ["", "v1", "/a b", "/é", "/a\r\nb"])
    func badPath(path: String) {
        #expect(throws: LoadPlanError.self) { try target("http://h", path) }
    }

    @Test("the message names the value that cannot be used")
    func messages() throws {
        let target = try self.target()
        func message(
            ids: String = "1-10", rate: Double = 1, duration: Double = 1, connections: Int = 1, timeout: Double = 100
        ) -> String {
            do throws(LoadPlanError) {
                _ = try LoadPlan(
                    target: target, ids: ids, rate: rate, duration: duration, connections: connections,
                    timeoutMilliseconds: timeout)
                return "accepted"
            } catch {
                return error.description
            }
        }
        #expect(message() == "accepted")
        #expect(message(rate: 0).contains("rate"))
        #expect(message(rate: .nan).contains("rate"))
        #expect(message(rate: .infinity).contains("rate"))
        #expect(message(ids: "10-1").contains("empty"))
        #expect(message(ids: "a-b").contains("not a range"))
        #expect(message(ids: "1-2-3").contains("not a range"))
        #expect(message(ids: "").contains("not a range"))
        #expect(message(duration: 0).contains("duration"))
        #expect(message(connections: 0).contains("connections"))
        #expect(message(timeout: 0).contains("timeout"))
    }
}
