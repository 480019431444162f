import Kernels

/// One request over one generation, ready to be asked of the database or of memory.
struct Search {
    let route: RetrievalMetrics.Route
    let space: SearchSpace
    let column: VectorColumn
    let query: FloatMatrix.Row
    /// Item rows, ascending.
    private(set) var excluded: ArraySlice<Int32>
    /// Whether the statement leaves them out, or they are dropped from a longer list of candidates.
    private(set) var excludesInDatabase: Bool
    /// The rows that a filter selects; nil for all. The statement knows nothing of it: candidates are dropped from a longer
    /// list.
    private(set) var allowed: RowSet?
    private(set) var options: SearchOptions
    /// The score of a result at distance d is this minus d² / 2.
    let scoreAtZero: Double

    /// Rows that an exact scan compares.
    var comparedRows: Int {
        guard let allowed, column.isGathered(allowed.count) else { return column.matrix.rows }
        return allowed.count
    }

    /// Whether an event loop may do the exact scan; it takes some 50 µs.
    var isBrief: Bool { comparedRows * column.matrix.columns <= 1 << 19 }

    /// How many items have a vector, are allowed and not excluded.
    var reachable: Int {
        guard let allowed else {
            return column.matrix.rows - column.absent.count - excluded.count { !column.absent.contains($0) }
        }
        let absent = column.absent.rows.count { allowed.contains($0) }
        return allowed.count - absent - excluded.count { allowed.contains($0) && !column.absent.contains($0) }
    }

    func with(_ options: SearchOptions) -> Search {
        var search = self
        search.options = options
        return search
    }

    /// - Parameter rows: left out by the statement, whatever was before; ascending.
    func excludingInDatabase(_ rows: ArraySlice<Int32>) -> Search {
        var search = self
        (search.excluded, search.excludesInDatabase) = (rows, true)
        return search
    }

    func among(_ allowed: RowSet) -> Search {
        var search = self
        search.allowed = allowed
        return search
    }

    /// An exact scan of memory.
    func nearest(_ count: Int) -> [Neighbor] {
        column.nearest(to: query, count: count, excluding: RowSet(excluded), among: allowed)
    }
}

/// What becomes of a request.
enum Searchable {
    case search(Search)
    /// There is no vector to ask with.
    case unfit(excluded: ArraySlice<Int32>)
}

extension Snapshot {
    /// - Parameters:
    ///   - row: of the item or the user that is asked about.
    ///   - allowed: the rows that the options' filter selects.
    func search(
        _ route: RetrievalMetrics.Route, row: Int32, _ options: SearchOptions, allowed: RowSet? = nil
    ) -> Searchable {
        switch route {
        case .similar: similaritySearch(row, options, allowed)
        case .recommendations: recommendationSearch(row, options, allowed)
        }
    }

    private func similaritySearch(_ row: Int32, _ options: SearchOptions, _ allowed: RowSet?) -> Searchable {
        let excluded = excluded([row], options)
        guard !similarities.absent.contains(row) else { return .unfit(excluded: excluded) }
        // The item is its own nearest neighbour, so one more candidate than wanted; cheaper than a condition.
        // ‖a − b‖² = 2 − 2 cos(a, b), as both have norm 1.
        return .search(
            Search(
                route: .similar, space: .similarity, column: similarities, query: similarities.matrix[Int(row)],
                excluded: excluded, excludesInDatabase: excluded.count > 1, allowed: allowed, options: options,
                scoreAtZero: 1))
    }

    private func recommendationSearch(_ row: Int32, _ options: SearchOptions, _ allowed: RowSet?) -> Searchable {
        let excluded = excluded(options.includesSeen ? [] : seen[row], options)
        return recommendationSearch(storedVector(of: row), excluded, options, allowed)
    }

    /// - Parameter vector: of any norm.
    func search(
        _ space: SearchSpace, near vector: [Float], _ options: SearchOptions, allowed: RowSet?
    ) throws(RetrievalError) -> Search {
        let column = space == .similarity ? similarities : embeddings
        guard vector.count == column.matrix.columns else {
            throw .wrongDimensions(vector.count, expected: column.matrix.columns)
        }
        let excluded = excluded([], options)
        let norm = space == .similarity ? 1 : generation.maximumNorm
        let squares = vector.reduce(0.0) { $0 + Double($1) * Double($1) }
        // ‖q − v‖² = ‖q‖² + M² − 2 q·v.
        return Search(
            route: space == .similarity ? .similar : .recommendations, space: space, column: column,
            query: FloatMatrix(rows: 1, columns: vector.count, values: vector)[0], excluded: excluded,
            excludesInDatabase: !excluded.isEmpty, allowed: allowed, options: options,
            scoreAtZero: (squares + norm * norm) / 2)
    }

    /// - Parameters:
    ///   - history: what a vector is computed from; it may be nobody's.
    ///   - user: the row of the user whose history it is, if the generation has it.
    func search(
        _ history: FoldedHistory, of user: Int32?, _ options: SearchOptions, allowed: RowSet?
    ) -> Searchable {
        let left = options.includesSeen ? history.entries.filter { $0.opinion == .disliked }.map(\.row) : history.rows
        // Vectors that another program has learned may have no way to compute a new one.
        let query = vector(of: history) ?? user.flatMap(storedVector)
        return recommendationSearch(query, excluded(left[...], options), options, allowed)
    }

    private func storedVector(of user: Int32) -> FloatMatrix.Row? {
        userVectors.absent.contains(user) ? nil : userVectors.matrix[Int(user)]
    }

    private func recommendationSearch(
        _ query: FloatMatrix.Row?, _ excluded: ArraySlice<Int32>, _ options: SearchOptions, _ allowed: RowSet?
    ) -> Searchable {
        guard let query else { return .unfit(excluded: excluded) }
        // ‖u − v‖² = 2M² − 2 u·v, as both have norm M.
        return .search(
            Search(
                route: .recommendations, space: .embedding, column: embeddings, query: query, excluded: excluded,
                excludesInDatabase: true, allowed: allowed, options: options,
                scoreAtZero: generation.maximumNorm * generation.maximumNorm))
    }

    /// - Parameter rows: left out whatever is asked, ascending.
    private func excluded(_ rows: ArraySlice<Int32>, _ options: SearchOptions) -> ArraySlice<Int32> {
        guard let ids = options.filter?.excludedIDs, !ids.isEmpty else { return rows }
        return Set(rows).union(ids.compactMap { itemRows[$0] }).sorted()[...]
    }
}
