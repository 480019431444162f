import NIOHTTP1

/// The origins whose pages may read answers: Fetch's CORS protocol, without credentials.
///
/// A key travels in `Authorization`, which a page sets itself; cookies mean nothing here, so that `*` gives nobody more
/// than a program without a browser has.
struct AllowedOrigins: Sendable {
    private let isAny: Bool
    private let origins: Set<String>

    private static let exposed = "ETag, Retry-After, RateLimit, RateLimit-Policy, X-Request-Id"
    private static let methods = "GET, HEAD, POST, DELETE"
    private static let headers =
        "Authorization, Content-Type, If-None-Match, X-Deadline-Ms, X-Model-Version, X-Request-Id"
    /// The longest that browsers remember: two hours in Chromium.
    private static let maximumAge = "7200"

    /// Nil for none.
    init?(_ list: String?) throws(AccessError) {
        let parts = (list ?? "").split(separator: ",").map { String($0.filter { $0 != " " }) }
            .filter { !$0.isEmpty }
        guard !parts.isEmpty else { return nil }
        isAny = parts == ["*"]
        origins = isAny ? [] : Set(parts)
        for origin in origins where origin.wholeMatch(of: /https?:\/\/[a-z0-9._\-\[\]:]+/) == nil {
            throw AccessError(
                description:
                    "cors.origins: '\(origin)' is no origin such as https://app.example: lower case, no path, and "
                    + "'*' only alone")
        }
    }

    func allows(_ origin: String) -> Bool { isAny || origins.contains(origin) }

    /// - Parameter origin: of the request; nil where it has none.
    func addFields(for origin: String?, to headers: inout HTTPHeaders) {
        // A cache must not give one origin's answer to another, nor that without an origin to any.
        if !isAny { headers.add(name: "Vary", value: "Origin") }
        guard let origin, allows(origin) else { return }
        headers.add(name: "Access-Control-Allow-Origin", value: isAny ? "*" : origin)
        headers.add(name: "Access-Control-Expose-Headers", value: Self.exposed)
    }

    /// What a browser asks before it sends what a page could not send without scripts.
    static func isPreflight(_ head: HTTPRequestHead) -> Bool {
        head.method == .OPTIONS && head.headers.contains(name: "Origin")
            && head.headers.contains(name: "Access-Control-Request-Method")
    }

    static let preflightFields: HTTPHeaders = [
        "Access-Control-Allow-Methods": methods, "Access-Control-Allow-Headers": headers,
        "Access-Control-Max-Age": maximumAge,
    ]
}
