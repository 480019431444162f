import HTTPTypes
import Hummingbird

/// Lets nobody on to the admin routes but who has an admin key.
struct AdminGate: RouterMiddleware {
    typealias Context = ServiceContext

    let keys: KeyRing

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let authorization = request.headers[.authorization]
        switch keys.look(at: authorization).holder?.role {
        case .admin: return try await next(request, context)
        case .read: throw Problem.forbidden("this key only reads: the route needs an admin key", field: "Authorization")
        case nil: throw Problem.unauthorized(isWrong: authorization != nil)
        }
    }
}
