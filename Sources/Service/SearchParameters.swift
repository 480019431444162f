import Retrieval

/// What a search can be told, in a query or in a body.
enum SearchParameters {
    enum Seen: String, CaseIterable { case exclude, include }

    static let standardCount = 10
    /// As many ids as fit the target of any client.
    private static let mostIDs = 1000

    static let count = WholeNumberRule(
        name: "k", range: 1...100, standard: standardCount, says: "Results wanted.")
    static let offset = WholeNumberRule(
        name: "offset", range: 0...Answer.greatestOffset,
        says: "Results to leave out at the beginning, for the pages of a longer list; the order is then the exact one.")
    static let engine = ChoiceRule<SearchOptions.Engine>(
        name: "engine",
        says:
            "What finds the candidates: PostgreSQL, a scan in memory, or whichever was measured to be faster. Left away, it is "
            + "pgvector, and auto with a filter.")
    static let exact = SwitchRule(name: "exact", says: "PostgreSQL answers without its approximate index.")
    static let rerank = ChoiceRule<SearchOptions.Rerank>(
        name: "rerank", standard: .distance,
        says: "What orders the candidates: PostgreSQL's own order, exact distance, or what the user would like.")
    static let efSearch = WholeNumberRule(
        name: "ef_search", range: 1...1000, says: "Candidates that a search of an HNSW index keeps.")
    static let probes = WholeNumberRule(
        name: "probes", range: 1...32_768, says: "Lists that a search of an IVFFlat index looks into.")
    static let oversampling = WholeNumberRule(
        name: "oversampling", range: 1...50, says: "Candidates of an index of bits for each result wanted.")
    static let recallTarget = NumberRule(
        name: "recall_target", range: 0...1, says: "The recall to search for, as calibration has measured it.")
    static let genre = TextListRule(
        name: "genre", says: "Only movies that have one of these genres; case does not count.")
    static let yearFrom = WholeNumberRule(
        name: "year_from", range: 1...9999, says: "Only movies of this year or later.")
    static let yearTo = WholeNumberRule(name: "year_to", range: 1...9999, says: "Only movies of this year or earlier.")
    static let ids = IDListRule(name: "ids", most: mostIDs, says: "Only these movies.")
    static let exclude = IDListRule(name: "exclude", most: mostIDs, says: "Not these movies.")
    static let diversity = NumberRule(
        name: "diversity", range: 0...1,
        says: "How much each result should differ from those before it: 0 not at all. Maximal marginal relevance.")
    static let explain = SwitchRule(
        name: "explain",
        says: "Also what each score is made of, the times, the plan, and the SQL that gives the same rows.")
    static let seen = ChoiceRule<Seen>(
        name: "seen", standard: .exclude, says: "Whether movies that the user has met may be among the results.")

    static let filters: [any ParameterRule] = [genre, yearFrom, yearTo, ids]

    static func rules(of route: RetrievalMetrics.Route) -> [any ParameterRule] {
        [
            count, offset, engine, exact, rerank, efSearch, probes, oversampling, recallTarget, genre, yearFrom, yearTo,
            ids,
            exclude, diversity, explain,
        ] + (route == .recommendations ? [seen] : [])
    }
}
