import HummingbirdCore
import Logging
import NIOCore
import NIOSSL

/// A server's connections, each sealed by TLS before anything is read from it.
struct TLSConnections<Base: ServerChildChannel>: ServerChildChannel {
    let base: Base
    let certificate: Certificate

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Base.Value> {
        channel.eventLoop.makeCompletedFuture {
            try channel.pipeline.syncOperations.addHandler(NIOSSLServerHandler(context: certificate.context))
        }.flatMap { base.setup(channel: channel, logger: logger) }
    }

    func handle(value: Base.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}
