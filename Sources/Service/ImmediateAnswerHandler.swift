import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// Answers on the event loop, before the router, what needs no waiting, and what the router has no room for; every other
/// request goes on to the router.
///
/// Only while the connection has no request with the router, so that answers keep the order of their requests.
final class ImmediateAnswerHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    /// How long a connection stays open that has nothing under way when the service is told to stop: a request may be on
    /// its way already, and to close on it would lose it.
    private static let linger = TimeAmount.milliseconds(500)

    private let answers: ImmediateAnswers
    private let admission: Admission
    /// Requests that the router has yet to answer to the end.
    private var outstanding = 0
    /// The request whose head was answered here has not ended yet.
    private var isInOwnRequest = false
    private var mustFlush = false
    private var mustClose = false
    /// The server is about to end.
    private var isQuiescing = false

    init(answers: ImmediateAnswers, admission: Admission) {
        self.answers = answers
        self.admission = admission
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            if outstanding == 0, let reply = answers.reply(to: head) {
                write(reply, context)
            } else if admission.enter() {
                forward(data, context)
            } else if outstanding == 0, !Self.isOperational(head.uri) {
                write(answers.reply(withoutRouterTo: head), context)
                mustClose = mustClose || !head.isKeepAlive
            } else {
                admission.enterAnyway()
                forward(data, context)
            }
        case .body:
            if !isInOwnRequest { context.fireChannelRead(data) }
        case .end:
            if isInOwnRequest {
                isInOwnRequest = false
            } else {
                context.fireChannelRead(data)
            }
        }
    }

    /// Whoever watches an overloaded service must still be able to.
    private static func isOperational(_ target: String) -> Bool {
        target == "/livez" || target == "/readyz" || target == "/metrics"
    }

    private func forward(_ head: NIOAny, _ context: ChannelHandlerContext) {
        outstanding += 1
        context.fireChannelRead(head)
    }

    private func write(_ reply: ImmediateAnswers.Reply, _ context: ChannelHandlerContext) {
        isInOwnRequest = true
        var head = HTTPResponseHead(version: .http1_1, status: reply.status, headers: reply.headers)
        if isQuiescing { head.headers.replaceOrAdd(name: "Connection", value: "close") }
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body = reply.body { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.write(wrapOutboundOut(.end(nil)), promise: nil)
        mustFlush = true
    }

    /// One flush for all requests that came in one read.
    func channelReadComplete(context: ChannelHandlerContext) {
        if mustFlush { context.flush() }
        mustFlush = false
        if mustClose { context.close(promise: nil) }
        context.fireChannelReadComplete()
    }

    /// What the router still has of this connection is nobody's any more.
    func channelInactive(context: ChannelHandlerContext) {
        admission.leave(outstanding)
        outstanding = 0
        context.fireChannelInactive()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isQuiescing = true
        // Whoever hears of it closes the connection as soon as nothing is under way.
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) {
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if isQuiescing, case .head(var head) = unwrapOutboundIn(data) {
            // Untold, the client would send its next request into the end of the connection.
            head.headers.replaceOrAdd(name: "Connection", value: "close")
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            return
        }
        if case .end = unwrapOutboundIn(data), outstanding > 0 {
            outstanding -= 1
            admission.leave(1)
        }
        context.write(data, promise: promise)
    }
}

/// A server's connections, each with an ``ImmediateAnswerHandler`` between HTTP's decoder and the rest.
struct AnsweringAtOnce<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let answers: ImmediateAnswers
    let admission: Admission

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger).flatMapThrowing { [answers, admission] value in
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            try pipeline.addHandler(
                ImmediateAnswerHandler(answers: answers, admission: admission), position: .after(decoder))
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
