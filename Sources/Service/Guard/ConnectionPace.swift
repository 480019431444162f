import NIOCore

/// Closes a connection whose client takes too long: over a head, over a body, over taking its answers, or between two
/// requests. A request that waits for the service itself is never timed here.
///
/// It sees the bytes; ``ListHandler`` tells it what they were. One timer a connection, set anew only when it has run
/// out or is too late.
final class ConnectionPace: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private enum Phase {
        case head(since: NIODeadline)
        case body(since: NIODeadline)
        case answering
        case between(since: NIODeadline)
        case leaving(since: NIODeadline)
    }

    private let limits: ConnectionLimits
    // A client that connects and says nothing takes as much as one that says little.
    private var phase = Phase.head(since: .now())
    private var isAnsweredEarly = false
    private var unwritableSince: NIODeadline?
    private var timer: (task: Scheduled<Void>, end: NIODeadline)?
    private var context: ChannelHandlerContext?

    init(limits: ConnectionLimits) { self.limits = limits }

    // MARK: What the connection does

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        setTimer()
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func channelInactive(context: ChannelHandlerContext) {
        stop()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .between = phase { phase = .head(since: .now()) }
        context.fireChannelRead(data)
        switch phase {
        case .head, .body: setTimer()
        case .answering, .between, .leaving: break
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        unwritableSince = context.channel.isWritable ? nil : .now()
        setTimer()
        context.fireChannelWritabilityChanged()
    }

    // MARK: What the requests do

    func headRead() { phase = .body(since: .now()) }

    func requestRead() {
        guard case .body = phase else { return }
        phase = isAnsweredEarly ? .between(since: .now()) : .answering
        isAnsweredEarly = false
    }

    func answered() {
        switch phase {
        case .body: isAnsweredEarly = true
        case .head, .answering, .between:
            phase = .between(since: .now())
            setTimer()
        case .leaving: break
        }
    }

    /// The last answer is on its way: the client has a moment to read it, since what it still sends would otherwise
    /// make the system take the answer back.
    func leave() {
        phase = .leaving(since: .now())
        setTimer()
    }

    // MARK: The timer

    private var deadline: NIODeadline? {
        let end: NIODeadline? =
            switch phase {
            case .head(let since): since + .seconds(Int64(limits.headerSeconds))
            case .body(let since): since + .seconds(Int64(limits.bodySeconds))
            case .answering: nil
            case .between(let since): since + .seconds(Int64(limits.idleSeconds))
            case .leaving(let since): since + .seconds(Int64(ConnectionLimits.lingerSeconds))
            }
        guard let unwritableSince else { return end }
        let stalled = unwritableSince + .seconds(Int64(limits.bodySeconds))
        return end.map { min($0, stalled) } ?? stalled
    }

    private func setTimer() {
        guard let context, let deadline else { return }
        if let timer, timer.end <= deadline { return }
        timer?.task.cancel()
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: deadline) { self.timerEnded() }
        timer = (task, deadline)
    }

    private func timerEnded() {
        timer = nil
        guard let context, let deadline else { return }
        if deadline <= .now() { context.close(promise: nil) } else { setTimer() }
    }

    private func stop() {
        timer?.task.cancel()
        timer = nil
        context = nil
    }
}
