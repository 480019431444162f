/// Problems of how much is sent.
extension Problem {
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
