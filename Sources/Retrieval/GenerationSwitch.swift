import Logging
import Postgres

/// One change of the served generation: read, warmed, then put in place in one step.
struct GenerationSwitch {
    enum Outcome { case done, pointerMovedOn }

    let current: CurrentRetriever
    let metrics: GenerationMetrics
    let logger: Logger
    /// How long the pool's connections may be held up by warming them, well below a request's patience.
    var budget = Duration.milliseconds(200)

    /// Serves what the pointer names, unless it has moved by the time that is ready: a generation that is active no more
    /// is not put in place.
    ///
    /// - Throws: `RetrievalError` or `PostgresError`; nothing has changed then.
    func run(_ pointer: GenerationPointer) async throws -> Outcome {
        let start = ContinuousClock.now
        let former = current.retriever
        // Decoding takes seconds where there are a million vectors.
        let snapshot = try await withTaskExecutorPreference(BackgroundThread.shared) {
            try await SnapshotReader(pointer.connection).read(catalogue: pointer.catalogue)
        }
        // What came from a file, or still has somebody who was erased, is replaced by what the database has under the
        // same number.
        guard
            snapshot.generation.id != former.snapshot.generation.id || former.isProvisional
                || snapshot.erasedAt != former.snapshot.erasedAt
        else {
            return .pointerMovedOn
        }
        let next = former.over(snapshot)
        try await next.warm(pointer.connection, replacing: former)
        let warmed = try await next.warmPool(replacing: former, until: .now + budget)
        guard try await pointer.read()?.generation == snapshot.generation.id else { return .pointerMovedOn }

        current.replace(with: next)
        metrics.recordSwitch(from: former.snapshot.generation, to: snapshot.generation)
        let seconds = start.duration(to: .now) / .seconds(1)
        logger.info(
            former.snapshot.generation.id == snapshot.generation.id
                ? "read the generation again" : "switched generation",
            metadata: [
                "from": "\(former.snapshot.generation.id)", "to": "\(snapshot.generation.id)",
                "seconds": "\((seconds * 1000).rounded() / 1000)", "warmed_connections": "\(warmed)",
            ])
        return .done
    }
}
