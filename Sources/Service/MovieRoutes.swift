import Hummingbird
import NIOCore
import Retrieval

/// `/v1/movies` and `/v1/users`: what the frontend asks.
struct MovieRoutes {
    let current: CurrentRetriever
    let search: ListSearch
    let deadlineMilliseconds: Int

    func add(to router: some RouterMethods<ServiceContext>) {
        router.on(Operations.movie) { _, context, _ in
            let retriever = current.retriever
            let item = try retriever.snapshot.item(try RequestParameters.id("movie_id", context))
            return Self.json(
                try JSONBody.encode(MovieBody(item, generation: retriever.snapshot.generation.id)))
        }
        addList(.similar, Operations.similar, to: router)
        addList(.recommendations, Operations.recommendations, to: router)
    }

    private func addList(
        _ route: RetrievalMetrics.Route, _ operation: Operation, to router: some RouterMethods<ServiceContext>
    ) {
        router.on(operation) { request, context, parameters in
            let id = try RequestParameters.id(route == .similar ? "movie_id" : "user_id", context)
            let query = try SearchQuery(
                parameters, SearchRequest(route, of: id).subject, route,
                defaultDeadlineMilliseconds: deadlineMilliseconds)
            return try await search.answer(query)
                .response(to: request, isPersonal: route == .recommendations)
        }
    }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: "application/json; charset=utf-8"], body: .init(byteBuffer: body))
    }
}
