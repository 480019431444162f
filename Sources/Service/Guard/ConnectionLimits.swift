import NIOHTTP1

/// How long a client may take over its side of a connection, and how much it may send.
package struct ConnectionLimits: Sendable {
    /// `http.header.seconds`: from a connection's beginning, or a later request's first byte, to the end of the request's
    /// head, 1 to 3600. Default 10.
    package var headerSeconds = 10
    /// `http.body.seconds`: for a request's body to arrive, and for a client to take what was sent, 1 to 3600. Default 30.
    package var bodySeconds = 30
    /// `http.idle.seconds`: between an answer and the next request, 1 to 86,400. Default 75.
    package var idleSeconds = 75
    /// `http.header.bytes`: most bytes of a request's target and header fields together, 1024 to 1 MiB. Default 32 KiB.
    package var headerBytes = 32 << 10

    /// Most header fields of a request.
    static let headerFields = 100
    /// Most bytes of any request's body; a route may want fewer.
    static let bodyBytes = 1 << 20
    /// How long a client that was told to go has to read why.
    static let lingerSeconds = 2
    /// How much it may send meanwhile of the body that nobody wants.
    static let lingerBytes = 4 << 20

    /// The rest is for header fields.
    var targetBytes: Int { headerBytes / 4 * 3 }

    package init() {}
}

extension ConnectionLimits {
    /// What is too large about a request, as far as its head tells.
    func problem(of head: HTTPRequestHead) -> Problem? {
        if head.uri.utf8.count > targetBytes { return .targetTooLong(targetBytes) }
        if let length = head.headers.first(name: "Content-Length"), Int(length) ?? .max > Self.bodyBytes {
            return .contentTooLarge(Self.bodyBytes)
        }
        return nil
    }
}
