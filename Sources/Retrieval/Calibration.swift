package import Postgres

/// What searches of one generation were measured to find and to take: `kindred.calibrations`.
package struct Calibration: Sendable, Equatable {
    /// What was varied.
    package enum Parameter: String, Sendable, CaseIterable {
        /// HNSW candidates kept while searching.
        case efSearch = "ef_search"
        /// IVFFlat lists searched.
        case probes
        /// Candidates asked of the index, at the service's own `ef_search` or `probes`.
        case limit
        /// Rows compared in memory, one after the other as they lie.
        case scan
        /// Rows compared in memory that lie anywhere.
        case gather
    }

    /// One measurement.
    package struct Point: Sendable, Equatable {
        package let space: SearchSpace
        package let parameter: Parameter
        package let value: Int
        /// Results asked for.
        package let count: Int
        package let queries: Int
        /// Mean share of the exact nearest that were found.
        package let recall: Double
        package let median: Duration
        package let percentile99: Duration

        package init(
            space: SearchSpace, parameter: Parameter, value: Int, count: Int, queries: Int, recall: Double,
            median: Duration, percentile99: Duration
        ) {
            self.space = space
            self.parameter = parameter
            self.value = value
            self.count = count
            self.queries = queries
            self.recall = recall
            self.median = median
            self.percentile99 = percentile99
        }
    }

    package let points: [Point]
    /// Seconds since 1970 of the latest measurement; nil without one.
    let measuredAt: Double?

    static let none = Calibration(points: [], measuredAt: nil)

    /// The points of a parameter, measured for as few results as hold `count`, by value.
    func points(_ parameter: Parameter, _ space: SearchSpace, count: Int) -> [Point] {
        let measured = points.filter { $0.parameter == parameter && $0.space == space }
        guard let smallest = measured.map(\.count).filter({ $0 >= count }).min() ?? measured.map(\.count).max()
        else { return [] }
        return measured.filter { $0.count == smallest }.sorted { $0.value < $1.value }
    }
}

extension Calibration {
    package static func read(generation: Int, on connection: Connection) async throws -> Calibration {
        let result = try await connection.query(
            """
            SELECT space, parameter, value, k, queries, recall, p50_ms, p99_ms,
                   extract(epoch FROM measured_at)::float8
            FROM kindred.calibrations WHERE generation_id = $1
            """, [.int32(Int32(generation))])
        var latest: Double?
        var points: [Point] = []
        for row in 0..<result.rowCount {
            let measuredAt = try result.double(row, 8)
            latest = max(latest ?? measuredAt, measuredAt)
            // A later version may measure more than this one knows.
            guard let space = SearchSpace(rawValue: try result.text(row, 0)),
                let parameter = Parameter(rawValue: try result.text(row, 1))
            else { continue }
            points.append(
                Point(
                    space: space, parameter: parameter, value: Int(try result.int32(row, 2)),
                    count: Int(try result.int32(row, 3)), queries: Int(try result.int32(row, 4)),
                    recall: try result.double(row, 5),
                    median: .milliseconds(try result.double(row, 6)),
                    percentile99: .milliseconds(try result.double(row, 7))))
        }
        return Calibration(points: points, measuredAt: latest)
    }

    /// Replaces what was measured of the generation before.
    package static func write(_ points: [Point], generation: Int, on connection: Connection) async throws {
        try await connection.transaction {
            _ = try await connection.query(
                "DELETE FROM kindred.calibrations WHERE generation_id = $1", [.int32(Int32(generation))])
            for point in points {
                _ = try await connection.query(
                    """
                    INSERT INTO kindred.calibrations
                        (generation_id, space, parameter, value, k, queries, recall, p50_ms, p99_ms)
                    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                    """,
                    [
                        .int32(Int32(generation)), .text(point.space.rawValue), .text(point.parameter.rawValue),
                        .int32(Int32(point.value)), .int32(Int32(point.count)), .int32(Int32(point.queries)),
                        .double(point.recall), .double(point.median / .milliseconds(1)),
                        .double(point.percentile99 / .milliseconds(1)),
                    ])
            }
        }
    }
}
