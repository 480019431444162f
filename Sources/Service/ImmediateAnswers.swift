import HTTPTypes
import NIOCore
import NIOHTTP1
import Retrieval
import Telemetry

/// What can be answered without waiting: from the cache, by an exact scan of a small catalogue, or with a refusal.
struct ImmediateAnswers: Sendable {
    struct Reply {
        let status: HTTPResponseStatus
        let headers: HTTPHeaders
        let body: ByteBuffer?
    }

    private let current: CurrentRetriever
    private let cache: AnswerCache<EncodedAnswer>
    private let metrics: RetrievalMetrics
    private let httpMetrics: HTTPMetrics
    private let ids: RequestIDs
    private let serverName: String
    private let date = DateHeader()

    init(
        current: CurrentRetriever, cache: AnswerCache<EncodedAnswer>, metrics: RetrievalMetrics,
        httpMetrics: HTTPMetrics,
        ids: RequestIDs, serverName: String
    ) {
        self.current = current
        self.cache = cache
        self.metrics = metrics
        self.httpMetrics = httpMetrics
        self.ids = ids
        self.serverName = serverName
    }

    /// The reply the router would give; nil for a request that is its.
    func reply(to head: HTTPRequestHead) -> Reply? {
        guard head.method == .GET, head.version == .http1_1, let target = ListTarget(head.uri),
            let fields = Fields(head.headers)
        else { return nil }
        let start = ContinuousClock.now
        let retriever = current.retriever
        let key = AnswerCache<EncodedAnswer>.Key(
            generation: retriever.snapshot.generation.id, route: target.route, id: target.id, count: target.count,
            options: target.options)
        guard let answer = cache.kept(for: key) ?? computed(target, key, retriever) else { return nil }
        return reply(with: answer, target, fields, since: start)
    }

    /// The reply where the router has no room: what memory says in the database's place, or a refusal.
    func reply(withoutRouterTo head: HTTPRequestHead) -> Reply {
        let start = ContinuousClock.now
        let target = head.method == .GET ? ListTarget(head.uri) : nil
        if let target, head.isKeepAlive, let fields = Fields(head.headers),
            let answer = try? current.retriever.fallback(
                target.route, of: target.id, count: target.count, options: target.options),
            let entry = try? EncodedAnswer.entry(answer)
        {
            return reply(with: entry.fresh, target, fields, since: start)
        }
        let problem = Problem.overloaded(retryAfter: 1)
        let id = RequestIDs.acceptable(head.headers.first(name: "X-Request-Id")) ?? ids.next()
        let body = (try? problem.body(requestID: id)) ?? ByteBuffer()
        var headers: HTTPHeaders = [
            "Content-Type": Problem.contentType, "Content-Length": String(body.readableBytes), "Retry-After": "1",
            "X-Request-Id": id, "Date": date.now, "Server": serverName,
        ]
        if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
        httpMetrics.record(
            route: target.map { MovieRoutes.path($0.route) } ?? "unmatched",
            method: .init(rawValue: head.method.rawValue) ?? .get,
            status: problem.status, since: start)
        return Reply(status: .serviceUnavailable, headers: headers, body: body)
    }

    private func reply(
        with answer: EncodedAnswer, _ target: ListTarget, _ fields: Fields, since start: ContinuousClock.Instant
    ) -> Reply {
        let isKnown = fields.knownTags.map { answer.isAmong(tags: $0) } ?? false
        var headers = HTTPHeaders()
        headers.reserveCapacity(7)
        if !isKnown { headers.add(name: "Content-Type", value: EncodedAnswer.contentType) }
        if let etag = answer.etag { headers.add(name: "ETag", value: etag) }
        headers.add(name: "Cache-Control", value: answer.cacheControl(isPersonal: target.route == .recommendations))
        if !isKnown { headers.add(name: "Content-Length", value: String(answer.body.readableBytes)) }
        headers.add(name: "X-Request-Id", value: RequestIDs.acceptable(fields.requestID) ?? ids.next())
        headers.add(name: "Date", value: date.now)
        headers.add(name: "Server", value: serverName)
        httpMetrics.record(
            route: MovieRoutes.path(target.route), method: .get, status: isKnown ? 304 : 200, since: start)
        return Reply(status: isKnown ? .notModified : .ok, headers: headers, body: isKnown ? nil : answer.body)
    }

    /// Nil where the answer needs the database or more time than an event loop has, and where there is none.
    private func computed(
        _ target: ListTarget, _ key: AnswerCache<EncodedAnswer>.Key, _ retriever: Retriever
    ) -> EncodedAnswer? {
        let start = ContinuousClock.now
        guard
            let answer = try? retriever.immediate(
                target.route, of: target.id, count: target.count, options: target.options)
        else { return nil }
        let encoding = ContinuousClock.now
        guard let entry = try? EncodedAnswer.entry(answer) else { return nil }
        let end = ContinuousClock.now
        metrics.record(.encode, target.route, end - encoding)
        metrics.record(.total, target.route, end - start)
        return cache.keep(entry, for: key)
    }

    /// The request's header fields, where there is none but what an immediate reply understands.
    private struct Fields {
        private(set) var requestID: String?
        private(set) var knownTags: String?

        init?(_ headers: HTTPHeaders) {
            for (name, value) in headers {
                switch name.utf8.count {
                case 6 where name.isEqualCaseInsensitiveASCII("expect"): return nil
                case 7 where name.isEqualCaseInsensitiveASCII("upgrade"): return nil
                // A body is the router's to read past.
                case 14 where name.isEqualCaseInsensitiveASCII("content-length"): return nil
                case 17 where name.isEqualCaseInsensitiveASCII("transfer-encoding"): return nil
                case 10 where name.isEqualCaseInsensitiveASCII("connection"):
                    guard value.isEqualCaseInsensitiveASCII("keep-alive") else { return nil }
                case 13 where name.isEqualCaseInsensitiveASCII("x-deadline-ms"): return nil
                case 12 where name.isEqualCaseInsensitiveASCII("x-request-id"):
                    guard requestID == nil else { return nil }
                    requestID = value
                case 13 where name.isEqualCaseInsensitiveASCII("if-none-match"):
                    guard knownTags == nil else { return nil }
                    knownTags = value
                default: continue
                }
            }
        }
    }
}

extension String {
    /// - Parameter other: in lower case.
    fileprivate func isEqualCaseInsensitiveASCII(_ other: StaticString) -> Bool {
        let other = UnsafeBufferPointer(start: other.utf8Start, count: other.utf8CodeUnitCount)
        return utf8.elementsEqual(other) { byte, lower in
            byte == lower || (UInt8(ascii: "A")...UInt8(ascii: "Z") ~= byte && byte | 0x20 == lower)
        }
    }
}
