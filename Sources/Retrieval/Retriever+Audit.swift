import Kernels

extension Retriever {
    /// A statement that the database may be asked, with the parameters of a real search.
    struct AuditQuestion {
        let route: RetrievalMetrics.Route
        let limit: Int
        let excludes: Bool
        let question: Question
    }

    /// Every statement that an index should answer; none for a generation without one.
    var auditQuestions: [AuditQuestion] {
        guard snapshot.generation.index != "none" else { return [] }
        return auditSearches.flatMap { search in
            [false, true].flatMap { excludes in
                let search = search.excludingInDatabase(excludes ? search.excluded : [])
                return CandidateQueries.limits.map { limit in
                    AuditQuestion(
                        route: search.route, limit: limit, excludes: excludes,
                        question: question(search, limit: limit))
                }
            }
        }
    }

    /// One search of each space, with something to exclude; none of a space without vectors.
    private var auditSearches: [Search] {
        let snapshot = snapshot
        let item = snapshot.popular.first { !snapshot.similarities.absent.contains($0) }
        let user = (0..<Int32(snapshot.userCount)).first {
            !snapshot.userVectors.absent.contains($0) && !snapshot.seen[$0].isEmpty
        }
        let outcomes = [
            item.map { snapshot.search(.similar, row: $0, .init()) },
            user.map { snapshot.search(.recommendations, row: $0, .init()) },
        ]
        return outcomes.compactMap { outcome in
            guard case .search(let search) = outcome else { return nil }
            return search
        }
    }
}
