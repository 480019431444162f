import Foundation
import Postgres

/// A plan as `EXPLAIN (FORMAT JSON)` gives it, as far as it says how rows are found.
struct QueryPlan: Decodable {
    private struct Node: Decodable {
        enum CodingKeys: String, CodingKey {
            case type = "Node Type"
            case order = "Order By"
            case children = "Plans"
        }

        let type: String
        /// Of an index scan: the expression whose order the index gives.
        let order: String?
        let children: [Node]?

        var isNearestNeighborScan: Bool {
            (type == "Index Scan" && order != nil) || (children ?? []).contains(where: \.isNearestNeighborScan)
        }
    }

    enum CodingKeys: String, CodingKey { case root = "Plan" }

    private let root: Node

    /// Whether an index gives the rows in the order of their distance; a scan of every row sorts instead.
    var usesIndex: Bool { root.isNearestNeighborScan }

    /// - Parameter result: one row, one column of JSON.
    init(_ result: QueryResult) throws {
        let plans = try JSONDecoder().decode([QueryPlan].self, from: Data(try result.text(0, 0).utf8))
        guard let plan = plans.first else { throw PostgresError(.protocolViolation, "EXPLAIN gave no plan") }
        self = plan
    }
}
