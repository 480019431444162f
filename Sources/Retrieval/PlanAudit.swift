import Postgres
import Schema

/// Asks the planner about every statement that an index of one generation should answer.
///
/// It asks as the server asks itself: of the statement as it is prepared for serving, under the serving connections'
/// settings, once so many plans have been made that the server has settled on one. Nothing is executed: `EXPLAIN EXECUTE`
/// counts as a planning like any other, and with the index gone an execution would read the whole table.
struct PlanAudit {
    struct Outcome: Sendable, Equatable {
        var findings: [PlanFinding] = []
        /// Those findings without an index that are not as they should be.
        var troubles: [PlanTrouble] = []
    }

    /// PostgreSQL chooses between a plan for these parameters and one for any after five of the former.
    private static let plannings = 6

    /// A scan of so few vectors takes a few milliseconds (0.4 µs for each of 64 dimensions), so that the planner is right
    /// to prefer it when it does. Above, an index that it leaves unused is trouble.
    static let rowsWorthAnIndex = 20_000

    let retriever: Retriever
    /// Made for this audit: it is left with settings that no request may meet.
    let connection: Connection
    let deadline: ContinuousClock.Instant
    var rowsWorthAnIndex = Self.rowsWorthAnIndex

    /// - Throws: `PostgresError`, which says nothing of the plans.
    func run() async throws -> Outcome {
        var outcome = Outcome()
        var unanswered: [(audited: Retriever.AuditQuestion, finding: PlanFinding)] = []
        for audited in retriever.auditQuestions {
            let finding = PlanFinding(
                route: audited.route, limit: audited.limit, excludes: audited.excludes,
                usesIndex: try await settledPlan(audited.question).usesIndex)
            outcome.findings.append(finding)
            if !finding.usesIndex { unanswered.append((audited, finding)) }
        }
        guard !unanswered.isEmpty else { return outcome }
        try await execute("SET enable_seqscan = off; SET enable_sort = off")
        for route in RetrievalMetrics.Route.allCases {
            var (impossible, unwanted) = (false, Set<Int>())
            for (audited, finding) in unanswered where finding.route == route {
                if try await freshPlan(audited.question).usesIndex {
                    unwanted.insert(finding.limit)
                } else {
                    impossible = true
                }
            }
            guard let cause = try await cause(route, impossible: impossible, unwanted: unwanted) else { continue }
            outcome.troubles.append(
                PlanTrouble(
                    generation: retriever.snapshot.generation.id, route: route, column: route.space.rawValue,
                    cause: cause))
        }
        return outcome
    }

    // MARK: Plans

    /// What the server executes when the statement is asked for the sixth time and later.
    private func settledPlan(_ question: Retriever.Question) async throws -> QueryPlan {
        for setting in question.settings {
            _ = try await connection.query(
                "SELECT set_config($1, $2, false)", [.text(setting.name), .text(setting.value)], deadline: deadline)
        }
        try await connection.prepare(question.statement, question.parameters, deadline: deadline)
        let arguments = question.parameters.map(\.literal).joined(separator: ", ")
        let explain = "EXPLAIN (FORMAT JSON) EXECUTE \"\(question.statement.name)\" (\(arguments))"
        for _ in 1..<Self.plannings { _ = try await connection.query(explain, deadline: deadline) }
        return try QueryPlan(try await connection.query(explain, deadline: deadline))
    }

    /// What the connection's settings of the moment make of the statement: a prepared one keeps the plan it has.
    private func freshPlan(_ question: Retriever.Question) async throws -> QueryPlan {
        try QueryPlan(try await connection.query("EXPLAIN (FORMAT JSON) \(question.sql)", deadline: deadline))
    }

    private func execute(_ sql: String) async throws { try await connection.execute(sql, deadline: deadline) }

    // MARK: Causes

    /// - Parameters:
    ///   - impossible: a statement goes without the index even where everything else is forbidden.
    ///   - unwanted: limits of those that could use it and do not.
    private func cause(
        _ route: RetrievalMetrics.Route, impossible: Bool, unwanted: Set<Int>
    ) async throws -> PlanTrouble.Cause? {
        let rows = retriever.snapshot.items.count
        guard impossible || (!unwanted.isEmpty && rows > rowsWorthAnIndex) else { return nil }
        let indexes = try await indexes(of: route)
        if !impossible, let index = indexes.first(where: \.isValid) {
            return .unused(index: index.name, limits: unwanted.sorted(), rows: rows)
        }
        if let index = indexes.first(where: \.isValid) { return .unfit(index: index.name) }
        if let index = indexes.first { return .invalid(index: index.name) }
        return .missing(definition: try await definition(of: route))
    }

    /// Those of the generation's kind on the route's column.
    private func indexes(of route: RetrievalMetrics.Route) async throws -> [(name: String, isValid: Bool)] {
        let generation = retriever.snapshot.generation
        let result = try await connection.query(
            """
            SELECT c.relname::text, i.indisvalid AND i.indisready, pg_get_indexdef(i.indexrelid)
            FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
            WHERE i.indrelid = to_regclass($1) AND a.amname = $2
            ORDER BY c.relname
            """, [.text(generation.itemTable), .text(generation.index)], deadline: deadline)
        let column = generation.storage == .bit ? VectorStorage.codeColumn(route.space.rawValue) : route.space.rawValue
        return try (0..<result.rowCount).compactMap { row in
            let definition = try result.text(row, 2)
            guard definition.contains("(\(column) ") || definition.contains("(\(column))") else { return nil }
            return (try result.text(row, 0), try result.bool(row, 1))
        }
    }

    /// What `kindred load` made the index with.
    private func definition(of route: RetrievalMetrics.Route) async throws -> String {
        let generation = retriever.snapshot.generation
        let result = try await connection.query(
            """
            SELECT coalesce(string_agg(o.key || ' = ' || o.value, ', ' ORDER BY o.key DESC), '')
            FROM kindred.generations g, jsonb_each_text(g.index_options) o WHERE g.id = $1 AND o.key <> 'probes'
            """, [.int32(Int32(generation.id))], deadline: deadline)
        let dimensions = route == .similar ? generation.similarityDimensions : generation.dimensions
        let indexed = generation.storage.indexed(route.space.rawValue, dimensions: dimensions)
        return "\(generation.itemTable) USING \(generation.index) (\(indexed)) WITH (\(try result.text(0, 0)))"
    }
}
