/// The proof of the instrument: it measures a server whose latencies are known.
package struct SelfTest: Sendable {
    /// How far above a known latency a measured one may be: both ends' timers, a scheduler, a shared machine.
    static let latencyBoundMs = 1.0
    /// How far a stall's percentiles may be from what arithmetic says.
    static let freezeBoundMs = 60.0
    static let freezeSeconds = 1.0

    /// The program and arguments that start `KnownServer` and print its URL; `--freeze-after` and `--freeze` follow.
    let serverCommand: [String]
    /// Whether wrk's absence is an error.
    let requiresWrk: Bool

    package init(serverCommand: [String], requiresWrk: Bool) {
        self.serverCommand = serverCommand
        self.requiresWrk = requiresWrk
    }

    /// About a minute.
    ///
    /// - Parameter progress: called with what is measured next.
    package func run(progress: (String) -> Void) async throws -> [SelfTestCheck] {
        var checks: [SelfTestCheck] = []
        progress("known latencies")
        checks += try await withServer(knownLatencies)
        progress("a freeze of \(Self.freezeSeconds) s, open loop")
        checks += try await withServer(freezeInOpenLoop)
        progress("the same freeze, closed loop")
        checks += try await withServer(freezeInClosedLoop)
        progress("throughput beside wrk")
        checks += try await withServer(throughput)
        progress("pacing at 10,000 requests per second")
        checks += try await withServer(pacing)
        progress("a rate that no single loop can send")
        checks += try await withServer(overload)
        return checks
    }

    private func withServer(_ body: (String) async throws -> [SelfTestCheck]) async throws -> [SelfTestCheck] {
        let server = try ServerProcess(
            serverCommand + ["--freeze-after", "\(Self.freezeAt)", "--freeze", "\(Self.freezeSeconds)"])
        let result: Result<[SelfTestCheck], any Error>
        do {
            result = .success(try await body(server.url))
        } catch {
            result = .failure(error)
        }
        try server.stop()
        return try result.get()
    }

    // After a warm-up of 1 s, 2 s into the measured time.
    static let freezeAt = 3.0

    func report(_ url: String, _ path: String, _ change: (inout LoadShape) -> Void) async throws -> LoadReport {
        var shape = LoadShape()
        shape.warmup = 1
        shape.duration = 6
        shape.arrivals = .constant
        change(&shape)
        return try await LoadTest.run(
            LoadPlan(endpoint: Endpoint(url: url), mix: [RequestTemplate(path: path)], shape: shape))
    }
}
