import HummingbirdCore
import Logging
import NIOCore
import Synchronization

/// Connections that were accepted and are not handled yet.
///
/// A server that stops drops those it has not begun to handle, and an async channel that is dropped unhandled ends the
/// process (apple/swift-nio#2813). They are held here until somebody handles them, and closed with the server.
final class UnhandledConnections<Base: ServerChildChannel>: Sendable {
    private let base: Base
    private let held = Mutex<[ObjectIdentifier: Base.Value]>([:])

    init(_ base: Base) { self.base = base }

    deinit {
        let left = held.withLock { $0 }
        for (_, value) in left {
            value.channel.close(promise: nil)
            // To handle a closed connection is to finish it.
            Task { [base] in await base.handle(value: value, logger: Logger(label: "kindred")) }
        }
    }

    func hold(_ value: Base.Value, of channel: any Channel) {
        held.withLock { $0[ObjectIdentifier(channel)] = value }
    }

    func release(_ channel: any Channel) {
        _ = held.withLock { $0.removeValue(forKey: ObjectIdentifier(channel)) }
    }
}
