/// How the planner answers one of a generation's statements.
struct PlanFinding: Sendable, Hashable {
    let route: RetrievalMetrics.Route
    let limit: Int
    let excludes: Bool
    let usesIndex: Bool
}
