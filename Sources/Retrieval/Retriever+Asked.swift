import ModelBundle

extension Retriever {
    /// A request over this generation.
    struct Asked {
        /// The row of the user whose taste it is; nil for an item, and for whom the generation does not know.
        var user: Int32?
        /// What the query vector was computed from; nil where it was there already.
        var history: FoldedHistory?
        let outcome: Searchable
    }

    func asked(_ request: SearchRequest) throws(RetrievalError) -> Asked {
        let options = request.options
        let allowed = try options.filter.flatMap { filter throws(RetrievalError) in try selection(filter) }
        switch request.subject {
        case .item(let id):
            return Asked(outcome: snapshot.search(.similar, row: try snapshot.itemRow(id), options, allowed: allowed))
        case .vector(let space, let vector):
            return Asked(outcome: .search(try snapshot.search(space, near: vector, options, allowed: allowed)))
        case .taste(let taste):
            let user = taste.person.flatMap(snapshot.userRow)
            let recent = taste.person.flatMap(histories.recent)?.opinions ?? [:]
            let opinions = recent.merging(taste.opinions) { $1 }
            if let user, opinions.isEmpty {
                return Asked(
                    user: user, outcome: snapshot.search(.recommendations, row: user, options, allowed: allowed))
            }
            let history = snapshot.history(of: user, adding: opinions)
            return Asked(
                user: user, history: history,
                outcome: snapshot.search(history, of: user, options, allowed: allowed))
        }
    }

    /// The history behind a query, whether its vector was computed from it now or by the training.
    func history(of asked: Asked) -> FoldedHistory {
        asked.history ?? snapshot.history(of: asked.user, adding: [:])
    }
}
