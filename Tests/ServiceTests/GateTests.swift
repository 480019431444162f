import NIOCore
import NIOHTTP1
import Testing

@testable import Service

@Suite struct GateTests {
    @Test(
        "probes, metrics and the page's files are open",
        arguments: [
            "/", "/?a=1", "/livez", "/readyz", "/metrics", "/client.js", "/docs", "/docs/v1", "/openapi.json?x",
        ])
    func open(target: String) { #expect(Gate.isOpen(target)) }

    @Test(
        "whatever might lead under /v1 is not",
        arguments: [
            "/v1", "/v1/", "/v1?x", "/v1/movies/1", "//v1/movies/1", "///v1", "/%761/movies/1", "/v%31/movies/1",
            "/./v1",
            "/../v1", "/.", "http://host/v1/movies/1", "v1/movies/1", "", "*", "/v1#x", "/v1;x/movies", "/a%2f..%2fv1",
            "/\\v1",
        ])
    func closed(target: String) { #expect(!Gate.isOpen(target)) }

    private func head(_ method: HTTPMethod = .GET, _ target: String = "/v1/movies/1", _ fields: HTTPHeaders = [:])
        -> HTTPRequestHead
    {
        HTTPRequestHead(version: .http1_1, method: method, uri: target, headers: fields)
    }

    private func makeGate(_ configuration: AccessConfiguration) throws -> Gate {
        try #require(try Gate(configuration, keys: try KeyRing(configuration)))
    }

    private func passage(_ gate: Gate, _ head: HTTPRequestHead) -> Gate.Passage {
        gate.passage(of: head) { ClientAddress(nil) }
    }

    @Test("without any setting there is no gate at all")
    func none() throws { #expect(try Gate(AccessConfiguration(), keys: nil) == nil) }

    @Test("an admin key alone closes nothing that reads; a read key closes /v1 to whoever has none")
    func keys() throws {
        var configuration = AccessConfiguration()
        configuration.adminKey = "admin-0123456789abcdef"
        let open = try makeGate(configuration)
        #expect(passage(open, head()).refusal == nil)
        configuration.readKey = "reader-0123456789abcdef"
        let closed = try makeGate(configuration)
        #expect(passage(closed, head()).refusal?.status == 401)
        #expect(passage(closed, head(.GET, "/livez")).refusal == nil)
        for key in ["admin-0123456789abcdef", "reader-0123456789abcdef"] {
            #expect(passage(closed, head(.GET, "/v1/x", ["authorization": "Bearer \(key)"])).refusal == nil)
        }
    }

    @Test("a wrong key is counted against its address, and refused as too many rather than as wrong")
    func guessing() throws {
        var configuration = AccessConfiguration()
        configuration.readKey = "reader-0123456789abcdef"
        configuration.rateLimit = 0.001
        configuration.rateBurst = 3
        let gate = try makeGate(configuration)
        let statuses = (0..<5).map { guess in
            passage(gate, head(.GET, "/v1/x", ["Authorization": "Bearer guess-number-\(guess)-abc"])).refusal?.status
        }
        #expect(statuses == [401, 401, 401, 429, 429])
        let right = head(.GET, "/v1/x", ["Authorization": "Bearer reader-0123456789abcdef"])
        #expect(passage(gate, right).refusal == nil)
    }

    @Test(
        "an origin is told by scheme, host and port alone",
        arguments: [
            "https://app.example/", "app.example", "https://App.example", "https://app.example,*", "null", "https://",
            "ftp://app.example",
        ])
    func badOrigins(list: String) {
        #expect(throws: AccessError.self) { try AllowedOrigins(list) }
    }

    @Test("a listed origin is named, any other is not, and caches are told that it depends on it")
    func origins() throws {
        var configuration = AccessConfiguration()
        configuration.corsOrigins = "https://app.example, http://localhost:3000"
        let gate = try makeGate(configuration)
        func fields(_ origin: String?) -> HTTPHeaders {
            let request = head(.GET, "/v1/movies/1", origin.map { ["Origin": $0] } ?? [:])
            var fields = HTTPHeaders()
            gate.addFields(of: passage(gate, request), to: &fields)
            return fields
        }
        #expect(fields("https://app.example").first(name: "Access-Control-Allow-Origin") == "https://app.example")
        for other in ["https://app.example.evil", "http://app.example", "null", nil] {
            #expect(!fields(other).contains(name: "Access-Control-Allow-Origin"))
            #expect(fields(other)["Vary"] == ["Origin"])
        }
        configuration.corsOrigins = "*"
        let everybody = try makeGate(configuration)
        var wild = HTTPHeaders()
        everybody.addFields(of: passage(everybody, head(.GET, "/v1/x", ["Origin": "https://a.example"])), to: &wild)
        #expect(wild["Access-Control-Allow-Origin"] == ["*"] && !wild.contains(name: "Vary"))
        #expect(!wild.contains(name: "Access-Control-Allow-Credentials"))
    }

    @Test("a preflight passes without a key where the origin may ask, and says no where it may not")
    func preflight() throws {
        var configuration = AccessConfiguration()
        configuration.corsOrigins = "https://app.example"
        configuration.readKey = "reader-0123456789abcdef"
        let gate = try makeGate(configuration)
        func ask(_ origin: String) -> Gate.Passage {
            passage(gate, head(.OPTIONS, "/v1/x", ["Origin": origin, "Access-Control-Request-Method": "POST"]))
        }
        #expect(ask("https://app.example").isPreflight && ask("https://app.example").refusal == nil)
        #expect(ask("https://evil.example").refusal?.status == 403)
        let plain = passage(gate, head(.OPTIONS, "/v1/x", ["Origin": "https://app.example"]))
        #expect(!plain.isPreflight && plain.refusal?.status == 401)
    }
}
