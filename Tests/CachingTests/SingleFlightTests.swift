import Caching
import Testing

@Suite struct SingleFlightTests {
    private struct Failure: Error, Equatable {
        let number: Int
    }

    /// Returns once `count` callers wait in `flight`.
    private func untilWaiting(_ count: Int, in flight: SingleFlight<Int, Int>) async {
        while flight.waiting != count { await Task.yield() }
    }

    @Test("callers for a missing key share one computation")
    func shared() async throws {
        let flight = SingleFlight<Int, Int>()
        let gate = Gate()
        let computations = Tally()
        let values = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    try await flight.value(for: 1) {
                        computations.raise()
                        await gate.pass()
                        return 42
                    }
                }
            }
            await untilWaiting(20, in: flight)
            gate.open()
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(values == [Int](repeating: 42, count: 20))
        #expect(computations.value == 1)
        #expect(flight.waiting == 0)
    }

    @Test("a failure reaches all waiters and is not remembered")
    func failure() async throws {
        let flight = SingleFlight<Int, Int>()
        let gate = Gate()
        let results = await withTaskGroup(of: Result<Int, any Error>.self) { group in
            for caller in 0..<5 {
                group.addTask {
                    do {
                        return .success(
                            try await flight.value(for: 1) {
                                await gate.pass()
                                throw Failure(number: caller)
                            })
                    } catch {
                        return .failure(error)
                    }
                }
            }
            await untilWaiting(5, in: flight)
            gate.open()
            return await group.reduce(into: []) { $0.append($1) }
        }
        let failures = results.map { result in
            if case .failure(let error as Failure) = result { error.number } else { -1 }
        }
        #expect(failures.count == 5)
        #expect(Set(failures).count == 1 && failures[0] >= 0)
        #expect(try await flight.value(for: 1) { 7 } == 7)
    }

    @Test("a cancelled waiter leaves at once and the others get their value")
    func cancelledWaiter() async throws {
        let flight = SingleFlight<Int, Int>()
        let gate = Gate()
        let compute: @Sendable () async throws -> Int = {
            await gate.pass()
            return 42
        }
        let first = Task { try await flight.value(for: 1, orCompute: compute) }
        await untilWaiting(1, in: flight)
        let second = Task { try await flight.value(for: 1, orCompute: compute) }
        await untilWaiting(2, in: flight)
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        #expect(flight.waiting == 1)
        gate.open()
        #expect(try await first.value == 42)
    }

    @Test("when the caller that computes is cancelled another computes in its place")
    func cancelledComputation() async throws {
        let flight = SingleFlight<Int, Int>()
        let gate = Gate()
        let computations = Tally()
        let compute: @Sendable () async throws -> Int = {
            computations.raise()
            await gate.pass()
            try Task.checkCancellation()
            return 42
        }
        let first = Task { try await flight.value(for: 1, orCompute: compute) }
        await untilWaiting(1, in: flight)
        let others = (0..<2).map { _ in Task { try await flight.value(for: 1, orCompute: compute) } }
        await untilWaiting(3, in: flight)
        first.cancel()
        gate.open()
        await #expect(throws: CancellationError.self) { try await first.value }
        for other in others { #expect(try await other.value == 42) }
        // The gate is open by then: the second may have ended before the third asks again.
        #expect((2...3).contains(computations.value))
        #expect(flight.waiting == 0)
    }

    @Test("a caller cancelled beforehand begins nothing")
    func cancelledBeforehand() async {
        let flight = SingleFlight<Int, Int>()
        let computations = Tally()
        await withTaskGroup(of: Void.self) { group in
            group.cancelAll()
            group.addTask {
                await #expect(throws: CancellationError.self) {
                    try await flight.value(for: 1) {
                        computations.raise()
                        return 1
                    }
                }
            }
        }
        #expect(computations.value == 0)
        #expect(flight.waiting == 0)
    }

    @Test("keys do not wait for each other")
    func independentKeys() async throws {
        let flight = SingleFlight<Int, Int>()
        let gate = Gate()
        let blocked = Task {
            try await flight.value(for: 1) {
                await gate.pass()
                return 1
            }
        }
        await untilWaiting(1, in: flight)
        #expect(try await flight.value(for: 2) { 2 } == 2)
        gate.open()
        #expect(try await blocked.value == 1)
    }

    @Test("callers that come, share, fail and are cancelled at random all get an answer of their key")
    func hammering() async {
        let flight = SingleFlight<Int, Int>()
        let faults = await withTaskGroup(of: Int.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var random = RandomSource(seed: UInt64(worker))
                    var faults = 0
                    for _ in 0..<500 {
                        let key = Int.random(in: 0..<4, using: &random)
                        let call = Task {
                            try await flight.value(for: key) {
                                await Task.yield()
                                if key == 3 { throw Failure(number: key) }
                                return key * 31
                            }
                        }
                        let isCancelled = Bool.random(using: &random)
                        if isCancelled { call.cancel() }
                        switch await call.result {
                        case .success(let value): faults += value == key * 31 ? 0 : 1
                        case .failure(let error as Failure): faults += error.number == key ? 0 : 1
                        case .failure(let error): faults += isCancelled && error is CancellationError ? 0 : 1
                        }
                    }
                    return faults
                }
            }
            return await group.reduce(0, +)
        }
        #expect(faults == 0)
        #expect(flight.waiting == 0)
    }
}
