import Synchronization

/// The retriever of the generation that is served now.
///
/// A request takes it once and keeps it to its end, so that nothing in its answer is of two generations. A generation
/// that was replaced stays in memory until the last request that took it has ended.
package final class CurrentRetriever: Sendable {
    private let held: Mutex<Retriever>
    private let onReplacement: @Sendable () -> Void

    /// - Parameter onReplacement: called once another generation is served.
    package init(_ retriever: Retriever, onReplacement: @escaping @Sendable () -> Void = {}) {
        held = Mutex(retriever)
        self.onReplacement = onReplacement
    }

    package var retriever: Retriever { held.withLock { $0 } }

    /// The same generation goes on, its searches chosen by other measurements.
    func recalibrate(_ calibration: Calibration) { held.withLock { $0 = $0.calibrated(by: calibration) } }

    func replace(with retriever: Retriever) {
        let former = held.withLock { held in
            defer { held = retriever }
            return held
        }
        // Where people look for titles, the next one should not wait for the index.
        if former.snapshot.titleIndex.isAsked { retriever.snapshot.prepareTitles() }
        onReplacement()
    }
}
