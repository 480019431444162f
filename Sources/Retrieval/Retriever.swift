import Caching
import Kernels
package import Logging
import ModelBundle
package import Postgres

/// Answers queries on one generation: candidates from pgvector, exact ranking in memory.
package final class Retriever: Sendable {
    package let snapshot: Snapshot
    let pool: Pool
    let queries: CandidateQueries
    let settings: SearchSettings
    let calibration: Calibration
    let standardRecall: StandardRecall
    private let metrics: RetrievalMetrics
    /// Nil where no answer is measured.
    let recall: RecallMonitor?
    /// What people did since the generation was trained.
    let histories: RecentHistories
    private let logger: Logger
    /// What filters select, for as many of them as fit some memory: the same few are asked for again and again.
    private let selections = LRUCache<ItemFilter, RowSet>(entries: 256, bytes: 16 << 20)

    /// - Parameters:
    ///   - settings: those that the pool's connections were made with.
    ///   - calibration: of the snapshot's generation.
    package init(
        snapshot: Snapshot, pool: Pool, settings: SearchSettings, calibration: Calibration = .none,
        metrics: RetrievalMetrics, recall: RecallMonitor? = nil, histories: RecentHistories = .init(), logger: Logger
    ) {
        self.snapshot = snapshot
        self.calibration = calibration
        self.standardRecall = StandardRecall(settings, snapshot.generation, calibration)
        self.pool = pool
        self.queries = CandidateQueries(generation: snapshot.generation)
        self.settings = settings
        self.metrics = metrics
        self.recall = recall
        self.histories = histories
        self.logger = logger
    }

    /// It started from a file: until the database has confirmed what is in it, memory answers, and no answer is kept.
    var isProvisional: Bool { snapshot.filedAt != nil }

    /// The same searches over another generation.
    func over(_ snapshot: Snapshot) -> Retriever {
        Retriever(
            snapshot: snapshot, pool: pool, settings: settings, metrics: metrics, recall: recall,
            histories: histories, logger: logger)
    }

    /// The same searches, chosen by other measurements.
    func calibrated(by calibration: Calibration) -> Retriever {
        Retriever(
            snapshot: snapshot, pool: pool, settings: settings, calibration: calibration, metrics: metrics,
            recall: recall, histories: histories, logger: logger)
    }

    /// The items most similar to an item, itself left out, by cosine; or those that a user would watch next, seen ones left
    /// out, by the model's inner product.
    ///
    /// With `rerank` of `.model` the nearest `RatingPredictor.rerankedItems` are ordered by what the user would like; with `diversity` the nearest `Diversity.candidates` · `count` are chosen from.
    package func answer(_ request: SearchRequest, deadline: ContinuousClock.Instant) async throws -> Answer {
        var trace = SearchTrace()
        return try await answer(try asked(request), request, deadline: deadline, &trace)
    }

    /// - Parameter reply: what the database has said already; nil where it is yet to be asked.
    func answer(
        _ asked: Asked, _ request: SearchRequest, deadline: ContinuousClock.Instant, _ trace: inout SearchTrace,
        reply: DatabaseReply? = nil
    ) async throws -> Answer {
        if let offset = request.offset {
            return try await answer(asked, request.whole, deadline: deadline, &trace, reply: reply)
                .page(from: offset, count: request.count)
        }
        let reranker = try reranker(request)
        let search: Search
        switch asked.outcome {
        case .unfit(let excluded): return try popular(request, excluding: excluded)
        case .search(let found): search = found
        }
        let nearest = try await answer(
            search, count: candidates(request), deadline: deadline, &trace, reply: reply)
        let start = ContinuousClock.now
        // Both take longer than an event loop should be away from its other connections.
        if let reranker {
            defer { metrics.record(.model, request.route, .now - start) }
            let answer = await withTaskExecutorPreference(globalConcurrentExecutor) {
                reranker.reranked(
                    nearest, of: asked.user, history(of: asked), count: request.count, in: snapshot)
            }
            trace.model = .now - start
            return answer
        }
        if let diversity = request.options.diversity {
            let answer = await withTaskExecutorPreference(globalConcurrentExecutor) {
                snapshot.diversified(nearest, count: request.count, by: diversity)
            }
            trace.diversity = .now - start
            return answer
        }
        return nearest
    }

    /// How many of the nearest items a request's results are chosen from.
    func candidates(_ request: SearchRequest) -> Int {
        let count = request.whole.count
        if request.options.rerank == .model { return max(count, RatingPredictor.rerankedItems) }
        return count * (request.options.diversity == nil ? 1 : Diversity.candidates)
    }

    /// The same answer where it needs no waiting: an exact scan, in memory, of so few items that an event loop may do it.
    /// Nil where it needs more.
    package func immediate(_ request: SearchRequest) throws(RetrievalError) -> Answer? {
        guard request.options.engine == .memory else { return nil }
        return try briefScan(request, isDegraded: isProvisional)
    }

    /// What ``immediate(_:)`` would be if memory had been asked, marked as degraded: better than none where the database is
    /// asked too much. Nil where it takes longer.
    package func fallback(_ request: SearchRequest) throws(RetrievalError) -> Answer? {
        let answer = try briefScan(request, isDegraded: true)
        if answer != nil { metrics.recordDegraded() }
        return answer
    }

    private func briefScan(_ request: SearchRequest, isDegraded: Bool) throws(RetrievalError) -> Answer? {
        guard request.options.rerank != .model, request.options.diversity == nil else { return nil }
        switch try asked(request).outcome {
        case .unfit(let excluded): return try popular(request, excluding: excluded)
        case .search(let search):
            guard search.isBrief else { return nil }
            return answer(
                search, scan(search, request.count), from: .memory, count: request.count, isDegraded: isDegraded)
        }
    }

    /// The rows that a filter selects; nil for all.
    func selection(_ filter: ItemFilter) throws(RetrievalError) -> RowSet? {
        if let kept = selections.value(for: filter) { return kept }
        let rows = try snapshot.facets.rows(filter, itemRows: snapshot.itemRows)
        if let rows { selections.store(rows, for: filter, cost: snapshot.items.count / 8) }
        return rows
    }

    /// Nil where the request does not want the learned order.
    private func reranker(_ request: SearchRequest) throws(RetrievalError) -> ModelReranker? {
        guard request.options.rerank == .model else { return nil }
        guard request.person != nil else { throw .rerankWithoutUser }
        guard let reranker = snapshot.reranker else { throw .noRatingHead(generation: snapshot.generation.id) }
        return reranker
    }

    // MARK: Searching

    private func answer(
        _ search: Search, count: Int, deadline: ContinuousClock.Instant, _ trace: inout SearchTrace,
        reply: DatabaseReply?
    ) async throws -> Answer {
        var source = AnswerSource.pgvector
        var isDegraded = false
        var neighbors: [Neighbor]
        do {
            if !asksDatabase(search) {
                neighbors = await scanElsewhere(search, count, &trace)
                source = .memory
                isDegraded = isProvisional
                if isDegraded { metrics.recordDegraded() }
            } else {
                let found: [Neighbor]? =
                    if let reply {
                        try self.neighbors(in: try reply.get(), search, count: count, &trace)
                    } else {
                        try await candidates(search, count: count, deadline: deadline, &trace)
                    }
                if let found, found.count >= min(count, search.reachable) {
                    neighbors = found
                    sampleRecall(search, found, count: count)
                } else {
                    if found != nil { metrics.recordCompleted() }
                    neighbors = await scanElsewhere(search, count, &trace)
                    source = .memory
                }
            }
        } catch let error as PostgresError where error.code == .poolExhausted && !search.isBrief {
            throw RetrievalError.overloaded(retryAfter: 1)
        } catch let error as PostgresError where error.code == .cancelled {
            throw CancellationError()
        } catch let error as PostgresError {
            // Whatever ails the database, memory has the exact answer; it is marked and counted. An outage is the
            // pool's to log, once an attempt and not once a request.
            metrics.recordDegraded()
            let isOutage = error.isUnavailable || error.code == .deadline || error.code == .poolExhausted
            logger.log(
                level: isOutage ? .debug : .error, "answered from memory",
                metadata: ["error": "\(error)", "code": "\(error.code)"])
            neighbors = await scanElsewhere(search, count, &trace)
            source = .memory
            isDegraded = true
        }
        return answer(search, neighbors, from: source, count: count, isDegraded: isDegraded)
    }

    private func answer(
        _ search: Search, _ neighbors: [Neighbor], from source: AnswerSource, count: Int, isDegraded: Bool = false
    ) -> Answer {
        if neighbors.count < count, neighbors.count < search.reachable { metrics.recordShortfall() }
        let results = neighbors.map { neighbor in
            Answer.Result(
                item: self.snapshot.items[Int(neighbor.row)], distance: neighbor.distance,
                score: search.scoreAtZero - neighbor.distance * neighbor.distance / 2, source: .vector)
        }
        return Answer(
            generation: snapshot.generation.id, source: source, requested: count, isDegraded: isDegraded,
            results: results, expectedRecall: search.options.expectedRecall)
    }

    /// Candidates from the database, ranked exactly; nil where it is not asked.
    ///
    /// - Parameter limit: how many it is asked for; nil for as many as `count` results need.
    func candidates(
        _ search: Search, count: Int, limit: Int? = nil, deadline: ContinuousClock.Instant, _ trace: inout SearchTrace
    ) async throws -> [Neighbor]? {
        guard let limit = limit ?? self.limit(search, count: count) else { return nil }
        let question = question(search, limit: limit)
        trace.limit = limit
        let asked = ContinuousClock.now
        let result: QueryResult
        do {
            let (reply, sent) = try await pool.query(
                question.statement, question.parameters, settings: question.settings, deadline: deadline)
            result = reply
            let received = ContinuousClock.now
            (trace.queue, trace.database) = (sent - asked, received - sent)
            metrics.record(.queue, search.route, sent - asked)
            metrics.record(.database, search.route, received - sent)
        } catch {
            // Failures are timed too; whether one waited for a connection or for the server, nobody knows.
            metrics.record(.database, search.route, .now - asked)
            throw error
        }
        return try neighbors(in: result, search, count: count, &trace)
    }

    typealias DatabaseReply = Result<QueryResult, PostgresError>

    /// Whether candidates come from the database, if it is not asked for too many.
    func asksDatabase(_ search: Search) -> Bool { search.options.engine != .memory && !isProvisional }

    /// Ranks the candidates that the database has given.
    private func neighbors(
        in result: QueryResult, _ search: Search, count: Int, _ trace: inout SearchTrace
    ) throws -> [Neighbor] {
        let received = ContinuousClock.now
        defer {
            trace.rerank = .now - received
            metrics.record(.rerank, search.route, .now - received)
        }
        trace.candidates = result.rowCount
        var rows: [Int32] = []
        rows.reserveCapacity(result.rowCount)
        for index in 0..<result.rowCount {
            let id = try result.int32(index, 0)
            guard let row = snapshot.itemRows[id] else {
                throw PostgresError(.protocolViolation, "the database answered with item \(id), which it never had")
            }
            // A sequential scan also returns rows without a vector, last.
            if search.column.absent.contains(row) { continue }
            if !search.excludesInDatabase, search.excluded.contains(row) { continue }
            if let allowed = search.allowed, !allowed.contains(row) { continue }
            rows.append(row)
        }
        let ranked = search.query.withUnsafeBufferPointer {
            ExactScan.rank(rows, by: $0, in: search.column.matrix)
        }
        switch search.options.rerank {
        case .distance, .model: return Array(ranked.prefix(count))
        case .none:
            let byRow = Dictionary(uniqueKeysWithValues: ranked.map { ($0.row, $0) })
            return rows.prefix(count).map { byRow[$0]! }
        }
    }

    /// An exact scan that leaves the event loop to its other connections where it takes long.
    private func scanElsewhere(_ search: Search, _ count: Int, _ trace: inout SearchTrace) async -> [Neighbor] {
        let start = ContinuousClock.now
        defer {
            trace.rerank = .now - start
            trace.candidates = search.reachable
        }
        if search.isBrief { return scan(search, count) }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { scan(search, count) }
    }

    private func scan(_ search: Search, _ count: Int) -> [Neighbor] {
        let start = ContinuousClock.now
        defer { metrics.record(.rerank, search.route, .now - start) }
        return search.nearest(count)
    }

    /// The fallback for a query without a vector; no degradation, and each result says so.
    private func popular(
        _ request: SearchRequest, excluding excluded: ArraySlice<Int32>
    ) throws(RetrievalError) -> Answer {
        let left = RowSet(excluded)
        let allowed = try request.options.filter.flatMap { filter throws(RetrievalError) in try selection(filter) }
        let rows = snapshot.popular.lazy.filter { !left.contains($0) && allowed?.contains($0) ?? true }
        let results = rows.prefix(request.count).map { row in
            Answer.Result(item: self.snapshot.items[Int(row)], distance: nil, score: nil, source: .popular)
        }
        return Answer(
            generation: snapshot.generation.id, source: .memory, requested: request.count, isDegraded: isProvisional,
            results: Array(results))
    }
}
