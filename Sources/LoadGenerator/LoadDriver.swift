import NIOCore
import NIOHTTP1
import NIOPosix

/// Sends the requests of a plan at their intended times and records how they end.
///
/// Everything happens on one event loop: pacing by its timers (timerfd, tens of microseconds), sending and receiving.
/// A spinning thread would be a little more punctual, but would take a core from the server it measures when both share
/// a machine. The report shows the loop's own delay, so that a generator at its limit is not taken for a slow server.
final class LoadDriver {
    /// Requests that may wait for a connection; far beyond what a timeout lets wait at a rate one loop can send.
    private static let queueBound = 100_000

    private let plan: LoadPlan
    private let loop: NIOIsolatedEventLoop
    private let done: EventLoopPromise<LoadReport>
    private let head: HTTPRequestHead
    private let timeout: TimeAmount

    private var schedule: Schedule
    private var sampler: IDSampler
    private var recorder = Recorder()
    private var waiting = CircularBuffer<PendingRequest>()
    private var idle = CircularBuffer<LoadConnection>()
    private var connections: [ObjectIdentifier: LoadConnection] = [:]
    private var opening = 0
    private var underWay = 0

    private var begin = NIODeadline.uptimeNanoseconds(0)
    private var measuredFrom = NIODeadline.uptimeNanoseconds(0)
    private var nextIntended: NIODeadline?
    private var cpuAtBegin: Double?
    private var state = State.connecting
    private var result: Result<LoadReport, any Error>?

    private enum State {
        case connecting
        case sending
        case draining
        case ended
    }

    init(_ plan: LoadPlan, loop: NIOIsolatedEventLoop, done: EventLoopPromise<LoadReport>) {
        self.plan = plan
        self.loop = loop
        self.done = done
        timeout = TimeAmount(plan.timeout)
        schedule = Schedule(
            plan.arrivals, rate: plan.rate, horizon: TimeAmount(plan.warmup + plan.duration).nanoseconds,
            seed: plan.seed)
        // A seed of its own: the same ids follow each other whatever the arrivals.
        sampler = IDSampler(plan.distribution, ids: plan.ids, seed: ~plan.seed)
        head = HTTPRequestHead(
            version: .http1_1, method: .GET, uri: "",
            headers: ["host": plan.target.authority, "accept": "application/json", "user-agent": "kindred-loadtest"])
    }

    /// Opens every connection, then begins to send; a connection that cannot be opened ends the test.
    func start() {
        for _ in 0..<plan.connections { connect() }
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
            .connect(host: plan.target.host, port: plan.target.port)
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
            end(.failure(LoadTestError.unreachable(authority: plan.target.authority, reason: kind)))
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
        if state == .connecting, connections.count == plan.connections { beginSending() }
    }

    func becameIdle(_ connection: LoadConnection) {
        if let request = waiting.popFirst() { send(request, on: connection) } else { idle.append(connection) }
    }

    func closed(_ connection: LoadConnection) {
        connections[ObjectIdentifier(connection)] = nil
        idle.removeAll { $0 === connection }
        switch state {
        case .connecting:
            // Opened and closed before the first request: trying again could go on for ever.
            let error = LoadTestError.unreachable(authority: plan.target.authority, reason: "it closes connections")
            end(.failure(error))
        case .sending, .draining: connect()
        case .ended: finishIfQuiet()
        }
    }
}

// MARK: - Requests

extension LoadDriver {
    private func beginSending() {
        state = .sending
        // A moment ahead, so that the first request is not late by the time it takes to get there.
        begin = .now() + .milliseconds(5)
        measuredFrom = begin + TimeAmount(plan.warmup)
        loop.scheduleTask(deadline: measuredFrom) { self.cpuAtBegin = ProcessCPU.seconds() }
        nextIntended = schedule.next().map { begin + .nanoseconds($0) }
        handOut()
        sweep()
    }

    /// Hands out the requests that are due and comes back when the next one is.
    private func handOut() {
        while let intended = nextIntended {
            let now = NIODeadline.now()
            guard intended <= now else {
                loop.scheduleTask(deadline: intended) { self.handOut() }
                return
            }
            nextIntended = schedule.next().map { begin + .nanoseconds($0) }
            handOut(
                PendingRequest(id: sampler.next(), intended: intended, isMeasured: intended >= measuredFrom), at: now)
        }
        state = .draining
        endIfDrained()
    }

    private func handOut(_ request: PendingRequest, at now: NIODeadline) {
        recorder.turned(to: request, at: now)
        if let connection = idle.popFirst() {
            send(request, on: connection)
        } else if waiting.count < Self.queueBound {
            waiting.append(request)
        } else {
            recorder.ended(request, .overflowed, at: now)
        }
    }

    private func send(_ request: PendingRequest, on connection: LoadConnection) {
        recorder.sent(request, at: .now())
        underWay += 1
        var head = head
        head.uri = plan.target.path(id: request.id)
        connection.send(request, head)
    }

    func ended(_ request: PendingRequest, _ outcome: Outcome) {
        underWay -= 1
        recorder.ended(request, outcome, at: .now())
        endIfDrained()
    }

    /// Gives up, again and again, what is older than the timeout, whether it waits or is under way.
    private func sweep() {
        guard state != .ended else { return }
        let oldest = NIODeadline.now() - timeout
        for connection in Array(connections.values) {
            guard let request = connection.request, request.intended <= oldest else { continue }
            connection.abandon()
            ended(request, .timedOut)
        }
        while let request = waiting.first, request.intended <= oldest {
            waiting.removeFirst()
            recorder.ended(request, .timedOut, at: .now())
        }
        endIfDrained()
        let pause = min(max(timeout.nanoseconds / 20, 1_000_000), 50_000_000)
        loop.scheduleTask(in: .nanoseconds(pause)) { self.sweep() }
    }

    private func endIfDrained() {
        guard state == .draining, waiting.isEmpty, underWay == 0 else { return }
        let planned = measuredFrom + TimeAmount(plan.duration)
        // All answers may be there before the last gap of the schedule is over.
        let ending = max(planned, recorder.lastEnd ?? planned)
        let seconds = Double((ending - measuredFrom).nanoseconds) / 1e9
        let cpu = ProcessCPU.seconds() - (cpuAtBegin ?? 0)
        end(.success(LoadReport(plan: plan, recorder: recorder, seconds: seconds, cpuSeconds: cpu)))
    }

    private func end(_ result: Result<LoadReport, any Error>) {
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
