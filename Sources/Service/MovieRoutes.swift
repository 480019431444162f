import Hummingbird
import NIOCore
import Retrieval

/// `/v1/movies` and `/v1/users`: what the frontend asks.
struct MovieRoutes {
    let current: CurrentRetriever
    let cache: AnswerCache<EncodedAnswer>
    let metrics: RetrievalMetrics
    let deadlineMilliseconds: Int

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/movies/{movie_id}") { request, context in
            let retriever = current.retriever
            _ = try RequestParameters(request, known: [])
            let item = try retriever.snapshot.item(try RequestParameters.id("movie_id", context))
            return Self.json(
                try JSONBody.encode(MovieBody(item, generation: retriever.snapshot.generation.id)))
        }
        router.get(.init(Self.path(.similar))) { request, context in
            let id = try RequestParameters.id("movie_id", context)
            return try await answer(request, .similar, id) { retriever, query in
                try await retriever.similar(
                    to: id, count: query.count, options: query.options, deadline: query.deadline)
            }
        }
        router.get(.init(Self.path(.recommendations))) { request, context in
            let id = try RequestParameters.id("user_id", context)
            return try await answer(request, .recommendations, id) { retriever, query in
                try await retriever.recommendations(
                    for: id, count: query.count, options: query.options, deadline: query.deadline)
            }
        }
    }

    /// The pattern of a list's route, which is also its label in the metrics.
    static func path(_ route: RetrievalMetrics.Route) -> String {
        switch route {
        case .similar: "/v1/movies/{movie_id}/similar"
        case .recommendations: "/v1/users/{user_id}/recommendations"
        }
    }

    private func answer(
        _ request: Request, _ route: RetrievalMetrics.Route, _ id: Int32,
        from search: (Retriever, SearchQuery) async throws -> Answer
    ) async throws -> Response {
        let retriever = current.retriever
        let query = try SearchQuery(request, defaultDeadlineMilliseconds: deadlineMilliseconds)
        let key = AnswerCache<EncodedAnswer>.Key(
            generation: retriever.snapshot.generation.id, route: route, id: id, count: query.count,
            options: query.options)
        let answer = try await cache.answer(for: key) {
            let start = ContinuousClock.now
            let answer = try await search(retriever, query)
            let encoding = ContinuousClock.now
            let entry = try EncodedAnswer.entry(answer)
            let end = ContinuousClock.now
            metrics.record(.encode, route, end - encoding)
            metrics.record(.total, route, end - start)
            return entry
        }
        return answer.response(to: request, isPersonal: route == .recommendations)
    }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }
}
