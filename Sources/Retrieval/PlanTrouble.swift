/// Why the statements of one route go without an index that the generation was loaded with.
struct PlanTrouble: Sendable, Hashable {
    enum Cause: Sendable, Hashable {
        /// There is none; `definition` is what follows `CREATE INDEX CONCURRENTLY`.
        case missing(definition: String)
        /// A build that did not end, or a damage that was found, has left it so.
        case invalid(index: String)
        /// It is whole, but no index for these statements; of another operator class, for instance.
        case unfit(index: String)
        /// The planner expects a scan of all the vectors to cost less.
        case unused(index: String, limits: [Int], rows: Int)
    }

    let generation: Int
    let route: RetrievalMetrics.Route
    let column: String
    let cause: Cause

    /// In words that anyone may read.
    var description: String {
        let what =
            switch cause {
            case .missing: "has no index on \(column) any more"
            case .invalid(let index): "has an invalid index on \(column), \(index)"
            case .unfit(let index): "has an index on \(column), \(index), that its statements cannot use"
            case .unused(let index, let limits, let rows):
                "has an index on \(column), \(index), that the planner leaves unused "
                    + "(LIMIT \(limits.map(String.init).joined(separator: ", ")) of \(rows) rows)"
            }
        let found = route == .similar ? "similar items" : "recommendations"
        return "generation \(generation) \(what): \(found) are found by comparing every vector"
    }

    /// What an operator does about it.
    var remedy: String {
        switch cause {
        case .missing(let definition): "CREATE INDEX CONCURRENTLY ON \(definition)"
        case .invalid(let index): "REINDEX INDEX CONCURRENTLY kindred.\(index)"
        case .unfit(let index): "DROP INDEX CONCURRENTLY kindred.\(index), then make it as `kindred load` does"
        case .unused:
            "ANALYZE the table; then see what EXPLAIN makes of the statement with enable_seqscan off, and check "
                + "random_page_cost and, for IVFFlat, probes"
        }
    }
}
