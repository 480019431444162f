import Hummingbird
import NIOCore
import Retrieval

/// `/v1/movies` and `/v1/users`: what the frontend asks.
struct MovieRoutes {
    let current: CurrentRetriever
    let search: ListSearch
    let deadlineMilliseconds: Int

    func add<Context: RequestContext>(to router: Router<Context>) {
        router.get("/v1/movies/{movie_id}") { request, context in
            let retriever = current.retriever
            _ = try RequestParameters(request, known: [])
            let item = try retriever.snapshot.item(try RequestParameters.id("movie_id", context))
            return Self.json(
                try JSONBody.encode(MovieBody(item, generation: retriever.snapshot.generation.id)))
        }
        addList(.similar, idName: "movie_id", to: router)
        addList(.recommendations, idName: "user_id", to: router)
    }

    private func addList<Context: RequestContext>(
        _ route: RetrievalMetrics.Route, idName: String, to router: Router<Context>
    ) {
        router.get(.init(Self.path(route))) { request, context in
            let query = try SearchQuery(
                request, route, of: try RequestParameters.id(idName, context),
                defaultDeadlineMilliseconds: deadlineMilliseconds)
            return try await search.answer(query)
                .response(to: request, isPersonal: route == .recommendations)
        }
    }

    /// The pattern of a list's route, which is also its label in the metrics.
    static func path(_ route: RetrievalMetrics.Route) -> String {
        switch route {
        case .similar: "/v1/movies/{movie_id}/similar"
        case .recommendations: "/v1/users/{user_id}/recommendations"
        }
    }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }
}
