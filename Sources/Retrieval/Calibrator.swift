import Kernels
package import Logging
package import Postgres
import Telemetry

/// Measures what searches of one generation find and take, one query at a time, on a connection of its own.
///
/// Recall is the share of the exact nearest among what is found, ties and float rounding forgiven; times are what a request
/// waits for the database or for memory, without HTTP.
package struct Calibrator {
    package struct Effort: Sendable {
        /// Searches for each measurement.
        package var queries: Int
        /// Results asked for; what was measured for more stands for fewer.
        package var counts: [Int]

        package init(queries: Int = 300, counts: [Int] = [10, 100]) {
            self.queries = queries
            self.counts = counts
        }
    }

    /// A search and what it should find.
    private struct Subject {
        let search: Search
        /// Distances of the exact nearest, as far as they exist.
        let exact: [Double]
    }

    /// pgvector takes no more than 1000 for `hnsw.ef_search`.
    private static let efSearches = [10, 16, 24, 32, 40, 64, 100, 160, 250, 400, 640, 1000]
    /// Of the rows; how few are gathered rather than scanned depends on ``VectorColumn/isGathered(_:)``.
    private static let gatheredShares = [1024, 256, 64, 16, 8, 4]
    private static let warmUps = 20
    private static let tolerance = 1e-6
    private static let patience = Duration.seconds(60)

    private let retriever: Retriever
    private let settings: SearchSettings
    private let effort: Effort
    private let report: @Sendable (String) -> Void

    /// Runs `body` with a calibrator of a generation.
    ///
    /// - Parameters:
    ///   - connection: as the service's own.
    ///   - settings: as the service's own.
    package static func with<Result: Sendable>(
        _ snapshot: Snapshot, connection: ConnectionConfiguration, settings: SearchSettings, effort: Effort,
        logger: Logger, report: @escaping @Sendable (String) -> Void, _ body: (Calibrator) async throws -> Result
    ) async throws -> Result {
        var connection = connection
        connection.sessionStatements = settings.sessionStatements
        let pool = Pool(.init(connection: connection, size: 1), logger: logger)
        let running = Task { await pool.run() }
        defer { running.cancel() }
        let retriever = Retriever(
            snapshot: snapshot, pool: pool, settings: settings, metrics: RetrievalMetrics(registry: Registry()),
            logger: logger)
        // The first lease waits until the connection is there.
        try await pool.withConnection(deadline: .now + Self.patience) { _ in }
        return try await body(
            Calibrator(retriever: retriever, settings: settings, effort: effort, report: report))
    }

    package func run() async throws -> [Calibration.Point] {
        var points: [Calibration.Point] = []
        for space in SearchSpace.allCases {
            let searches = searches(space)
            guard !searches.isEmpty else {
                report("nothing to search with in \(space.rawValue): not measured")
                continue
            }
            for count in effort.counts.sorted() {
                let subjects = searches.map { search in
                    Subject(search: search, exact: search.nearest(count).map(\.distance))
                }
                points += try await measureIndex(subjects, space, count)
            }
            let count = effort.counts.min() ?? 10
            let subjects = searches.map { Subject(search: $0, exact: $0.nearest(count).map(\.distance)) }
            points += try await measureLimits(subjects, space, count)
            points += measureMemory(searches, space, count)
        }
        return points
    }

    /// Evenly spread over those that have a vector.
    private func searches(_ space: SearchSpace) -> [Search] {
        let snapshot = retriever.snapshot
        let (route, column): (RetrievalMetrics.Route, VectorColumn) =
            space == .similarity ? (.similar, snapshot.similarities) : (.recommendations, snapshot.userVectors)
        let rows = (0..<Int32(column.matrix.rows)).filter { !column.absent.contains($0) }
        let chosen = min(effort.queries, rows.count)
        return (0..<chosen).compactMap { place in
            guard case .search(let search) = snapshot.search(route, row: rows[place * rows.count / chosen], .init())
            else { return nil }
            return search
        }
    }

    // MARK: The database

    private func measureIndex(
        _ subjects: [Subject], _ space: SearchSpace, _ count: Int
    ) async throws -> [Calibration.Point] {
        guard let index = settings.index(of: retriever.snapshot.generation) else { return [] }
        var points: [Calibration.Point] = []
        var trace = SearchTrace()
        for value in values(index) {
            let point = try await measure(subjects, space, index.parameter, value, count) { search in
                var options = search.options
                switch index.parameter {
                case .efSearch: options.efSearch = value
                default: options.probes = value
                }
                return try await retriever.candidates(
                    search.with(options), count: count, limit: nil, deadline: .now + Self.patience, &trace)
            }
            guard let point else { break }
            points.append(point)
            // More of the index than finds everything costs time only; but the service's own value is always measured.
            if point.recall >= 1, value >= index.standard { break }
        }
        return points
    }

    private func values(_ index: (parameter: Calibration.Parameter, standard: Int)) -> [Int] {
        var values = Set(Self.efSearches)
        if index.parameter == .probes {
            let lists = retriever.snapshot.generation.lists ?? index.standard
            values = Set((0...).lazy.map { 1 << $0 }.prefix { $0 < lists } + [lists])
        }
        return values.union([index.standard]).sorted()
    }

    private func measureLimits(
        _ subjects: [Subject], _ space: SearchSpace, _ count: Int
    ) async throws -> [Calibration.Point] {
        var points: [Calibration.Point] = []
        var trace = SearchTrace()
        for limit in CandidateQueries.limits where limit >= count {
            let point = try await measure(subjects, space, .limit, limit, count) {
                try await retriever.candidates(
                    $0, count: count, limit: limit, deadline: .now + Self.patience, &trace)
            }
            if let point { points.append(point) }
        }
        return points
    }

    /// - Returns: nil where the database is never asked.
    private func measure(
        _ subjects: [Subject], _ space: SearchSpace, _ parameter: Calibration.Parameter, _ value: Int, _ count: Int,
        _ find: (Search) async throws -> [Neighbor]?
    ) async throws -> Calibration.Point? {
        for subject in subjects.prefix(Self.warmUps) {
            guard try await find(subject.search) != nil else { return nil }
        }
        var (times, recall): ([Duration], Double) = ([], 0)
        for subject in subjects {
            let start = ContinuousClock.now
            guard let found = try await find(subject.search) else { return nil }
            times.append(.now - start)
            recall += Self.recall(of: found, subject.exact)
        }
        // A sum of shares ends in digits that mean nothing.
        let mean = (recall / Double(subjects.count) * 1e6).rounded() / 1e6
        return point(space, parameter, value, count, times, recall: mean)
    }

    static func recall(of found: [Neighbor], _ exact: [Double]) -> Double {
        guard let farthest = exact.last else { return 1 }
        let hits = found.prefix(exact.count).count { $0.distance <= farthest * (1 + tolerance) }
        return Double(hits) / Double(exact.count)
    }

    // MARK: Memory

    private func measureMemory(_ searches: [Search], _ space: SearchSpace, _ count: Int) -> [Calibration.Point] {
        let column = searches[0].column
        let rows = column.matrix.rows
        var points = [measure(searches, space, .scan, rows, count)]
        var random = SystemRandomNumberGenerator()
        for share in Self.gatheredShares.map({ rows / $0 }) where share > 0 && column.isGathered(share) {
            let allowed = RowSet((0..<Int32(rows)).shuffled(using: &random).prefix(share))
            points.append(measure(searches.map { $0.among(allowed) }, space, .gather, share, count))
        }
        return points
    }

    private func measure(
        _ searches: [Search], _ space: SearchSpace, _ parameter: Calibration.Parameter, _ value: Int, _ count: Int
    ) -> Calibration.Point {
        for search in searches.prefix(Self.warmUps) { _ = search.nearest(count) }
        let times = searches.map { search in
            let start = ContinuousClock.now
            _ = search.nearest(count)
            return ContinuousClock.now - start
        }
        return point(space, parameter, value, count, times, recall: 1)
    }

    private func point(
        _ space: SearchSpace, _ parameter: Calibration.Parameter, _ value: Int, _ count: Int, _ times: [Duration],
        recall: Double
    ) -> Calibration.Point {
        let times = times.sorted()
        report("\(space.rawValue): \(parameter.rawValue) \(value), k \(count)")
        return Calibration.Point(
            space: space, parameter: parameter, value: value, count: count, queries: times.count, recall: recall,
            median: times[times.count / 2],
            // The smallest time that 99 of 100 do not exceed.
            percentile99: times[(times.count * 99 + 99) / 100 - 1])
    }
}
