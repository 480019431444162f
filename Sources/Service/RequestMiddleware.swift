import HTTPTypes
import Hummingbird
import Logging

/// Gives every request an id, turns every error into a problem, and times both.
struct RequestMiddleware<Context: RequestContext>: RouterMiddleware {
    private static var requestID: HTTPField.Name { HTTPField.Name("X-Request-Id")! }

    let metrics: HTTPMetrics
    let logger: Logger
    private let ids = RequestIDs()

    init(metrics: HTTPMetrics, logger: Logger) {
        self.metrics = metrics
        self.logger = logger
    }

    func handle(
        _ request: Request, context: Context, next: (Request, Context) async throws -> Response
    ) async throws -> Response {
        let start = ContinuousClock.now
        let id = Self.acceptable(request.headers[Self.requestID]) ?? ids.next()
        var response: Response
        do {
            response = try await next(request, context)
        } catch {
            let problem = Problem.describing(error, path: request.uri.path)
            if problem.status >= 500, problem.kind != .overloaded {
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

    /// A client's own id, if it can stand in a log line: 1 to 128 letters, digits and `-_.:/`.
    private static func acceptable(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-")...UInt8(ascii: "/"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        return id
    }
}
