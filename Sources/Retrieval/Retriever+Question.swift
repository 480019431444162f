import Kernels
import Postgres
import Schema

/// What the database is asked for a search: how many candidates, by which statement, under which settings.
extension Retriever {
    /// Candidates beyond those that a filter's share of the items calls for, as a factor.
    private static let filterMargin = 1.5

    /// What the database is asked for a search.
    struct Question {
        let statement: Statement
        let parameters: [Parameter]
        let settings: [Setting]
    }

    /// Nil where it would be asked for more than the largest limit, which an exact scan in memory beats.
    func question(_ search: Search, count: Int) -> Question? {
        limit(search, count: count).map { question(search, limit: $0) }
    }

    /// The candidates to ask the index for; nil where they are too many.
    func limit(_ search: Search, count: Int) -> Int? {
        var wanted = oversampling(search) * count + (search.excludesInDatabase ? 0 : search.excluded.count)
        if let allowed = search.allowed {
            guard !allowed.isEmpty else { return nil }
            // As many more as are dropped, if what the filter selects lies anywhere; and some, because it does not.
            let dropped = Double(search.column.matrix.rows) / Double(allowed.count)
            let needed = (Double(wanted) * dropped * Self.filterMargin).rounded(.up)
            guard needed <= Double(Int32.max) else { return nil }
            wanted = Int(needed)
        }
        return CandidateQueries.limit(for: wanted)
    }

    func question(_ search: Search, limit: Int) -> Question {
        let excludes = search.excludesInDatabase && !search.excluded.isEmpty
        var parameters = [query(search)]
        if excludes { parameters.append(.int32Array(search.excluded.map { self.snapshot.items.ids[Int($0)] })) }
        return Question(
            statement: queries.statement(
                search.space, limit: limit, excluding: excludes, exact: search.options.isExact),
            parameters: parameters, settings: serverSettings(search, limit: limit, excludes: excludes))
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
            let probes = search.options.probes ?? settings.probes(of: snapshot.generation)
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
}
