/// What is set on every serving connection, before anything is prepared on it.
package struct SearchSettings: Sendable, Equatable {
    /// Candidates an HNSW scan keeps (pgvector's `hnsw.ef_search`), 1 to 1000.
    package var efSearch: Int
    /// Lists an IVFFlat scan visits; nil for what the generation was loaded with.
    package var probes: Int?
    /// Recall wanted of requests that say nothing of how they are searched for, 0 to 1: where `efSearch` or `probes` was
    /// measured to find less, more is searched. Nil for what they give.
    package var recallTarget: Double?
    /// Candidates asked for, as a multiple of the results wanted; nil for what the generation's storage needs.
    package var oversampling: Int?
    /// The server ends a statement after so long, in case a cancel request does not reach it.
    package var statementTimeoutMilliseconds: Int

    package init(
        efSearch: Int = 64, probes: Int? = nil, recallTarget: Double? = 0.95, oversampling: Int? = nil,
        statementTimeoutMilliseconds: Int = 5000
    ) {
        self.efSearch = efSearch
        self.probes = probes
        self.recallTarget = recallTarget
        self.oversampling = oversampling
        self.statementTimeoutMilliseconds = statementTimeoutMilliseconds
    }

    func probes(of generation: ActiveGeneration) -> Int { probes ?? generation.probes ?? 1 }

    /// What varies how much of a generation's index is searched, and its value; nil without an index.
    func index(of generation: ActiveGeneration) -> (parameter: Calibration.Parameter, standard: Int)? {
        switch generation.index {
        case "hnsw": (.efSearch, efSearch)
        case "ivfflat": (.probes, probes(of: generation))
        default: nil
        }
    }

    /// What a connection of any generation begins with; `hnsw.iterative_scan` and `ivfflat.probes` are set with each
    /// statement.
    package var sessionStatements: [String] {
        plannerStatements + ["SET statement_timeout = \(statementTimeoutMilliseconds)"]
    }

    /// The same for a connection whose statements may take their time.
    package var plannerStatements: [String] {
        [
            // Loads pgvector, so that a setting it does not know is an error here.
            "SELECT '[0]'::public.vector",
            "SET hnsw.ef_search = \(efSearch)",
            "SET ivfflat.iterative_scan = relaxed_order",
            // Compiling a plan takes longer than running any of ours.
            "SET jit = off",
        ]
    }
}
