/// Problems of who asks, how often and how much.
extension Problem {
    /// - Parameter isWrong: there was a key, and it is nobody's.
    static func unauthorized(isWrong: Bool) -> Problem {
        var problem = Problem(
            kind: .unauthorized, status: 401, title: "Unauthorized",
            detail: isWrong ? "this key opens nothing here" : "send a key: 'Authorization: Bearer KEY'",
            field: "Authorization")
        // RFC 6750, 3: an error is named only where a key was sent.
        problem.challenge = #"Bearer realm="kindred""# + (isWrong ? #", error="invalid_token""# : "")
        return problem
    }

    static func forbidden(_ detail: String, field: String) -> Problem {
        Problem(kind: .forbidden, status: 403, title: "Forbidden", detail: detail, field: field)
    }

    static func tooManyRequests(_ limit: RateLimit, retryAfter seconds: Int) -> Problem {
        Problem(
            kind: .tooManyRequests, status: 429, title: "Too many requests",
            detail: "\(limit.burst) requests at once and \(limit.perSecond) a second in the long run are the most",
            retryAfter: seconds)
    }

    static func contentTooLarge(_ most: Int) -> Problem {
        Problem(
            kind: .request, status: 413, title: "Content too large",
            detail: "a request's body holds at most \(most) bytes")
    }

    static func targetTooLong(_ most: Int) -> Problem {
        Problem(
            kind: .request, status: 414, title: "URI too long", detail: "a request's target has at most \(most) bytes")
    }

    static func headTooLarge(_ limits: ConnectionLimits) -> Problem {
        Problem(
            kind: .request, status: 431, title: "Request header fields too large",
            detail: "a request's target and header fields have at most \(limits.headerBytes) bytes and "
                + "\(ConnectionLimits.headerFields) fields")
    }

    static let notHTTP = Problem(
        kind: .request, status: 400, title: "Bad request", detail: "this is no request of HTTP/1.1")
}
