import NIOHTTP1

/// What a request has to pass before anybody answers it, the router or who answers in its place.
struct Gate: Sendable {
    /// What the gate has found.
    struct Passage: Sendable {
        /// Why the request is not answered.
        var refusal: Problem?
        var isPreflight = false
        fileprivate var origin: String?
        fileprivate var allowance: RateAllowance?
    }

    private let keys: KeyRing?
    private let limiter: RateLimiter?
    private let origins: AllowedOrigins?

    /// Nil where everything is open: then nothing is asked of a request.
    init?(keys: KeyRing?, limiter: RateLimiter?, origins: AllowedOrigins?) {
        guard keys != nil || limiter != nil || origins != nil else { return nil }
        self.keys = keys
        self.limiter = limiter
        self.origins = origins
    }

    init?(_ configuration: AccessConfiguration, keys: KeyRing?) throws(AccessError) {
        self.init(
            keys: keys, limiter: configuration.limit.map { RateLimiter($0) },
            origins: try AllowedOrigins(configuration.corsOrigins))
    }

    /// - Parameter address: of the client; asked for where it counts.
    func passage(of head: HTTPRequestHead, from address: () -> ClientAddress) -> Passage {
        var passage = Passage()
        if let origins {
            passage.origin = head.headers.first(name: "Origin")
            if let origin = passage.origin, AllowedOrigins.isPreflight(head) {
                // Without a key: a browser sends none before it knows whether it may.
                passage.isPreflight = true
                if !origins.allows(origin) {
                    passage.refusal = .forbidden("pages of \(origin.prefix(200)) may not ask here", field: "Origin")
                }
                return passage
            }
        }
        guard !Self.isOpen(head.uri) else { return passage }
        let (holder, needsKey) = keys?.look(at: head.headers.first(name: "Authorization")) ?? (nil, false)
        if let limiter {
            // A wrong key counts for the address, so that guessing is slow.
            let allowance = limiter.take(for: holder.map { RateLimiter.Client.key($0) } ?? .address(address()))
            passage.allowance = allowance
            guard allowance.isGranted else {
                passage.refusal = .tooManyRequests(limiter.limit, retryAfter: allowance.retryAfter)
                return passage
            }
        }
        if needsKey, holder == nil {
            passage.refusal = .unauthorized(isWrong: head.headers.contains(name: "Authorization"))
        }
        return passage
    }

    /// Adds to an answer what the passage gave rise to.
    func addFields(of passage: Passage, to headers: inout HTTPHeaders) {
        origins?.addFields(for: passage.origin, to: &headers)
        guard let limiter, let allowance = passage.allowance else { return }
        // draft-ietf-httpapi-ratelimit-headers-10: the quota and its window; what is left and when it is whole again.
        let limit = limiter.limit
        headers.add(name: "RateLimit-Policy", value: #""requests";q=\#(limit.burst);w=\#(limit.window)"#)
        headers.add(name: "RateLimit", value: #""requests";r=\#(allowance.remaining);t=\#(allowance.secondsUntilFull)"#)
    }

    /// Whether a target is for everybody: probes, metrics and the page's own files, which hold nothing of anybody.
    ///
    /// Everything else is under a key, also what only might be under `/v1`: the router understands `//v1`, and who
    /// closes a door must not read more narrowly than who opens it.
    static func isOpen(_ target: String) -> Bool {
        var rest = target.utf8[...]
        guard rest.popFirst() == UInt8(ascii: "/") else { return false }
        let segment = rest.prefix { $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "?") }
        guard !segment.elementsEqual("v1".utf8), segment.first != UInt8(ascii: "."),
            segment.allSatisfy({ isPlain($0) })
        else { return false }
        let next = rest.dropFirst(segment.count).first
        return !segment.isEmpty || next == nil || next == UInt8(ascii: "?")
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
            true
        default: false
        }
    }
}
