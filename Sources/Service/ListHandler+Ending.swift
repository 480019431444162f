import NIOCore
import NIOHTTP1

/// How a connection ends: on what is no request or too large a one, and when its client has closed its side.
extension ListHandler {
    /// The last answer of a connection whose request is not read to its end.
    func leave(_ reply: ListAnswers.Reply, _ context: ChannelHandlerContext) {
        isReplying = true
        write(reply, isLast: true, context)
        isReplying = false
        beginLeaving(context)
    }

    func beginLeaving(_ context: ChannelHandlerContext) {
        state = .leaving
        pace.leave()
        // Behind what is being written.
        context.close(mode: .output, promise: nil)
    }

    /// What still comes keeps the system from taking the last answer back, as long as it is not too much.
    func drop(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard case .body(let bytes) = part else { return }
        bodyBytes += bytes.readableBytes
        if bodyBytes > ConnectionLimits.bodyBytes + ConnectionLimits.lingerBytes { context.close(promise: nil) }
    }

    /// A second answer to a request: the server words one of its own for a body that stops being HTTP behind the first.
    func refuseWrite(_ context: ChannelHandlerContext, _ promise: EventLoopPromise<Void>?) {
        promise?.fail(ChannelError.outputClosed)
        if case .idle = state { beginLeaving(context) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        let problem = error == .headerOverflow ? Problem.headTooLarge(limits) : .notHTTP
        switch state {
        case .idle where !isReading: leave(answers.refusal(problem, of: nil), context)
        case .list(_, let head): leave(answers.refusal(problem, of: head), context)
        case .replied(let reply, _): leave(reply, context)
        case .leaving: context.close(promise: nil)
        case .idle, .waiting, .withRouter, .gone: context.fireErrorCaught(error)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard let closed = event as? ChannelEvent, closed == .inputClosed else {
            return context.fireUserInboundEventTriggered(event)
        }
        switch state {
        case .waiting: holdsInputClosed = true
        case .list, .replied: if isDue { holdsInputClosed = true } else { context.fireUserInboundEventTriggered(event) }
        case .leaving: context.close(promise: nil)
        case .idle, .withRouter, .gone: context.fireUserInboundEventTriggered(event)
        }
    }

    /// The body has become larger than any may be. Who collects it has had enough to refuse it; who does not care for
    /// it has answered, or will.
    func bodyTooLarge(_ context: ChannelHandlerContext) {
        switch state {
        case .replied(let reply, _): leave(reply, context)
        case .idle:
            // Answered early. What it said may still be on its way.
            isForwarding = false
            beginLeaving(context)
        case .list, .waiting, .withRouter, .leaving, .gone: break
        }
    }

    /// Unless there is still a request to be answered first.
    func passInputClosed(_ context: ChannelHandlerContext) {
        guard holdsInputClosed, !isDue, !isReplying else { return }
        if case .waiting = state { return }
        holdsInputClosed = false
        context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
    }
}
