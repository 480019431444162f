import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends the requests of a plan at their times and records how they end.
///
/// Everything happens on one event loop: pacing by its timers (timerfd, tens of microseconds), sending and receiving.
/// A spinning thread would be a little more punctual, but would take a core from the server it measures when both share
/// a machine. The report shows the loop's own delay, so that a generator at its limit is not taken for a slow server.
final class LoadDriver {
    /// Requests that may wait for a connection; far beyond what a timeout lets wait at a rate one loop can send.
    static let queueBound = 100_000

    let plan: LoadPlan
    let loop: NIOIsolatedEventLoop
    let timeout: TimeAmount
    let length: TimeAmount
    /// The same for every request; copied, not built again, because a request has a hundred microseconds at 10,000 a second.
    let headers: HTTPHeaders
    private let done: EventLoopPromise<LoadOutcome>

    var schedule: Schedule
    var source: RequestSource
    var recorder: Recorder
    var waiting = CircularBuffer<PendingRequest>()
    var idle = CircularBuffer<LoadConnection>()
    var connections: [ObjectIdentifier: LoadConnection] = [:]
    private var opening = 0
    var underWay = 0
    var drawn = 0
    /// Bodies of right answers by id, when they are asked for.
    var bodies: [Int: ByteBuffer]?

    var begin = NIODeadline.uptimeNanoseconds(0)
    var measuredFrom = NIODeadline.uptimeNanoseconds(0)
    var nextIntended: NIODeadline?
    var cpuAtBegin: Double?
    private(set) var scheduling = Scheduling.normal
    var state = State.connecting
    private var result: Result<LoadOutcome, any Error>?

    enum State {
        case connecting
        case sending
        case draining
        case ended
    }

    init(_ plan: LoadPlan, keepsBodies: Bool, loop: NIOIsolatedEventLoop, done: EventLoopPromise<LoadOutcome>) {
        let shape = plan.shape
        self.plan = plan
        self.loop = loop
        self.done = done
        timeout = .nanoseconds(Int64(shape.timeoutMilliseconds * 1e6))
        headers = [
            "host": plan.endpoint.authority, "accept": "application/json", "user-agent": "kindred-loadtest",
        ]
        length = .nanoseconds(Int64((shape.warmup + shape.duration) * 1e9))
        schedule = Schedule(shape.arrivals, rate: shape.rate, horizon: length.nanoseconds, seed: shape.seed)
        source = RequestSource(plan)
        recorder = Recorder(shape)
        bodies = keepsBodies ? [:] : nil
    }

    /// Opens every connection, then begins to send; a connection that cannot be opened ends the test.
    func start() {
        if plan.shape.mode == .open, plan.shape.scheduling == .realTime { scheduling = Scheduling.requestRealTime() }
        for _ in 0..<plan.shape.connections { connect() }
    }

    func end(_ result: Result<LoadOutcome, any Error>) {
        guard state != .ended else { return }
        state = .ended
        self.result = result
        for connection in Array(connections.values) { connection.close() }
        finishIfQuiet()
    }

    /// Hands over the result when nothing is left that would need the event loop.
    private func finishIfQuiet() {
        guard opening == 0, connections.isEmpty, let result = result.take() else { return }
        done.completeWith(result)
    }
}

// MARK: - Connections

extension LoadDriver {
    private func connect(attempt: Int = 0) {
        let driver = NIOLoopBound(self, eventLoop: loop.nonisolated())
        opening += 1
        ClientBootstrap(group: loop.nonisolated())
            .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            .connectTimeout(.seconds(5))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHTTPClientHandlers()
                    try channel.pipeline.syncOperations.addHandler(LoadConnection(driver: driver.value))
                }
            }
            .connect(host: plan.endpoint.host, port: plan.endpoint.port)
            .assumeIsolated()
            .whenComplete { outcome in
                self.opening -= 1
                if case .failure(let error) = outcome { self.connectFailed(error, attempt: attempt) }
                self.finishIfQuiet()
            }
    }

    private func connectFailed(_ error: any Error, attempt: Int) {
        let kind = TransportErrorKind.name(error)
        switch state {
        case .ended:
            return
        case .connecting:
            end(.failure(LoadTestError.unreachable(authority: plan.endpoint.authority, reason: kind)))
        case .sending, .draining:
            recorder.connectFailed(kind, isMeasured: .now() >= measuredFrom)
            let pause = TimeAmount.milliseconds(10 << Int64(min(attempt, 4)))
            loop.scheduleTask(in: pause) {
                if self.state != .ended { self.connect(attempt: attempt + 1) }
            }
        }
    }

    func opened(_ connection: LoadConnection) {
        guard state != .ended else { return connection.close() }
        connections[ObjectIdentifier(connection)] = connection
        becameIdle(connection)
        if state == .connecting, connections.count == plan.shape.connections { beginSending() }
    }

    func closed(_ connection: LoadConnection) {
        connections[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        switch state {
        case .connecting:
            // Opened and closed before the first request: trying again could go on for ever.
            let error = LoadTestError.unreachable(authority: plan.endpoint.authority, reason: "it closes connections")
            end(.failure(error))
        case .sending, .draining: connect()
        case .ended: finishIfQuiet()
        }
    }
}
