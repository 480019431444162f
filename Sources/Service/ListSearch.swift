import Retrieval

/// Finds a list's answer: kept, shared with whoever asks the same, or searched for; encoded once.
struct ListSearch: Sendable {
    private typealias Cache = AnswerCache<EncodedAnswer>

    let current: CurrentRetriever
    let cache: AnswerCache<EncodedAnswer>
    let metrics: RetrievalMetrics

    /// Many at once: what is not in the cache shares one round trip to the database.
    func answers(to queries: [SearchQuery]) async -> [Result<EncodedAnswer, any Error>] {
        let retriever = current.retriever
        let start = ContinuousClock.now
        let resolved = queries.map { query in
            Result { try retriever.resolved(query.request, deadline: query.deadline) }
        }
        var answers: [Result<EncodedAnswer, any Error>?] = resolved.map { request in
            (try? request.get()).flatMap { cache.kept(for: Self.key($0, retriever)) }.map { .success($0) }
        }
        let missing = resolved.indices.filter { answers[$0] == nil }
        let requests = missing.compactMap { try? resolved[$0].get() }
        // All have the same patience.
        var found = await retriever.answers(requests, deadline: queries.first?.deadline ?? .now)
        found.reverse()
        for place in missing {
            answers[place] = Result {
                let request = try resolved[place].get()
                let entry = try encoded(try found.removeLast().get(), request.route, since: start)
                return cache.keep(entry, for: Self.key(request, retriever))
            }
        }
        return answers.map { $0! }
    }

    /// What is explained is searched for anew, and not kept.
    func answer(_ query: SearchQuery) async throws -> EncodedAnswer {
        guard query.isExplained else { return try await answer(query.request, deadline: query.deadline) }
        let retriever = current.retriever
        let request = try retriever.resolved(query.request, deadline: query.deadline)
        return try EncodedAnswer(explaining: try await retriever.explained(request, deadline: query.deadline))
    }

    func answer(_ request: SearchRequest, deadline: ContinuousClock.Instant) async throws -> EncodedAnswer {
        let retriever = current.retriever
        let request = try retriever.resolved(request, deadline: deadline)
        return try await cache.answer(for: Self.key(request, retriever)) {
            let start = ContinuousClock.now
            return try encoded(
                try await retriever.answer(request, deadline: deadline), request.route, since: start)
        }
    }

    /// The answer where it needs no waiting: from the cache, or by an exact scan of a small catalogue. Nil where it does, and
    /// where there is none.
    func immediate(_ request: SearchRequest, deadline: ContinuousClock.Instant) -> EncodedAnswer? {
        let retriever = current.retriever
        guard let request = try? retriever.resolved(request, deadline: deadline) else { return nil }
        let key = Self.key(request, retriever)
        if let kept = cache.kept(for: key) { return kept }
        let start = ContinuousClock.now
        guard let answer = try? retriever.immediate(request),
            let entry = try? encoded(answer, request.route, since: start)
        else { return nil }
        return cache.keep(entry, for: key)
    }

    /// What memory says in the database's place, without waiting. Nil where that takes long, and where there is none.
    func fallback(_ request: SearchRequest) -> EncodedAnswer? {
        guard let answer = try? current.retriever.fallback(request) else { return nil }
        return try? EncodedAnswer.entry(answer).fresh
    }

    private static func key(_ request: SearchRequest, _ retriever: Retriever) -> Cache.Key {
        Cache.Key(retriever.snapshot, request: request)
    }

    private func encoded(
        _ answer: Answer, _ route: RetrievalMetrics.Route, since start: ContinuousClock.Instant
    ) throws -> Cache.Entry {
        let encoding = ContinuousClock.now
        let entry = try EncodedAnswer.entry(answer)
        let end = ContinuousClock.now
        metrics.record(.encode, route, end - encoding)
        metrics.record(.total, route, end - start)
        return entry
    }
}
