import CPostgres

extension Connection {
    /// What another session said by NOTIFY.
    package struct Notification: Sendable, Equatable {
        package let channel: String
        package let payload: String
    }

    /// Waits for the next notification on a channel that this connection listens to; nil once the deadline has passed.
    ///
    /// Those that came with the answers to earlier statements are given first, in their order.
    ///
    /// - Throws: `PostgresError` with code `connection` when the server is gone, which is noticed at once, or `cancelled`.
    package func notification(until deadline: ContinuousClock.Instant) async throws -> Notification? {
        while true {
            if let notification = takeNotification() { return notification }
            switch await EventPoller.shared.wait(for: .read, on: descriptor, until: deadline) {
            case .ready: break
            case .deadline: return nil
            case .cancelled: throw PostgresError(.cancelled, "cancelled while waiting for a notification")
            }
            guard PQconsumeInput(handle) == 1 else { throw PostgresError(.connection, lastMessage) }
        }
    }

    private func takeNotification() -> Notification? {
        guard let notification = PQnotifies(handle) else { return nil }
        defer { PQfreemem(notification) }
        return Notification(
            channel: String(cString: notification.pointee.relname), payload: String(cString: notification.pointee.extra)
        )
    }
}
