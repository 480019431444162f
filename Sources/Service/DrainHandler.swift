import NIOCore
import NIOHTTP1

/// Ends a connection of a stopping server without losing a request.
///
/// Every answer from then on says that it is the last, and a connection with nothing under way stays open a little longer:
/// a request may be on its way already, and to close on it would lose it.
final class DrainHandler: ChannelDuplexHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private static let linger = TimeAmount.milliseconds(500)

    private var isStopping = false

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard event is ChannelShouldQuiesceEvent else { return context.fireUserInboundEventTriggered(event) }
        isStopping = true
        // Whoever hears of it closes the connection as soon as nothing is under way.
        context.eventLoop.assumeIsolated().scheduleTask(in: Self.linger) {
            context.fireUserInboundEventTriggered(ChannelShouldQuiesceEvent())
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard isStopping, case .head(var head) = unwrapOutboundIn(data) else {
            return context.write(data, promise: promise)
        }
        head.headers.replaceOrAdd(name: "Connection", value: "close")
        context.write(wrapOutboundOut(.head(head)), promise: promise)
    }
}
