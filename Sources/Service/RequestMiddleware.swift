import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id, turns every error into a problem, and times both.
struct RequestMiddleware: RouterMiddleware {
    typealias Context = ServiceContext

    private static let requestID = HTTPField.Name("X-Request-Id")!

    let metrics: HTTPMetrics
    let logger: Logger
    let ids: RequestIDs

    func handle(
        _ request: Request, context: ServiceContext, next: (Request, ServiceContext) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let id = RequestIDs.acceptable(request.headers[Self.requestID]) ?? ids.next()
        var context = context
        context.requestID = id
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = Problem.describing(error, path: request.uri.path)
            if problem.status >= 500, problem.kind != .overloaded, problem.kind != .unavailable {
                logger.error("request failed", metadata: ["request": "\(id)", "error": "\(error)"])
            }
            response = try problem.response(requestID: id)
        }
        response.headers[Self.requestID] = id
        // The pattern, not the path: an id must never become a label.
        metrics.record(
            route: context.endpointPath ?? "unmatched", method: request.method, status: response.status.code,
            since: start)
        return response
    }
}
