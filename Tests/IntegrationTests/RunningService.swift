import Foundation
import FoundationNetworking
import Logging
import Postgres
import Retrieval
import Service
import ServiceLifecycle

/// The real service on a free port, for the time of a closure.
struct RunningService: Sendable {
    let snapshot: Snapshot
    let base: String
    private let group: ServiceGroup

    struct Reply: Sendable {
        let status: Int
        let headers: [String: String]
        let body: Data

        func json<Value: Decodable>(_: Value.Type = Value.self) throws -> Value {
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            return try decoder.decode(Value.self, from: body)
        }

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    static func with<Result: Sendable>(
        _ configuration: ServiceConfiguration, logger: Logger? = nil, control: GenerationControl? = nil,
        checkSchema: @escaping @Sendable (Connection) async throws -> Void = { _ in },
        _ body: @Sendable (RunningService) async throws -> Result
    ) async throws -> Result {
        var configuration = configuration
        configuration.port = 0
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let logger = logger ?? quiet
        let service = try await KindredService.build(
            configuration, logger: logger, control: control, checkSchema: checkSchema
        ) { continuation.yield($0) }
        let group = ServiceGroup(
            configuration: .init(services: service.services.map { .init(service: $0) }, logger: logger))
        let running = Task { try await group.run() }
        var port: Int?
        for await value in ports {
            port = value
            break
        }
        let client = RunningService(snapshot: service.snapshot, base: "http://127.0.0.1:\(port ?? 0)", group: group)
        do {
            let result = try await body(client)
            await group.triggerGracefulShutdown()
            try await running.value
            return result
        } catch {
            await group.triggerGracefulShutdown()
            try? await running.value
            throw error
        }
    }

    private static var quiet: Logger {
        var logger = Logger(label: "test")
        logger.logLevel = .error
        return logger
    }

    /// Tells the service to stop, as a signal does; returns at once.
    func stop() async { await group.triggerGracefulShutdown() }

    /// Waits until the list at `path` is answered with the database's help: the pool has its connections.
    func waitUntilConnected(_ path: String) async throws {
        try await eventually("\(path) is answered with the database's help") {
            try await !get(path).json(Envelope.self).degraded
        }
    }

    func get(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await Self.send("GET", base + path, headers: headers)
    }

    func post(
        _ path: String, _ body: String, headers: [String: String] = ["Content-Type": "application/json"]
    ) async throws -> Reply {
        try await Self.send("POST", base + path, headers: headers, body: Data(body.utf8))
    }

    func delete(_ path: String, headers: [String: String] = [:]) async throws -> Reply {
        try await Self.send("DELETE", base + path, headers: headers)
    }

    static func send(
        _ method: String, _ url: String, headers: [String: String] = [:], body: Data? = nil
    ) async throws -> Reply {
        var request = URLRequest(url: URL(string: url)!)
        request.httpMethod = method
        request.httpBody = body
        request.cachePolicy = .reloadIgnoringLocalCacheData
        for (name, value) in headers { request.setValue(value, forHTTPHeaderField: name) }
        let (body, response) = try await URLSession.shared.data(for: request)
        let http = response as! HTTPURLResponse
        let fields = http.allHeaderFields.map {
            (String(describing: $0.key).lowercased(), String(describing: $0.value))
        }
        return Reply(status: http.statusCode, headers: Dictionary(fields) { first, _ in first }, body: body)
    }
}

/// The envelope as a client reads it.
struct Envelope: Decodable {
    struct Result: Decodable {
        let movieId: Int32
        let title: String
        let year: Int?
        let genres: [String]
        let rank: Int
        let distance: Double?
        let score: Double?
        let predictedRating: Double?
        let source: String
    }

    let generation: Int
    let source: String
    let requested: Int
    let offset: Int?
    let nextOffset: Int?
    let returned: Int
    let degraded: Bool
    let rerank: String?
    let expectedRecall: Double?
    let results: [Result]
}

struct ProblemBody: Decodable {
    let type: String
    let title: String
    let status: Int
    let detail: String
    let field: String?
}
