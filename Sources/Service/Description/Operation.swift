import HTTPTypes
import Hummingbird

/// A route: what it is registered by, what its parameters are checked by, and what `/openapi.json` says of it.
struct Operation: Sendable {
    struct Answer: Sendable {
        var status = 200
        var type = "application/json"
        let says: String
        let schema: Schema
    }

    struct Body: Sendable {
        var types = ["application/json"]
        let schema: Schema
        let example: JSONValue
    }

    enum Area: String, CaseIterable, Sendable {
        case movies = "Movies"
        case recommendations = "Recommendations"
        case users = "Users and events"
        case models = "Models"
        case operations = "Operations"
    }

    let area: Area
    var method = HTTPRequest.Method.get
    let path: String
    /// Unique, for generated clients.
    let name: String
    let summary: String
    var parameters: [any ParameterRule] = []
    var body: Body?
    let answer: Answer
    /// Of those that not every route has.
    var problems: [Int] = []
    /// It has an `ETag`, and answers `If-None-Match`.
    var isKept = false
    /// `X-Deadline-Ms` counts.
    var isHurried = false
    var needsAdminKey = false

    /// Whoever reaches the port may ask, whatever keys there are.
    var isOpen: Bool { area == .operations }
    /// The model that answers can be insisted on.
    var isOfModel: Bool { area == .movies || area == .recommendations || (area == .users && method == .get) }

    /// The ids in the path, in their order.
    var pathParameters: [String] {
        path.split(separator: "/").compactMap { part in
            part.hasPrefix("{") ? String(part.dropFirst().dropLast()) : nil
        }
    }
}

extension RouterMethods {
    /// Registers a route; a query parameter that it has not is refused before `answer` is asked.
    func on(
        _ operation: Operation,
        answer: @escaping @Sendable (Request, Context, RequestParameters) async throws -> Response
    ) {
        on(RouterPath(operation.path), method: operation.method) { request, context in
            // A body's parameters are in the body.
            let known = operation.body == nil ? operation.parameters : []
            return try await answer(request, context, try RequestParameters(request, known: known))
        }
    }
}
