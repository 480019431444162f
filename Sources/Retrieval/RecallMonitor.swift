import Synchronization
package import Telemetry

/// Measures, while serving, how many of the nearest items an approximate index finds: a share of the answers is compared
/// with an exact scan of the same search, off the hot path.
///
/// What is compared are distances, not ids, so that of two items equally near either is right.
package final class RecallMonitor: Sendable {
    /// An answer of the index, and what it is measured by.
    struct Sample: Sendable {
        let generation: Int
        let route: RetrievalMetrics.Route
        /// Of what the index gave, at most as many as were asked for.
        let distances: [Double]
        /// The nearest as many as were asked for, ascending, under the same exclusions; takes as long as a scan does.
        let exactDistances: @Sendable () -> [Double]
    }

    /// Answers that may wait; beyond them the newest are dropped and counted.
    private static let capacity = 256
    /// Samples in the gauge's mean.
    static let window = 1000
    /// Single precision's rounding, which depends on how a distance was summed.
    private static let tolerance = 1e-6

    /// Of 2⁶⁴ equally likely numbers, those up to this one are drawn.
    private let threshold: UInt64
    private let drawn = Atomic<UInt64>(0)
    private let registry: Registry
    private let dropped: Counter
    private let (samples, queue) = AsyncStream<Sample?>.makeStream(bufferingPolicy: .bufferingOldest(capacity))

    /// - Parameter share: of the index's answers that are measured, above 0 and at most 1.
    package init(share: Double, registry: Registry) {
        threshold = share >= 1 ? .max : UInt64(share * 0x1p64)
        self.registry = registry
        dropped = registry.counter(
            name: MetricName.recallDropped, help: "Sampled answers not measured because too many were waiting.")
    }

    // MARK: On the hot path

    /// Whether the next answer is to be measured: one atomic addition. A draw, since every hundredth might always be the
    /// same client's.
    func draws() -> Bool {
        // SplitMix64 (Steele, Lea and Flood, 2014): numbers in a row, mixed.
        var mixed = drawn.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31) <= threshold
    }

    func add(_ sample: Sample) {
        if case .dropped = queue.yield(sample) { dropped.increment() }
    }

    /// What is served is another now; the former's series go.
    package func forget() { queue.yield(nil) }

    // MARK: Off it

    /// Measures until the task is cancelled.
    package func run(watching current: CurrentRetriever) async {
        await withTaskExecutorPreference(BackgroundThread.shared) {
            var shown: [RetrievalMetrics.Route: RecallSeries] = [:]
            for await sample in samples {
                let generation = current.retriever.snapshot.generation.id
                for (route, series) in shown where series.generation != generation {
                    series.remove()
                    shown[route] = nil
                }
                // One that was replaced meanwhile has no series any more.
                guard let sample, sample.generation == generation else { continue }
                let (expected, found) = Self.measure(sample)
                shown[sample.route, default: RecallSeries(registry, sample.route, generation: generation)]
                    .record(expected: expected, found: found)
            }
        }
    }

    /// How many of the exact scan's items there are, and how many of them the index found.
    static func measure(_ sample: Sample) -> (expected: Int, found: Int) {
        let exact = sample.exactDistances()
        guard let farthest = exact.last else { return (0, 0) }
        let limit = farthest * (1 + tolerance)
        return (exact.count, min(exact.count, sample.distances.count { $0 <= limit }))
    }
}
