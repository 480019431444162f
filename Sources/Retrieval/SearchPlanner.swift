/// Chooses how a request is searched for, by what searches of its generation were measured to find and to take.
struct SearchPlanner: Sendable {
    /// What of a search its cost depends on.
    struct Shape: Sendable {
        let space: SearchSpace
        /// Candidates that the database would be asked for; nil where they are too many to ask for.
        let limit: Int?
        /// A filter says which items there may be, so that candidates are dropped from a longer list.
        let isFiltered: Bool
        /// Rows that memory would compare, and whether they lie anywhere.
        let rows: Int
        let isGathered: Bool
        /// Whether memory takes no longer than an event loop has.
        let isBrief: Bool
    }

    private struct Plan {
        let engine: SearchOptions.Engine
        let parameter: (Calibration.Parameter, value: Int)?
        let recall: Double
        let median: Duration
        let percentile99: Duration
    }

    let generation: Int
    let calibration: Calibration
    /// What varies how much of the index is searched, and what the service sets it to; nil without an index.
    let index: (parameter: Calibration.Parameter, standard: Int)?

    /// The request with an engine and, where a recall is wanted, with the least search that was measured to reach it.
    ///
    /// Of `auto` the faster engine is taken. Otherwise memory takes the database's place only where nothing that was
    /// measured of the index has the recall or is in time; it is exact.
    ///
    /// - Parameter patience: how long the request may take; held against the 99th percentile.
    /// - Throws: ``RetrievalError/notCalibrated(generation:)``, ``RetrievalError/outOfReach(_:)``.
    func resolved(
        _ request: SearchRequest, _ shape: Shape, within patience: Duration
    ) throws(RetrievalError) -> SearchRequest {
        var request = request
        let target = request.options.recallTarget
        request.options.recallTarget = nil
        if request.options.engine == .memory || request.options.isExact {
            if target != nil { request.options.expectedRecall = 1 }
            return request
        }
        guard let target else {
            if request.options.engine == .auto {
                request.options.engine = isMemoryFaster(request.count, shape) ? .memory : .pgvector
            }
            return request
        }
        let plan = try plan(for: target, request, shape, within: patience)
        request.options.engine = plan.engine
        switch plan.parameter {
        case (.efSearch, let value)?: request.options.efSearch = value
        case (.probes, let value)?: request.options.probes = value
        default: break
        }
        request.options.expectedRecall = plan.recall
        return request
    }

    // MARK: Recall

    private func plan(
        for target: Double, _ request: SearchRequest, _ shape: Shape, within patience: Duration
    ) throws(RetrievalError) -> Plan {
        guard let memory = memory(shape) else { throw .notCalibrated(generation: generation) }
        let searches = shape.isFiltered ? [] : indexed(request.count, shape)
        let reaching = searches.filter { $0.recall >= target }.sorted { $0.median < $1.median }
        let inTime = (reaching + [memory]).filter { $0.percentile99 <= patience }
        let chosen = request.options.engine == .auto ? inTime.min { $0.median < $1.median } : inTime.first
        if let chosen { return chosen }
        throw .outOfReach(
            .init(
                target: target, patience: patience,
                fastest: (reaching + [memory]).map(\.percentile99).min() ?? memory.percentile99,
                bestInTime: searches.filter { $0.percentile99 <= patience }.map(\.recall).max()))
    }

    private func indexed(_ count: Int, _ shape: Shape) -> [Plan] {
        guard let index else { return [] }
        return calibration.points(index.parameter, shape.space, count: count).map {
            Plan(
                engine: .pgvector, parameter: (index.parameter, $0.value), recall: $0.recall, median: $0.median,
                percentile99: $0.percentile99)
        }
    }

    // MARK: Speed

    private func isMemoryFaster(_ count: Int, _ shape: Shape) -> Bool {
        guard let memory = memory(shape), let database = databaseMedian(count, shape) else {
            // Nothing was measured: what an event loop has time for is faster than any round trip.
            return shape.isBrief || shape.limit == nil
        }
        return memory.median <= database
    }

    private func databaseMedian(_ count: Int, _ shape: Shape) -> Duration? {
        guard let limit = shape.limit else { return .seconds(Int.max) }
        if shape.isFiltered { return Self.point(calibration.points(.limit, shape.space, count: count), limit)?.median }
        guard let index else { return nil }
        return Self.point(calibration.points(index.parameter, shape.space, count: count), index.standard)?.median
    }

    /// That of the next measured value, or of the last.
    private static func point(_ points: [Calibration.Point], _ value: Int) -> Calibration.Point? {
        points.first { $0.value >= value } ?? points.last
    }

    private func memory(_ shape: Shape) -> Plan? {
        let points = calibration.points(shape.isGathered ? .gather : .scan, shape.space, count: 1)
        guard let larger = Self.point(points, shape.rows) else { return nil }
        // Between two measurements, and beyond the last, time goes with the rows.
        let smaller = points.last { $0.value < larger.value && $0.value <= shape.rows }
        func at(_ time: (Calibration.Point) -> Duration) -> Duration {
            guard shape.rows <= larger.value else { return time(larger) * (Double(shape.rows) / Double(larger.value)) }
            guard let smaller else { return time(larger) }
            let share = Double(shape.rows - smaller.value) / Double(larger.value - smaller.value)
            return time(smaller) + (time(larger) - time(smaller)) * share
        }
        return Plan(engine: .memory, parameter: nil, recall: 1, median: at(\.median), percentile99: at(\.percentile99))
    }
}
