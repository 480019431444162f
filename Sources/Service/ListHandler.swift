import NIOCore
import NIOHTTP1

/// Answers plain requests for a list itself, refuses what may not pass or has no room, and leaves the rest to the
/// router.
///
/// The router, its middleware and the streams between them cost as much as the search for an answer. Behind a
/// `HTTPServerPipelineHandler`, so that there is one request at a time.
final class ListHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    enum State {
        case idle
        /// Its end has not come, or its answer must wait.
        case list(ListAnswers.Request, HTTPRequestHead)
        /// Waits for the database.
        case waiting(Task<Void, Never>, HTTPRequestHead)
        /// To be sent once the request's end has come.
        case replied(ListAnswers.Reply, HTTPRequestHead)
        case withRouter
        /// The last answer is on its way; whatever still comes is dropped.
        case leaving
        case gone
    }

    let answers: ListAnswers
    private let admission: Admission
    private let gate: Gate?
    let limits: ConnectionLimits
    let pace: ConnectionPace
    private let executor: any TaskExecutor
    var state = State.idle
    private var passage: Gate.Passage?
    private var address: ClientAddress?
    var bodyBytes = 0
    /// A request's head has come and not its end.
    var isReading = false
    /// The router has had a request's head and not yet its end; it may have answered already.
    var isForwarding = false
    private var isAdmitted = false
    /// A request is whole, and nobody has begun to answer it.
    var isDue = false
    var isReplying = false
    /// The client closed its side while its request waits, for the database or for room to answer; who hears of it,
    /// closes the other.
    var holdsInputClosed = false

    /// - Parameters:
    ///   - gate: nil where everything is open.
    ///   - executor: of the connection's event loop.
    init(
        answers: ListAnswers, admission: Admission, gate: Gate?, limits: ConnectionLimits, pace: ConnectionPace,
        executor: any TaskExecutor
    ) {
        self.answers = answers
        self.admission = admission
        self.gate = gate
        self.limits = limits
        self.pace = pace
        self.executor = executor
    }

    // MARK: Requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .leaving = state { return drop(unwrapInboundIn(data), context) }
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReading = true
            bodyBytes = 0
            pace.headRead()
            begin(head, data, context)
        case .body(let bytes):
            bodyBytes += bytes.readableBytes
            if isForwarding { context.fireChannelRead(data) }
            if bodyBytes > ConnectionLimits.bodyBytes { bodyTooLarge(context) }
        case .end:
            isReading = false
            pace.requestRead()
            if isForwarding {
                isForwarding = false
                context.fireChannelRead(data)
            } else {
                isDue = true
                answerDue(context)
            }
        }
    }

    private func begin(_ head: HTTPRequestHead, _ data: NIOAny, _ context: ChannelHandlerContext) {
        passage = gate?.passage(of: head) { clientAddress(context) }
        if let passage, let problem = passage.refusal {
            let refusal = answers.refusal(problem, of: head)
            // A client that waits for leave to send its body would wait for ever.
            if head.headers.contains(name: "Expect") {
                leave(refusal, context)
            } else {
                state = .replied(refusal, head)
            }
        } else if let passage, passage.isPreflight {
            state = .replied(answers.preflight(head), head)
        } else if let request = ListAnswers.Request(head) {
            state = .list(request, head)
        } else if let problem = limits.problem(of: head) {
            leave(answers.refusal(problem, of: head), context)
        } else if admit(evenIfFull: Self.isOperational(head.uri)) {
            state = .withRouter
            isForwarding = true
            context.fireChannelRead(data)
        } else {
            state = .replied(answers.refusal(head), head)
        }
    }

    private func clientAddress(_ context: ChannelHandlerContext) -> ClientAddress {
        if let address { return address }
        let found = ClientAddress(context.channel.remoteAddress)
        address = found
        return found
    }

    /// Whoever watches an overloaded service must still be able to.
    private static func isOperational(_ target: String) -> Bool {
        target == "/livez" || target == "/readyz" || target == "/metrics"
    }

    // MARK: Answers

    /// One after the other: answering one request brings the next, and each within the former would be as deep as a
    /// client can pipeline. While the client does not read its answers there are no more.
    private func answerDue(_ context: ChannelHandlerContext) {
        while isDue, !isReplying, context.channel.isWritable {
            isDue = false
            switch state {
            case .list(let request, let head): answer(request, head, context)
            case .replied(let answer, let head):
                reply(answer, context)
                if !head.isKeepAlive { context.close(promise: nil) }
            case .idle, .waiting, .withRouter, .leaving, .gone: break
            }
        }
        passInputClosed(context)
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        answerDue(context)
        context.fireChannelWritabilityChanged()
    }

    private func answer(_ request: ListAnswers.Request, _ head: HTTPRequestHead, _ context: ChannelHandlerContext) {
        if let immediate = answers.immediate(request) { return reply(immediate, context) }
        guard admit(evenIfFull: false) else {
            return reply(answers.fallback(request) ?? answers.refusal(head), context)
        }
        let task = Task(executorPreference: executor) { [answers, deliver = delivery(context)] in
            deliver(await answers.reply(to: request, head))
        }
        state = .waiting(task, head)
    }

    /// What takes a reply back to the event loop; the executor is the loop's own, so it is there already, as a rule.
    private func delivery(_ context: ChannelHandlerContext) -> @Sendable (ListAnswers.Reply?) -> Void {
        let loop = context.eventLoop
        let handler = NIOLoopBound(self, eventLoop: loop)
        let context = NIOLoopBound(context, eventLoop: loop)
        return { found in
            if loop.inEventLoop {
                handler.value.waited(found, context.value)
            } else {
                loop.execute { handler.value.waited(found, context.value) }
            }
        }
    }

    private func waited(_ found: ListAnswers.Reply?, _ context: ChannelHandlerContext) {
        guard case .waiting(_, let head) = state else { return }
        if let found {
            reply(found, context)
            answerDue(context)
        } else {
            state = .withRouter
            context.fireChannelRead(wrapInboundOut(.head(head)))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            context.fireChannelReadComplete()
        }
        passInputClosed(context)
    }

    private func reply(_ reply: ListAnswers.Reply, _ context: ChannelHandlerContext) {
        isReplying = true
        write(reply, isLast: false, context)
        isReplying = false
    }

    func write(_ reply: ListAnswers.Reply, isLast: Bool, _ context: ChannelHandlerContext) {
        var headers = reply.headers
        if let gate, let passage { gate.addFields(of: passage, to: &headers) }
        if isLast { headers.replaceOrAdd(name: "Connection", value: "close") }
        finish()
        let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = reply.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .withRouter = state else { return refuseWrite(context, promise) }
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            SecurityFields.addMissing(to: &head.headers)
            if let gate, let passage { gate.addFields(of: passage, to: &head.headers) }
            return context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end: finish()
        case .head, .body: break
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        if case .waiting(let task, _) = state { task.cancel() }
        finish()
        state = .gone
        context.fireChannelInactive()
    }

    // MARK: Admission

    private func admit(evenIfFull: Bool) -> Bool {
        isAdmitted = admission.enter()
        if !isAdmitted, evenIfFull {
            admission.enterAnyway()
            isAdmitted = true
        }
        return isAdmitted
    }

    /// The request has been answered to the end.
    private func finish() {
        if isAdmitted { admission.leave(1) }
        isAdmitted = false
        switch state {
        case .gone, .leaving: return
        case .idle, .list, .waiting, .replied, .withRouter: break
        }
        state = .idle
        passage = nil
        pace.answered()
    }
}
