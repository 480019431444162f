import HTTPTypes
import NIOCore
import NIOHTTP1
import Retrieval
import Telemetry

/// Answers plain requests for a list, in the router's place and as it would.
struct ListAnswers: Sendable {
    /// A request that asks for a list in the plainest way.
    struct Request: Sendable {
        fileprivate let target: ListTarget
        fileprivate let fields: Fields
        fileprivate let start = ContinuousClock.now

        /// Nil for every other request.
        init?(_ head: HTTPRequestHead) {
            guard head.method == .GET, head.version == .http1_1, let target = ListTarget(head.uri),
                let fields = Fields(head.headers)
            else { return nil }
            self.target = target
            self.fields = fields
        }
    }

    struct Reply: Sendable {
        let status: HTTPResponseStatus
        let headers: HTTPHeaders
        let body: ByteBuffer?
    }

    private let search: ListSearch
    private let metrics: HTTPMetrics
    private let deadlineMilliseconds: Int
    private let ids: RequestIDs
    private let serverName: String
    private let date = DateHeader()

    init(
        search: ListSearch, metrics: HTTPMetrics, deadlineMilliseconds: Int, ids: RequestIDs, serverName: String
    ) {
        self.search = search
        self.metrics = metrics
        self.deadlineMilliseconds = deadlineMilliseconds
        self.ids = ids
        self.serverName = serverName
    }

    /// The reply where it needs no waiting: from the cache, or by an exact scan of a small catalogue. Nil where it does.
    func immediate(_ request: Request) -> Reply? {
        search.immediate(request.target.request, deadline: request.start + .milliseconds(deadlineMilliseconds))
            .map { reply(with: $0, request) }
    }

    /// The reply with the database's help. Nil where there is none but an error, which is the router's to word.
    func reply(to request: Request, _ head: HTTPRequestHead) async -> Reply? {
        do {
            let deadline = ContinuousClock.now + .milliseconds(deadlineMilliseconds)
            return reply(with: try await search.answer(request.target.request, deadline: deadline), request)
        } catch RetrievalError.overloaded(let seconds) {
            // To ask again, as the router would, is what an overloaded database needs least.
            return refusal(head, retryAfter: seconds)
        } catch {
            return nil
        }
    }

    /// The reply where there is no room for a request that waits: what memory says in the database's place. Nil where that
    /// takes longer.
    func fallback(_ request: Request) -> Reply? {
        search.fallback(request.target.request).map { reply(with: $0, request) }
    }

    /// The reply to whatever there is no room for.
    func refusal(_ head: HTTPRequestHead, retryAfter seconds: Int = 1) -> Reply {
        refusal(.overloaded(retryAfter: seconds), of: head)
    }

    /// - Parameter head: of the request; nil for what is none.
    func refusal(_ problem: Problem, of head: HTTPRequestHead?) -> Reply {
        let start = ContinuousClock.now
        let id = RequestIDs.acceptable(head?.headers.first(name: "X-Request-Id")) ?? ids.next()
        let body = (try? problem.body(requestID: id)) ?? ByteBuffer()
        var headers = commonFields(requestID: id)
        headers.add(name: "Content-Type", value: Problem.contentType)
        headers.add(name: "Content-Length", value: String(body.readableBytes))
        if let seconds = problem.retryAfter { headers.add(name: "Retry-After", value: String(seconds)) }
        if let challenge = problem.challenge { headers.add(name: "WWW-Authenticate", value: challenge) }
        if let head, !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
        record(head, status: problem.status, since: start)
        return Reply(
            status: .init(statusCode: problem.status), headers: headers, body: head?.method == .HEAD ? nil : body)
    }

    /// The reply to a browser that asks whether a page may send its request.
    func preflight(_ head: HTTPRequestHead) -> Reply {
        let start = ContinuousClock.now
        var headers = commonFields(
            requestID: RequestIDs.acceptable(head.headers.first(name: "X-Request-Id")) ?? ids.next())
        headers.add(contentsOf: AllowedOrigins.preflightFields)
        if !head.isKeepAlive { headers.add(name: "Connection", value: "close") }
        record(head, status: 204, since: start)
        return Reply(status: .noContent, headers: headers, body: nil)
    }

    /// What every reply has, with room for the rest.
    private func commonFields(requestID: String) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(7 + SecurityFields.count)
        SecurityFields.add(to: &headers)
        headers.add(name: "X-Request-Id", value: requestID)
        headers.add(name: "Date", value: date.now)
        headers.add(name: "Server", value: serverName)
        return headers
    }

    private func record(_ head: HTTPRequestHead?, status: Int, since start: ContinuousClock.Instant) {
        metrics.record(
            route: head.flatMap { ListTarget($0.uri) }.map { Operations.path($0.request.route) } ?? "unmatched",
            method: head.flatMap { HTTPRequest.Method(rawValue: $0.method.rawValue) } ?? .get, status: status,
            since: start)
    }

    private func reply(with answer: EncodedAnswer, _ request: Request) -> Reply {
        let (route, fields) = (request.target.request.route, request.fields)
        let isKnown = fields.knownTags.map { answer.isAmong(tags: $0) } ?? false
        var headers = commonFields(requestID: RequestIDs.acceptable(fields.requestID) ?? ids.next())
        if !isKnown { headers.add(name: "Content-Type", value: EncodedAnswer.contentType) }
        if let etag = answer.etag { headers.add(name: "ETag", value: etag) }
        let isPersonal = route == .recommendations
        headers.add(name: "Cache-Control", value: answer.cacheControl(isPersonal: isPersonal))
        if !isPersonal { headers.add(name: "Vary", value: ModelPin.name) }
        if !isKnown { headers.add(name: "Content-Length", value: String(answer.body.readableBytes)) }
        metrics.record(
            route: Operations.path(route), method: .get, status: isKnown ? 304 : 200,
            since: request.start)
        return Reply(status: isKnown ? .notModified : .ok, headers: headers, body: isKnown ? nil : answer.body)
    }

    /// The request's header fields, where there is none but what is understood here.
    struct Fields: Sendable {
        fileprivate var requestID: String?
        fileprivate var knownTags: String?

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
                case 15 where name.isEqualCaseInsensitiveASCII("x-model-version"): return nil
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
