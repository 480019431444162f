import Events
import Retrieval

/// What the routes answer, by the names that `/openapi.json` gives it.
enum AnswerSchemas {
    static let all: [String: Schema] = [
        "List": list, "Result": result, "Explanation": explanation, "Movie": movie, "Catalogue": catalogue,
        "CatalogueMovie": catalogueMovie, "User": user, "Generation": generation, "GenerationList": generationList,
        "Predictions": predictions, "BatchAnswers": batch, "Accepted": accepted, "Erasure": erasure,
        "Activated": activated,
        "Readiness": readiness, "Problem": problem,
    ]

    private static let generationID = Schema.count(from: 1).saying("Of the model that the answer comes from.")
    private static let degraded = Schema.boolean.saying("The database was to answer and could not; memory did.")
    private static let year = Schema.integer(in: 1...9999)
    private static let genres = Schema.list(of: .text)
    /// RFC 3339, UTC.
    private static let time = Schema.text.showing("1998-03-13T01:15:36Z")

    // MARK: Lists

    private static let result = Schema.object(
        [
            "movie_id": .id, "title": .text, "genres": genres,
            "rank": .count(from: 1).saying("1 for the best; on a page it goes on."),
            "source": .oneOf([ResultSource.vector, .popular].map(\.rawValue)).saying(
                "Its vector is near; or nothing is known of the asker, and it is popular."),
        ],
        optional: [
            "year": year,
            "distance": Schema.number.saying("L2, of the vectors; none where nothing is known of the asker."),
            "score": Schema.number.saying("Inner product with the user, cosine with the movie: what the order is by."),
            "predicted_rating": Schema.number.saying("In stars, with `rerank=model`."),
            "because": .list(of: .object(["movie_id": .id, "title": .text, "contribution": .number])).saying(
                "With `explain`: what of the history added most to the score."),
            "score_parts": Schema.object(["because": .number, "everybody": .number, "rest": .number]).saying(
                "With `explain`: they add up to the score."),
        ])

    private static let list = Schema.object(
        [
            "generation": generationID,
            "source": .oneOf([AnswerSource.cache, .pgvector, .memory].map(\.rawValue)).saying("What answered."),
            "requested": .count(from: 1), "returned": .count(), "degraded": degraded,
            "results": .list(of: .named("Result"), to: 100),
        ],
        optional: [
            "expected_recall": .number(in: 0...1).saying("What a search like this one was measured to find."),
            "rerank": .oneOf([SearchOptions.Rerank.model.rawValue]),
            "offset": .count(), "next_offset": Schema.count().saying("Where the next page begins, if there is one."),
            "explain": .named("Explanation"),
        ])

    private static let explanation = Schema.object(
        [
            "sql": Schema.text.saying("Gives the same rows in psql."),
            "sql_gives": .oneOf(["candidates", "results"]),
            "timings_ms": .object(
                ["total": .number],
                optional: [
                    "database": .number, "diversity": .number, "model": .number, "queue": .number, "rerank": .number,
                ]),
        ],
        optional: [
            "candidates": Schema.count().saying("Ranked exactly."), "limit": .count(from: 1),
            "ef_search": .count(from: 1), "probes": .count(from: 1),
            "plan": Schema.list(of: .text).saying("As PostgreSQL explains it."),
        ])

    // MARK: The catalogue

    private static let movie = Schema.object(
        ["generation": generationID, "movie_id": .id, "title": .text, "genres": genres],
        optional: ["year": year, "release_date": Schema.text.showing("1977-01-01")])

    private static let catalogueMovie = Schema.object(
        ["movie_id": .id, "title": .text, "genres": genres],
        optional: [
            "year": year,
            "match": .oneOf(TitleMatch.allCases.map(\.rawValue)).saying(
                "With `query`: how the title fits, best first."),
        ])

    private static let catalogue = Schema.object(
        [
            "generation": generationID, "source": .oneOf([AnswerSource.memory.rawValue]), "degraded": degraded,
            "requested": .count(), "returned": .count(), "total": Schema.count().saying("On all pages."),
            "results": .list(of: .named("CatalogueMovie")),
        ],
        optional: [
            "next_cursor": .text, "missing": Schema.list(of: .id).saying("Of `ids`, those that no movie has."),
            "genres": .list(of: .object(["name": .text, "count": .count(from: 1)])),
            "years": .list(of: .object(["year": year, "count": .count(from: 1)])),
        ])

