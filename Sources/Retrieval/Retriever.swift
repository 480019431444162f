import Kernels
package import Logging
import ModelBundle
package import Postgres
import Schema

/// Answers queries on one generation: candidates from pgvector, exact ranking in memory.
package final class Retriever: Sendable {
    package let snapshot: Snapshot
    let pool: Pool
    private let queries: CandidateQueries
    private let settings: SearchSettings
    private let metrics: RetrievalMetrics
    private let logger: Logger

    /// - Parameter settings: those that the pool's connections were made with.
    package init(
        snapshot: Snapshot, pool: Pool, settings: SearchSettings, metrics: RetrievalMetrics, logger: Logger
    ) {
        self.snapshot = snapshot
        self.pool = pool
        self.queries = CandidateQueries(generation: snapshot.generation)
        self.settings = settings
        self.metrics = metrics
        self.logger = logger
    }

    /// It started from a file: until the database has confirmed what is in it, memory answers, and no answer is kept.
    var isProvisional: Bool { snapshot.filedAt != nil }

    /// The same searches over another generation.
    func over(_ snapshot: Snapshot) -> Retriever {
        Retriever(snapshot: snapshot, pool: pool, settings: settings, metrics: metrics, logger: logger)
    }

    /// The items most similar to an item, itself left out, by cosine; or those that a user would watch next, seen ones left
    /// out, by the model's inner product.
    ///
    /// With `rerank` of `.model` the nearest `RatingPredictor.rerankedItems` (or `count`, if that is more) are ordered by what
    /// the user would like.
    package func answer(_ request: SearchRequest, deadline: ContinuousClock.Instant) async throws -> Answer {
        let reranker = try reranker(request)
        let (row, outcome) = try searchable(request)
        switch outcome {
        case .unfit(let excluded): return popular(request.count, excluding: excluded)
        case .search(let search):
            guard let reranker else { return try await answer(search, count: request.count, deadline: deadline) }
            let candidates = max(request.count, RatingPredictor.rerankedItems)
            let answer = try await answer(search, count: candidates, deadline: deadline)
            let start = ContinuousClock.now
            defer { metrics.record(.model, request.route, .now - start) }
            // Longer than an event loop should be away from its other connections.
            return await withTaskExecutorPreference(globalConcurrentExecutor) {
                reranker.reranked(answer, of: row, count: request.count, in: snapshot)
            }
        }
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
        guard request.options.rerank != .model else { return nil }
        switch try searchable(request).outcome {
        case .unfit(let excluded): return popular(request.count, excluding: excluded)
        case .search(let search):
            guard search.isBrief else { return nil }
            let neighbors = scan(search, request.count)
            return answer(search, neighbors, from: .memory, count: request.count, isDegraded: isDegraded)
        }
    }

    private func searchable(_ request: SearchRequest) throws(RetrievalError) -> (row: Int32, outcome: Searchable) {
        switch request.route {
        case .similar:
            let row = try snapshot.itemRow(request.id)
            return (row, similaritySearch(row: row, request.options))
        case .recommendations:
            let row = try snapshot.userRow(request.id)
            return (row, recommendationSearch(row: row, request.options))
        }
    }

    /// Nil where the request does not want the learned order.
    private func reranker(_ request: SearchRequest) throws(RetrievalError) -> ModelReranker? {
        guard request.options.rerank == .model else { return nil }
        guard request.route == .recommendations else { throw .rerankWithoutUser }
        guard let reranker = snapshot.reranker else { throw .noRatingHead(generation: snapshot.generation.id) }
        return reranker
    }

    // MARK: Searching

    struct Search {
        let route: RetrievalMetrics.Route
        let space: CandidateQueries.Space
        let column: VectorColumn
        let query: FloatMatrix.Row
        /// Item rows, ascending.
        let excluded: ArraySlice<Int32>
        /// Whether the statement leaves them out, or they are dropped from a longer list of candidates.
        let excludesInDatabase: Bool
        let options: SearchOptions
        /// The score of a result at distance d is this minus d² / 2.
        let scoreAtZero: Double

        /// Whether an event loop may scan the column; it takes some 50 µs.
        var isBrief: Bool { column.matrix.rows * column.matrix.columns <= 1 << 19 }
    }

    enum Searchable {
        case search(Search)
        /// There is no vector to ask with.
        case unfit(excluded: ArraySlice<Int32>)
    }

    func similaritySearch(row: Int32, _ options: SearchOptions) -> Searchable {
        guard !snapshot.similarities.absent.contains(row) else { return .unfit(excluded: [row]) }
        // The item is its own nearest neighbour, so one more candidate than wanted; cheaper than a condition.
        // ‖a − b‖² = 2 − 2 cos(a, b), as both have norm 1.
        return .search(
            Search(
                route: .similar, space: .similarity, column: snapshot.similarities,
                query: snapshot.similarities.matrix[Int(row)], excluded: [row], excludesInDatabase: false,
                options: options, scoreAtZero: 1))
    }

    func recommendationSearch(row: Int32, _ options: SearchOptions) -> Searchable {
        let seen = snapshot.seen[row]
        guard !snapshot.userVectors.absent.contains(row) else { return .unfit(excluded: seen) }
        // ‖u − v‖² = 2M² − 2 u·v, as both have norm M.
        return .search(
            Search(
                route: .recommendations, space: .embedding, column: snapshot.embeddings,
                query: snapshot.userVectors.matrix[Int(row)], excluded: seen, excludesInDatabase: true,
                options: options, scoreAtZero: snapshot.generation.maximumNorm * snapshot.generation.maximumNorm))
    }

    private func answer(
        _ search: Search, count: Int, deadline: ContinuousClock.Instant
    ) async throws -> Answer {
        var source = AnswerSource.pgvector
        var isDegraded = false
        var neighbors: [Neighbor]
        do {
            if search.options.engine == .memory || isProvisional {
                neighbors = await scanElsewhere(search, count)
                source = .memory
                isDegraded = isProvisional
                if isDegraded { metrics.recordDegraded() }
            } else {
                let found = try await candidates(search, count: count, deadline: deadline)
                let isShort = found.map { $0.count < min(count, reachable(search)) }
                if isShort == true { metrics.recordShortfall() }
                if let found, isShort == false {
                    neighbors = found
                } else {
                    neighbors = await scanElsewhere(search, count)
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
            neighbors = await scanElsewhere(search, count)
            source = .memory
            isDegraded = true
        }
        return answer(search, neighbors, from: source, count: count, isDegraded: isDegraded)
    }

    private func answer(
        _ search: Search, _ neighbors: [Neighbor], from source: AnswerSource, count: Int, isDegraded: Bool = false
    ) -> Answer {
        let results = neighbors.map { neighbor in
            Answer.Result(
                item: self.snapshot.items[Int(neighbor.row)], distance: neighbor.distance,
                score: search.scoreAtZero - neighbor.distance * neighbor.distance / 2, source: .vector)
        }
        return Answer(
            generation: snapshot.generation.id, source: source, requested: count, isDegraded: isDegraded,
            results: results)
    }

    /// What the database is asked for a search.
    struct Question {
        let statement: Statement
        let parameters: [Parameter]
        let settings: [Setting]
    }

    /// Nil where it would be asked for more than the largest limit, which an exact scan in memory beats.
    func question(_ search: Search, count: Int) -> Question? {
        let wanted = oversampling(search) * count + (search.excludesInDatabase ? 0 : search.excluded.count)
        guard let limit = CandidateQueries.limit(for: wanted) else { return nil }
        let excludes = search.excludesInDatabase && !search.excluded.isEmpty
        var parameters = [query(search)]
        if excludes { parameters.append(.int32Array(search.excluded.map { self.snapshot.items[Int($0)].id })) }
        return Question(
            statement: queries.statement(
                search.space, limit: limit, excluding: excludes, exact: search.options.isExact),
            parameters: parameters, settings: serverSettings(search, limit: limit, excludes: excludes))
    }

    /// Candidates from the database, ranked exactly; nil where it is not asked.
    private func candidates(
        _ search: Search, count: Int, deadline: ContinuousClock.Instant
    ) async throws -> [Neighbor]? {
        guard let question = question(search, count: count) else { return nil }
        let asked = ContinuousClock.now
        let result: QueryResult
        let received: ContinuousClock.Instant
        do {
            let (reply, sent) = try await pool.query(
                question.statement, question.parameters, settings: question.settings, deadline: deadline)
            result = reply
            received = .now
            metrics.record(.queue, search.route, sent - asked)
            metrics.record(.database, search.route, received - sent)
        } catch {
            // Failures are timed too; whether one waited for a connection or for the server, nobody knows.
            metrics.record(.database, search.route, .now - asked)
            throw error
        }
        defer { metrics.record(.rerank, search.route, .now - received) }
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

    private func oversampling(_ search: Search) -> Int {
        if search.options.isExact { return 1 }
        return search.options.oversampling ?? settings.oversampling ?? snapshot.generation.storage.defaultOversampling
    }

    /// An HNSW scan goes on past its `ef_search` candidates only where it must: for more of them, or past exclusions
    /// (without it 145 of MovieLens' 943 users came out short). Where it need not, PostgreSQL answers 1.6 times as many.
    private func serverSettings(_ search: Search, limit: Int, excludes: Bool) -> [Setting] {
        guard !search.options.isExact else { return [] }
        switch snapshot.generation.index {
        case "hnsw":
            let mustGoOn = excludes || limit > (search.options.efSearch ?? settings.efSearch)
            let iteration = Setting("hnsw.iterative_scan", mustGoOn ? "strict_order" : "off", scope: .session)
            return [iteration] + (search.options.efSearch.map { [Setting("hnsw.ef_search", String($0))] } ?? [])
        case "ivfflat":
            let probes = settings.probes ?? snapshot.generation.probes ?? 1
            return [Setting("ivfflat.probes", String(probes), scope: .session)]
        default:
            return []
        }
    }

    /// The query as the index understands it.
    private func query(_ search: Search) -> Parameter {
        if let coder = search.column.bitCoder, !search.options.isExact {
            .bits(search.query.withUnsafeBufferPointer(coder.code))
        } else {
            .vector(Array(search.query))
        }
    }

    /// An exact scan that leaves the event loop to its other connections where it takes long.
    private func scanElsewhere(_ search: Search, _ count: Int) async -> [Neighbor] {
        if search.isBrief { return scan(search, count) }
        return await withTaskExecutorPreference(globalConcurrentExecutor) { scan(search, count) }
    }

    private func scan(_ search: Search, _ count: Int) -> [Neighbor] {
        let start = ContinuousClock.now
        defer { metrics.record(.rerank, search.route, .now - start) }
        return search.column.nearest(to: search.query, count: count, excluding: RowSet(search.excluded))
    }

    /// How many items have a vector and are not excluded.
    private func reachable(_ search: Search) -> Int {
        let excluded = search.excluded.count { !search.column.absent.contains($0) }
        return search.column.matrix.rows - search.column.absent.count - excluded
    }

    /// The fallback for a query without a vector; no degradation, and each result says so.
    private func popular(_ count: Int, excluding excluded: ArraySlice<Int32>) -> Answer {
        let left = RowSet(excluded)
        let results = snapshot.popular.lazy.filter { !left.contains($0) }.prefix(count).map { row in
            Answer.Result(item: self.snapshot.items[Int(row)], distance: nil, score: nil, source: .popular)
        }
        return Answer(
            generation: snapshot.generation.id, source: .memory, requested: count, isDegraded: isProvisional,
            results: Array(results))
    }
}
