import Synchronization

/// The retriever of the generation that is served now.
///
/// A request takes it once and keeps it to its end, so that nothing in its answer is of two generations. A generation
/// that was replaced stays in memory until the last request that took it has ended.
package final class CurrentRetriever: Sendable {
    private let held: Mutex<Retriever>

    package init(_ retriever: Retriever) { held = Mutex(retriever) }

    package var retriever: Retriever { held.withLock { $0 } }

    func replace(with retriever: Retriever) { held.withLock { $0 = retriever } }
}