    // MARK: Users and events

    private static let user = Schema.object(
        [
            "generation": generationID, "user_id": .id, "source": .oneOf(["database", "memory"]), "degraded": degraded,
            "ratings": Schema.count().saying("Movies rated."),
            "genres": .list(
                of: .object(
                    ["name": .text, "count": .count(from: 1), "share": .number(in: 0...1)],
                    optional: [
                        "lift": Schema.number.saying("The share as a multiple of the genre's share among all ratings."),
                        "mean_rating": .number,
                    ])),
            "decades": .list(of: .object(["decade": .count(), "count": .count(from: 1), "share": .number(in: 0...1)])),
            "total": Schema.count().saying("Entries of the whole history."), "requested": .count(from: 1),
            "returned": .count(), "offset": .count(),
            "history": .list(
                of: .object(
                    ["movie_id": .id, "kind": .oneOf(Event.Kind.allCases.map(\.rawValue))],
                    optional: [
                        "title": .text, "year": year, "genres": genres, "rating": Schema.number.saying("Stars."),
                        "seconds": Schema.number.saying("Watched."), "occurred_at": time,
                    ])),
        ],
        optional: ["mean_rating": .number, "next_offset": .count()])

    private static let accepted = Schema.object([
        "accepted": Schema.count(from: 1).saying("Events that are on the disk.")
    ])

    private static let erasure = Schema.object([
        "user_id": .id,
        "removed": .object([
            "events": .count(), "interactions": .count(), "vectors": Schema.count().saying("Of all generations."),
            "users": .count(), "rejected_events": .count(),
            "cached_answers": Schema.count().saying("Everybody's: they are found again without the user."),
        ]),
        "in_memory": Schema.boolean.saying(
            "This service still has the user, and is about to read its generation again."),
    ])

    private static let predictions = Schema.object([
        "generation": generationID,
        "predictions": .list(
            of: .object([
                "user_id": .id, "movie_id": .id, "rating": Schema.number.saying("Stars."),
                "source": .oneOf(["user", "everybody"]).saying("Whose ratings it rests on."),
            ])),
    ])

    private static let batch = Schema.object([
        "answers": .list(
            of: .any(of: [.named("List"), .named("Predictions"), .named("Problem")]), to: BatchBody.mostRequests
        )
        .saying("In the order of the requests; where one is wrong, its problem stands in its place.")
    ])

    // MARK: Models and operations

    private static let generation = Schema.object(
        [
            "generation": .count(from: 1), "state": .text, "model": .text, "version": .text,
            "dimensions": .count(from: 1),
            "similarity_dimensions": .count(from: 1), "storage": .text, "index": .text, "created_at": time,
        ],
        optional: [
            "content_hash": .text, "git_revision": .text, "dataset": .text, "items": .count(), "users": .count(),
            "interactions": .count(), "index_options": .dictionary(of: .number),
            "metrics": Schema.dictionary(of: .number).saying("As training measured them."), "loaded_at": time,
            "activated_at": time, "degraded": degraded,
        ])

    private static let generationList = Schema.object([
        "generation": generationID, "requested": .count(from: 1), "returned": .count(), "total": .count(),
        "results": .list(of: .named("Generation")),
    ])

    private static let activated = Schema.object(
        ["generation": Schema.count(from: 1).saying("The active one now.")],
        optional: ["replaced": Schema.count(from: 1).saying("The one before.")])

    private static let readiness = Schema.object([
        "status": .oneOf(["ready", "degraded"]), "generation": generationID, "model": .text, "version": .text,
        "index": .text,
        "degraded": Schema.list(of: .text).saying("What is not as it should be, though exact answers are possible."),
    ])

    /// RFC 9457.
    private static let problem = Schema.object(
        [
            "type": .oneOf(Problem.Kind.allCases.map(\.rawValue)), "title": .text,
            "status": .integer(in: 400...599), "detail": .text,
            "instance": Schema.text.saying("Names the request, as the log and `X-Request-Id` do."),
        ],
        optional: ["field": Schema.text.saying("The parameter, the field or the header at fault.")])
}
