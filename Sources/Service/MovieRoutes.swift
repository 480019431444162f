import Hummingbird
import NIOCore
import Retrieval

/// `/v1/movies` and `/v1/users`: what the frontend asks.
struct MovieRoutes {
    private static let resultCounts = 1...100

    let retriever: Retriever
    let cache: AnswerCache<ByteBuffer>
    let metrics: RetrievalMetrics
    let deadlineMilliseconds: Int

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/movies/{movie_id}") { request, context in
            _ = try RequestParameters(request, known: [])
            let item = try retriever.snapshot.item(try RequestParameters.id("movie_id", context))
            return Self.json(
                try JSONBody.encode(MovieBody(item, generation: retriever.snapshot.generation.id)))
        }
        router.get("/v1/movies/{movie_id}/similar") { request, context in
            let id = try RequestParameters.id("movie_id", context)
            return try await answer(request, .similar, .similar, id) { count, deadline in
                try await retriever.similar(to: id, count: count, deadline: deadline)
            }
        }
        router.get("/v1/users/{user_id}/recommendations") { request, context in
            let id = try RequestParameters.id("user_id", context)
            return try await answer(request, .recommendations, .recommendations, id) { count, deadline in
                try await retriever.recommendations(for: id, count: count, deadline: deadline)
            }
        }
    }

    private func answer(
        _ request: Request, _ route: AnswerCache<ByteBuffer>.Key.Route, _ stage: RetrievalMetrics.Route, _ id: Int32,
        from search: (Int, ContinuousClock.Instant) async throws -> Answer
    ) async throws -> Response {
        let parameters = try RequestParameters(request, known: ["k"])
        let count = try parameters.int("k", default: 10, in: Self.resultCounts)
        let deadline = try parameters.deadline(defaultMilliseconds: deadlineMilliseconds)
        let key = AnswerCache<ByteBuffer>.Key(
            generation: retriever.snapshot.generation.id, route: route, id: id, count: count)
        return Self.json(
            try await cache.answer(for: key) {
                let start = ContinuousClock.now
                let answer = try await search(count, deadline)
                let encoding = ContinuousClock.now
                let entry = try AnswerBody.entry(answer)
                let end = ContinuousClock.now
                metrics.record(.encode, stage, end - encoding)
                metrics.record(.total, stage, end - start)
                return entry
            })
    }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }
}
