import Kernels

/// The catalogue itself, from memory: listed, looked through by title, or by id.
extension Retriever {
    /// From so many items on, a page takes longer than an event loop should be away from its other connections.
    private static let manyItems = 20_000

    /// - Throws: ``RetrievalError/unknownTag(_:known:)``.
    package func page(_ query: CatalogueQuery) async throws -> CataloguePage {
        let titles: TitleIndex? = if query.words == nil { nil } else { await snapshot.titles() }
        guard snapshot.items.count >= Self.manyItems else { return try page(query, titles) }
        return try await withTaskExecutorPreference(globalConcurrentExecutor) { try page(query, titles) }
    }

    private func page(_ query: CatalogueQuery, _ titles: TitleIndex?) throws(RetrievalError) -> CataloguePage {
        let allowed = try query.filter.flatMap { filter throws(RetrievalError) in try selection(filter) }
        let snapshot = snapshot
        let isAllowed = { (row: Int32) in allowed?.contains(row) ?? true }
        switch query.order {
        case .id:
            let first = query.cursor.map { cursor in snapshot.items.ids.partitioningIndex { $0 > cursor.id } } ?? 0
            let rows = 0..<Int32(snapshot.items.count)
            return page(
                query, total: allowed?.count ?? rows.count, all: rows.lazy.filter(isAllowed),
                rest: rows.dropFirst(first).lazy.filter(isAllowed).map { Candidate(row: $0, place: Int($0)) })
        case .popular:
            let popular = snapshot.popular
            let first = query.cursor.map { placeBehind($0) } ?? 0
            return page(
                query, total: allowed?.count ?? popular.count, all: popular.lazy.filter(isAllowed),
                rest: popular.indices.dropFirst(first).lazy.map { Candidate(row: popular[$0], place: $0) }
                    .filter { isAllowed($0.row) })
        case .asked:
            let rows = (query.asked ?? []).compactMap { snapshot.itemRows[$0] }.filter(isAllowed)
            let first = query.cursor.map { $0.place + 1 } ?? 0
            return page(
                query, total: rows.count, all: rows,
                rest: rows.indices.dropFirst(first).lazy.map { Candidate(row: rows[$0], place: $0) })
        case .relevance:
            let matches = titles?.matches(query.words ?? []) ?? .empty
            let found = matches.lazy.map { snapshot.popular[$0.rank] }.filter(isAllowed)
            var rest = matches
            if let cursor = query.cursor, let match = cursor.match {
                rest = matches.after(match, rank: placeBehind(cursor) - 1)
            }
            return page(
                query, total: found.reduce(0) { count, _ in count + 1 }, all: found,
                rest: rest.lazy.map { Candidate(row: snapshot.popular[$0.rank], place: $0.rank, match: $0.match) }
                    .filter { isAllowed($0.row) })
        }
    }

    private struct Candidate {
        let row: Int32
        let place: Int
        var match: TitleMatch?
    }

    /// - Parameters:
    ///   - all: the rows of all pages.
    ///   - rest: what comes behind the cursor.
    private func page(
        _ query: CatalogueQuery, total: Int, all: some Sequence<Int32>, rest: some Sequence<Candidate>
    ) -> CataloguePage {
        var shown: [Candidate] = []
        var hasMore = false
        for candidate in rest {
            hasMore = shown.count == query.count
            if hasMore { break }
            shown.append(candidate)
        }
        let last = hasMore ? shown.last : nil
        return CataloguePage(
            generation: snapshot.generation.id, isDegraded: isProvisional, requested: query.count, total: total,
            results: shown.map { .init(item: snapshot.items[Int($0.row)], match: $0.match) },
            next: last.map {
                CatalogueCursor(
                    order: query.order, id: snapshot.items.ids[Int($0.row)], place: $0.place, match: $0.match)
            },
            missing: query.asked.map { ids in ids.filter { snapshot.itemRows[$0] == nil } },
            facets: query.wantsFacets ? CatalogueFacets(snapshot.items, rows: all) : nil)
    }

    /// The place in the order of popularity behind a cursor's item or, where that is gone, behind what came before it.
    private func placeBehind(_ cursor: CatalogueCursor) -> Int {
        guard let row = snapshot.itemRows[cursor.id], let place = snapshot.popular.firstIndex(of: row) else {
            return cursor.place
        }
        return place + 1
    }
}
