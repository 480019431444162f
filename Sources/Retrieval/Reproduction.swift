import Kernels
import Postgres

/// SQL that gives the rows of an answer in psql.
struct Reproduction {
    let settings: [(name: String, value: String)]
    let query: String

    /// A transaction of its own, so that a session keeps its settings.
    var script: String {
        (["BEGIN;"] + settings.map { "SET LOCAL \($0.name) = \($0.value);" } + [query + ";", "COMMIT;"])
            .joined(separator: "\n")
    }
}

extension Retriever {
    /// - Parameters:
    ///   - count: how many rows.
    ///   - source: who answered.
    ///   - limit: candidates that the database was asked for.
    func reproduction(of search: Search, count: Int, from source: AnswerSource, limit: Int?) -> Reproduction {
        let column = search.space.rawValue
        let query = Parameter.vector(Array(search.query)).literal
        // A sum is no expression that an index knows: the rows that are there are sorted, none is looked for.
        let distance = "(v.\(column) OPERATOR(public.<->) \(query)::public.vector) + 0"
        var conditions = ["v.\(column) IS NOT NULL"] + filterConditions(search.options.filter)
        guard source == .pgvector, let limit else {
            if !search.excluded.isEmpty { conditions.append(exclusion(search)) }
            return Reproduction(
                settings: [],
                query: """
                    SELECT v.item_id, i.title, \(distance) AS distance
                    \(items(conditions))
                    ORDER BY distance, v.item_id LIMIT \(count)
                    """)
        }
        let question = question(search, limit: limit)
        if !search.excludesInDatabase, !search.excluded.isEmpty { conditions.append(exclusion(search)) }
        let order = search.options.rerank == .none ? "c.place" : "distance, v.item_id"
        return Reproduction(
            settings: effective(question.settings),
            query: """
                WITH candidates AS MATERIALIZED (
                    SELECT item_id, row_number() OVER () AS place
                    FROM (\(question.sql)) nearest
                )
                SELECT v.item_id, i.title, \(distance) AS distance
                FROM candidates c
                JOIN \(snapshot.generation.itemTable) v USING (item_id)
                \(catalogue)
                WHERE \(conditions.joined(separator: " AND "))
                ORDER BY \(order) LIMIT \(count)
                """)
    }

    /// Of an answer that had no vector to ask with.
    func reproductionOfPopular(_ request: SearchRequest, excluding excluded: ArraySlice<Int32>) -> Reproduction {
        let generation = snapshot.generation
        var conditions = filterConditions(request.options.filter)
        if !excluded.isEmpty { conditions.append("v.item_id <> ALL (\(ids(excluded)))") }
        let popularity = """
            LEFT JOIN (
                SELECT n.item_id, count(*) AS users
                FROM kindred.interactions n JOIN \(generation.userTable) u ON u.user_id = n.user_id
                WHERE n.catalogue_id = \(generation.catalogueID) GROUP BY n.item_id
            ) p ON p.item_id = v.item_id
            """
        return Reproduction(
            settings: [],
            query: """
                SELECT v.item_id, i.title, coalesce(p.users, 0) AS users
                \(items(conditions, join: popularity))
                ORDER BY users DESC, v.item_id LIMIT \(request.count)
                """)
    }

    /// Those of the statement, and those that every serving connection begins with.
    private func effective(_ settings: [Setting]) -> [(name: String, value: String)] {
        let own = settings.map { (name: $0.name, value: $0.value) }
        let standard: [(name: String, value: String)] =
            switch snapshot.generation.index {
            case "hnsw": [("hnsw.ef_search", String(self.settings.efSearch))]
            case "ivfflat": [("ivfflat.iterative_scan", "relaxed_order")]
            default: []
            }
        return standard.filter { standard in !own.contains { $0.name == standard.name } } + own
    }

    private func items(_ conditions: [String], join: String? = nil) -> String {
        let condition = conditions.isEmpty ? nil : "WHERE \(conditions.joined(separator: " AND "))"
        return (["FROM \(snapshot.generation.itemTable) v", catalogue] + [join, condition].compactMap(\.self))
            .joined(separator: "\n")
    }

    private var catalogue: String {
        "JOIN kindred.items i ON i.catalogue_id = \(snapshot.generation.catalogueID) AND i.id = v.item_id"
    }

    private func exclusion(_ search: Search) -> String { "v.item_id <> ALL (\(ids(search.excluded)))" }

    private func ids(_ rows: ArraySlice<Int32>) -> String {
        Parameter.int32Array(rows.map { snapshot.items.ids[Int($0)] }).literal
    }

    private func filterConditions(_ filter: ItemFilter?) -> [String] {
        guard let filter else { return [] }
        var conditions: [String] = []
        if !filter.tags.isEmpty {
            let tags = filter.tags.map { Parameter.text($0).literal }.joined(separator: ", ")
            conditions.append("EXISTS (SELECT FROM unnest(i.tags) tag WHERE lower(tag) IN (\(tags)))")
        }
        if let years = filter.years {
            conditions.append(
                "coalesce((i.attributes ->> 'year')::integer, extract(year FROM i.released)::integer)"
                    + " BETWEEN \(years.lowerBound) AND \(years.upperBound)")
        }
        if let ids = filter.ids { conditions.append("v.item_id = ANY (\(Parameter.int32Array(ids).literal))") }
        return conditions
    }
}
