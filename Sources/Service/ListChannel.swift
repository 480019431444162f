import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1

/// A server's connections, each with a ``ListHandler`` between HTTP's decoder and the router.
struct ListChannel<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let answers: ListAnswers
    let admission: Admission
    let gate: Gate?
    let limits: ConnectionLimits
    private let unhandled: UnhandledConnections<Base>

    init(base: Base, answers: ListAnswers, admission: Admission, gate: Gate?, limits: ConnectionLimits) {
        self.base = base
        self.unhandled = UnhandledConnections(base)
        self.answers = answers
        self.admission = admission
        self.gate = gate
        self.limits = limits
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        base.setup(channel: channel, logger: logger).map { [answers, admission, gate, limits, unhandled] value in
            unhandled.hold(value, of: channel)
            do {
                let pipeline = channel.pipeline.syncOperations
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                let pace = ConnectionPace(limits: limits)
                try pipeline.addHandler(pace, position: .before(decoder))
                let handlers: [any ChannelHandler] = [
                    DrainHandler(), HTTPServerPipelineHandler(),
                    ListHandler(
                        answers: answers, admission: admission, gate: gate, limits: limits, pace: pace,
                        executor: LoopExecutor(channel.eventLoop)),
                ]
                try pipeline.addHandlers(handlers, position: .after(decoder))
            } catch {
                // Closed meanwhile. The value must be handled all the same: unhandled, it stops the process.
                logger.debug("a connection ended while it was set up", metadata: ["error": "\(error)"])
                channel.close(promise: nil)
            }
            return value
        }
    }

    func handle(value: Base.Value, logger: Logger) async {
        unhandled.release(value.channel)
        await base.handle(value: value, logger: logger)
    }
}
