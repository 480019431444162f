import HTTPTypes
import Hummingbird
import Retrieval

/// `X-Model-Version`: refuses what another model than the wanted one would answer.
struct ModelPin: RouterMiddleware {
    typealias Context = ServiceContext

    static let name = "X-Model-Version"
    private static let field = HTTPField.Name(name)!

    let current: CurrentRetriever

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        guard let wanted = request.headers[Self.field] else { return try await next(request, context) }
        try check(wanted)
        let response = try await next(request, context)
        // Another model may have taken over meanwhile, before the answer or after it.
        try check(wanted)
        return response
    }

    private func check(_ wanted: String) throws {
        let served = current.retriever.snapshot.generation
        guard served.version == wanted else {
            throw Problem.otherModel(served: served.version, generation: served.id, wanted: wanted)
        }
    }
}
