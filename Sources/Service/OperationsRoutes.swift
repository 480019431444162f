import Hummingbird
import NIOCore
import Postgres
import Retrieval
import Telemetry

/// `/livez`, `/readyz` and `/metrics`: what an orchestrator and Prometheus ask.
struct OperationsRoutes {
    let current: CurrentRetriever
    let pool: Pool
    let registry: Registry
    /// What else is not as it should be; read at each request.
    let concerns: @Sendable () -> [String]

    private struct Readiness: Encodable {
        let status: String
        let generation: Int
        let model: String
        let version: String
        let index: String
        /// What is not as it should be, though exact answers are possible.
        let degraded: [String]
    }

    func add(to router: Router<ServiceContext>) {
        router.on(Operations.live) { _, _, _ in
            Response(status: .ok, headers: [.contentType: "text/plain"], body: .init(byteBuffer: .init(string: "ok\n")))
        }
        // 200 whenever exact answers are possible: a database that is away must not take every replica out.
        router.on(Operations.ready) { _, _, _ in
            let away = pool.status.failure == nil ? [] : ["the database is away; answers are exact, from memory"]
            let degraded = away + concerns()
            let generation = current.retriever.snapshot.generation
            let body = Readiness(
                status: degraded.isEmpty ? "ready" : "degraded", generation: generation.id, model: generation.model,
                version: generation.version, index: generation.index, degraded: degraded)
            return Response(
                status: .ok, headers: [.contentType: "application/json; charset=utf-8"],
                body: .init(byteBuffer: try JSONBody.encode(body)))
        }
        router.on(Operations.metrics) { _, _, _ in
            Response(
                status: .ok, headers: [.contentType: Registry.contentType],
                body: .init(byteBuffer: ByteBuffer(bytes: registry.render())))
        }
    }
}
