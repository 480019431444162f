import Telemetry
import Testing

@Suite struct HistogramTests {
    /// The bounds as the documentation states them, in nanoseconds.
    private let bounds: [UInt64] = (0..<18).flatMap { octave in
        (0..<4).map { quarter in (50_000 << octave) / 4 * (4 + quarter) }
    }.dropLast()

    /// The cumulative count of each bucket after one value, as a scrape shows it.
    private func buckets(after nanoseconds: UInt64) throws -> [(le: String, count: Double)] {
        let registry = Registry()
        registry.histogram(name: "latency_seconds", help: "Latency.").record(nanoseconds: nanoseconds)
        return try Exposition(registry.render()).samples.filter { $0.name == "latency_seconds_bucket" }
            .map { ($0.labels["le"]!, $0.value) }
    }

    @Test("there are 71 bounds, four per octave from 50 µs to below 10 s, then +Inf")
    func documentedBounds() throws {
        let shown = try buckets(after: 1).map(\.le)
        #expect(shown.dropLast().map { Double($0)! } == bounds.map { Double($0) / 1e9 })
        #expect(shown.prefix(5) == ["0.00005", "0.0000625", "0.000075", "0.0000875", "0.0001"])
        #expect(shown.suffix(2) == ["9.8304", "+Inf"])
        #expect(shown.count == 72)
    }

    @Test("a value equal to a bound is in its bucket, a nanosecond more in the next")
    func boundaries() throws {
        for (index, bound) in bounds.enumerated() {
            #expect(try buckets(after: bound).firstIndex { $0.count == 1 } == index)
            #expect(try buckets(after: bound + 1).firstIndex { $0.count == 1 } == index + 1)
        }
    }

    @Test("nothing is too short or too long", arguments: [(0, 0), (1, 0), (10_000_000_000, 71), (UInt64.max, 71)])
    func extremes(nanoseconds: UInt64, index: Int) throws {
        #expect(try buckets(after: nanoseconds).firstIndex { $0.count == 1 } == index)
    }

    @Test("durations are recorded to the nanosecond, negative ones as zero")
    func durations() throws {
        let registry = Registry()
        let histogram = registry.histogram(name: "latency_seconds", help: "Latency.")
        histogram.record(.seconds(2) + .nanoseconds(3))
        histogram.record(.microseconds(-5))
        histogram.record(since: .now)
        #expect(histogram.count == 3)
        let sum = try Exposition(registry.render()).samples.first { $0.name == "latency_seconds_sum" }
        #expect(sum!.value >= 2.000000003)
    }

    @Test("concurrent recording loses nothing")
    func concurrency() async throws {
        let registry = Registry()
        let histogram = registry.histogram(name: "latency_seconds", help: "Latency.")
        let counter = registry.counter(name: "requests_total", help: "Requests.")
        let gauge = registry.gauge(name: "in_flight", help: "Requests under way.")
        await withTaskGroup(of: Void.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    for step in 0..<10_000 {
                        histogram.record(nanoseconds: UInt64(worker * 1_000_000 + step))
                        counter.increment()
                        gauge.add(step.isMultiple(of: 2) ? 1 : -1)
                        if step.isMultiple(of: 1_000) { _ = registry.render() }
                    }
                }
            }
        }
        #expect(histogram.count == 80_000)
        #expect(counter.value == 80_000)
        #expect(gauge.value == 0)
        let samples = try Exposition(registry.render()).samples
        let nanoseconds = (0..<8).reduce(0) { $0 + $1 * 1_000_000 * 10_000 } + 8 * (10_000 * 9_999 / 2)
        #expect(samples.first { $0.name == "latency_seconds_sum" }!.value == Double(nanoseconds) / 1e9)
    }
}
