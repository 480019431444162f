import Kernels
import ModelBundle
import Postgres

extension Retriever {
    /// Items of the history that are named for a result.
    private static let reasons = 3
    /// How far the parts of a score may be from it, relative to the largest that there is.
    private static let tolerance = 1e-3

    /// As ``answer(_:deadline:)``, with the reasons.
    ///
    /// - Parameter request: resolved.
    package func explained(
        _ request: SearchRequest, deadline: ContinuousClock.Instant
    ) async throws -> ExplainedAnswer {
        let start = ContinuousClock.now
        let asked = try asked(request)
        var trace = SearchTrace()
        let answer = try await answer(asked, request, deadline: deadline, &trace)
        let total = ContinuousClock.now - start
        let reproduction: Reproduction
        var effort: (String, Int)?
        switch asked.outcome {
        case .unfit(let excluded): reproduction = reproductionOfPopular(request, excluding: excluded)
        case .search(let search):
            if answer.source == .pgvector { effort = self.effort(search) }
            reproduction = self.reproduction(
                of: search, count: candidates(request), from: answer.source, limit: trace.limit)
        }
        return ExplainedAnswer(
            answer: answer, reasons: reasons(answer, asked), trace: trace, total: total, effort: effort,
            plan: answer.isDegraded ? nil : await plan(of: reproduction, deadline: deadline),
            sql: reproduction.script, isOfCandidates: request.options.diversity != nil || answer.isReranked)
    }

    private func effort(_ search: Search) -> (String, Int)? {
        guard !search.options.isExact, let index = settings.index(of: snapshot.generation) else { return nil }
        return switch index.parameter {
        case .efSearch: ("ef_search", search.options.efSearch ?? index.standard)
        default: ("probes", search.options.probes ?? index.standard)
        }
    }

    /// What the history has to do with each result.
    private func reasons(_ answer: Answer, _ asked: Asked) -> [ExplainedAnswer.Reasons] {
        guard case .search(let search) = asked.outcome, search.space == .embedding else { return [] }
        let history = history(of: asked)
        guard let contributions = snapshot.encoder.contributions(of: history.encoded) else { return [] }
        let reasons = answer.results.map { result in
            let row = Int(snapshot.itemRows[result.item.id]!)
            let (baseline, parts) = contributions.parts(of: snapshot.embeddings.matrix[row])
            let most = parts.indices.filter { parts[$0] > 0 }.sorted { (-parts[$0], $0) < (-parts[$1], $1) }
            let because = most.prefix(Self.reasons).map { place in
                ExplainedAnswer.Reasons.Reason(
                    item: snapshot.items[Int(history.entries[place].row)], contribution: parts[place])
            }
            return ExplainedAnswer.Reasons(
                because: because, baseline: baseline,
                rest: parts.reduce(0, +) - because.reduce(0) { $0 + $1.contribution })
        }
        // Vectors that another program has learned need not be a sum over the history.
        let isSum = zip(answer.results, reasons).allSatisfy { result, reasons in
            let sum = reasons.baseline + reasons.rest + reasons.because.reduce(0) { $0 + $1.contribution }
            return abs(sum - (result.score ?? .infinity)) <= Self.tolerance * search.scoreAtZero
        }
        return isSum ? reasons : []
    }

    /// Nil where the database does not answer in time.
    private func plan(of reproduction: Reproduction, deadline: ContinuousClock.Instant) async -> [String]? {
        try? await pool.withConnection(deadline: deadline) { connection in
            try await connection.transaction {
                for setting in reproduction.settings {
                    try await connection.execute("SET LOCAL \(setting.name) = \(setting.value)", deadline: deadline)
                }
                let plan = try await connection.query("EXPLAIN (COSTS OFF) \(reproduction.query)", deadline: deadline)
                return try (0..<plan.rowCount).map { try plan.text($0, 0) }
            }
        }
    }
}
