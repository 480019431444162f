import NIOCore
import NIOHTTP1

extension LoadDriver {
    func beginSending() {
        state = .sending
        // A moment ahead, so that the first request is not late by the time it takes to get there.
        begin = .now() + .milliseconds(5)
        measuredFrom = begin + .nanoseconds(Int64(plan.shape.warmup * 1e9))
        loop.scheduleTask(deadline: measuredFrom) { self.cpuAtBegin = ProcessCPU.seconds() }
        switch plan.shape.mode {
        case .open:
            nextIntended = schedule.next().map { begin + .nanoseconds($0) }
            handOutDue()
        case .closed:
            loop.scheduleTask(deadline: begin) {
                let resting = Array(self.idle)
                self.idle.removeAll()
                for connection in resting { self.becameIdle(connection) }
            }
            loop.scheduleTask(deadline: begin + length) { self.drain() }
        }
        sweep()
    }

    func becameIdle(_ connection: LoadConnection) {
        if let request = waiting.popFirst() {
            send(request, on: connection)
        } else if plan.shape.mode == .closed, state == .sending, let request = draw(intended: .now()) {
            send(request, on: connection)
        } else {
            idle.append(connection)
        }
    }

    func ended(_ pending: PendingRequest, _ outcome: Outcome, body: ByteBuffer? = nil) {
        underWay -= 1
        recorder.ended(pending, outcome, at: .now())
        switch outcome {
        case .ok:
            bodies?[pending.request.id] = body
        case .refused(let status) where [400, 404, 405, 422, 501].contains(status):
            let template = plan.mix[pending.request.template]
            if let needs = template.needs {
                return end(.failure(LoadTestError.lacking(needs: needs, request: template.name, status: status)))
            }
        case .wrong, .refused, .failed, .timedOut, .overflowed:
            break
        }
        endIfDrained()
    }

    /// Hands out the requests that are due and comes back when the next one is.
    private func handOutDue() {
        while state == .sending, let intended = nextIntended {
            let now = NIODeadline.now()
            guard intended <= now else {
                loop.scheduleTask(deadline: intended) { self.handOutDue() }
                return
            }
            nextIntended = schedule.next().map { begin + .nanoseconds($0) }
            guard let pending = draw(intended: intended) else { return }
            recorder.turned(to: pending, at: now)
            handOut(pending, at: now)
        }
        drain()
    }

    /// nil when the limit is reached.
    private func draw(intended: NIODeadline) -> PendingRequest? {
        if let limit = plan.requestLimit, drawn == limit {
            drain()
            return nil
        }
        drawn += 1
        return PendingRequest(
            request: source.next(), intended: intended, offset: (intended - measuredFrom).nanoseconds)
    }

    private func handOut(_ pending: PendingRequest, at now: NIODeadline) {
        if let connection = idle.popFirst() {
            send(pending, on: connection)
        } else if waiting.count < Self.queueBound {
            waiting.append(pending)
        } else {
            recorder.ended(pending, .overflowed, at: now)
        }
    }

    private func send(_ pending: PendingRequest, on connection: LoadConnection) {
        recorder.sent(pending, at: .now())
        underWay += 1
        let request = pending.request
        var headers = headers
        let content = request.body.map { ByteBuffer(string: $0) }
        if let content {
            headers.add(name: "content-type", value: "application/json")
            headers.add(name: "content-length", value: "\(content.readableBytes)")
        }
        let head = HTTPRequestHead(version: .http1_1, method: request.method, uri: request.path, headers: headers)
        connection.send(pending, head, content)
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

    private func drain() {
        guard state == .sending else { return }
        state = .draining
        endIfDrained()
    }

    private func endIfDrained() {
        guard state == .draining, waiting.isEmpty, underWay == 0 else { return }
        let planned = plan.requestLimit == nil ? begin + length : begin
        // All answers may be there before the last gap of the schedule is over.
        let ending = max(planned, recorder.lastEnd ?? planned)
        let seconds = max(Double((ending - measuredFrom).nanoseconds) / 1e9, 1e-9)
        let cpu = ProcessCPU.seconds() - (cpuAtBegin ?? 0)
        let report = LoadReport(
            plan: plan, recorder: recorder, seconds: seconds, cpuSeconds: cpu, scheduling: scheduling)
        end(.success(LoadOutcome(report: report, bodies: bodies ?? [:])))
    }
}
