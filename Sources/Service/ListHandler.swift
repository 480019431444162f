import NIOCore
import NIOHTTP1

/// Answers plain requests for a list itself, refuses what there is no room for, and leaves the rest to the router.
///
/// The router, its middleware and the streams between them cost as much as the search for an answer. Behind a
/// `HTTPServerPipelineHandler`, so that there is one request at a time.
final class ListHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private enum State {
        case idle
        /// Its end has not come.
        case list(ListAnswers.Request, HTTPRequestHead)
        /// Waits for the database.
        case waiting(Task<Void, Never>, HTTPRequestHead)
        /// To be refused once its end has come.
        case refused(HTTPRequestHead)
        case withRouter
        case gone
    }

    private let answers: ListAnswers
    private let admission: Admission
    private let executor: any TaskExecutor
    private var state = State.idle
    /// The router has had a request's head and not yet its end; it may have answered already.
    private var isForwarding = false
    private var isAdmitted = false
    /// The client closed its side while its request waits; who hears of it, closes the other.
    private var holdsInputClosed = false

    /// - Parameter executor: of the connection's event loop.
    init(answers: ListAnswers, admission: Admission, executor: any TaskExecutor) {
        self.answers = answers
        self.admission = admission
        self.executor = executor
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if let request = ListAnswers.Request(head) {
                state = .list(request, head)
            } else if admit(evenIfFull: Self.isOperational(head.uri)) {
                state = .withRouter
                isForwarding = true
                context.fireChannelRead(data)
            } else {
                state = .refused(head)
            }
        case .body:
            if isForwarding { context.fireChannelRead(data) }
        case .end:
            if isForwarding {
                isForwarding = false
                context.fireChannelRead(data)
            } else {
                ended(context)
            }
        }
    }

    private func ended(_ context: ChannelHandlerContext) {
        switch state {
        case .list(let request, let head): answer(request, head, context)
        case .refused(let head):
            reply(answers.refusal(head), context)
            if !head.isKeepAlive { context.close(promise: nil) }
        case .idle, .waiting, .withRouter, .gone: break
        }
    }

    /// Whoever watches an overloaded service must still be able to.
    private static func isOperational(_ target: String) -> Bool {
        target == "/livez" || target == "/readyz" || target == "/metrics"
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
        } else {
            state = .withRouter
            context.fireChannelRead(wrapInboundOut(.head(head)))
            context.fireChannelRead(wrapInboundOut(.end(nil)))
            context.fireChannelReadComplete()
        }
        if holdsInputClosed {
            holdsInputClosed = false
            context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
        }
    }

    private func reply(_ reply: ListAnswers.Reply, _ context: ChannelHandlerContext) {
        finish()
        let head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: reply.headers)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = reply.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) { finish() }
        context.write(data, promise: promise)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .waiting = state, let event = event as? ChannelEvent, event == .inputClosed {
            holdsInputClosed = true
        } else {
            context.fireUserInboundEventTriggered(event)
        }
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
        if case .gone = state { return }
        state = .idle
    }
}
