import HTTPTypes
import Retrieval

/// Every route but those of the page.
enum Operations {
    static let all = [
        catalogue, movie, similar, recommendations, taste, vector, batch, predictions, user, erase, events, generations,
        active,
        activate, rollback, live, ready, metrics,
    ]

    // MARK: Movies

    static let catalogue = Operation(
        area: .movies, path: "/v1/movies", name: "listMovies",
        summary: "Find movies by title, list them, or get many by id; from memory.",
        parameters: CatalogueParameters.rules, answer: .init(says: "A page of movies.", schema: .named("Catalogue")),
        isKept: true)

    static let movie = Operation(
        area: .movies, path: "/v1/movies/{movie_id}", name: "getMovie", summary: "One movie.",
        answer: .init(says: "The movie.", schema: .named("Movie")), problems: [404])

    static let similar = list(.similar, "similarMovies", "The movies most like a movie, by cosine.", problems: [404])

    // MARK: Recommendations

    static let recommendations = list(
        .recommendations, "recommendForUser",
        "What a user would watch next, by the model's inner product; what is popular for a user whom nobody knows.")

    static let taste = Operation(
        area: .recommendations, method: .post, path: "/v1/recommendations", name: "recommendForTaste",
        summary: "What anybody would watch next who likes, dislikes or has rated these movies: no training is needed.",
        body: .init(schema: TasteBody.schema, example: ["liked": [50, 172], "disliked": [288], "k": 5]),
        answer: listAnswer, problems: listProblems + bodyProblems, isHurried: true)

    static let vector = Operation(
        area: .recommendations, method: .post, path: "/v1/search", name: "searchByVector",
        summary: "The movies nearest to a vector.",
        body: .init(schema: VectorBody.schema, example: ["space": "similarity", "vector": [0, 1], "k": 5]),
        answer: listAnswer, problems: listProblems + bodyProblems, isHurried: true)

    static let predictions = Operation(
        area: .recommendations, method: .post, path: "/v1/predict", name: "predictRatings",
        summary: "The ratings that users would give to movies.",
        body: .init(schema: PredictionBody.schema, example: ["pairs": [["user_id": 1, "movie_id": 50]]]),
        answer: .init(says: "A rating for each pair.", schema: .named("Predictions")), problems: [409] + bodyProblems)

    static let batch = Operation(
        area: .recommendations, method: .post, path: "/v1/batch", name: "batch",
        summary: "Many lists and predictions, with one round trip to the database.",
        body: .init(
            schema: BatchBody.schema,
            example: [
                "requests": [["kind": "similar", "movie_id": 50, "k": 3], ["kind": "recommendations", "user_id": 1]]
            ]),
        answer: .init(says: "An answer, or a problem, for each request.", schema: .named("BatchAnswers")),
        problems: bodyProblems, isHurried: true)

    private static let listAnswer = Operation.Answer(says: "The list, best first.", schema: .named("List"))
    /// No calibration, no database where it must answer, a recall beyond the deadline.
    private static let listProblems = [409, 422, 503]
    private static let bodyProblems = [413, 415]

    private static func list(
        _ route: RetrievalMetrics.Route, _ name: String, _ summary: String, problems: [Int] = []
    ) -> Operation {
        Operation(
            area: route == .similar ? .movies : .recommendations, path: path(route), name: name, summary: summary,
            parameters: SearchParameters.rules(of: route), answer: listAnswer, problems: problems + listProblems,
            isKept: true,
            isHurried: true)
    }

    /// The pattern of a list's route, which is also its label in the metrics.
    static func path(_ route: RetrievalMetrics.Route) -> String {
        switch route {
        case .similar: "/v1/movies/{movie_id}/similar"
        case .recommendations: "/v1/users/{user_id}/recommendations"
        }
    }

    // MARK: Users and events

    static let user = Operation(
        area: .users, path: "/v1/users/{user_id}", name: "getUser",
        summary: "A user's taste and history, newest first.",
        parameters: [UserRoutes.limit, UserRoutes.offset],
        answer: .init(says: "The taste, and a page of the history.", schema: .named("User")), problems: [404, 503],
        isKept: true, isHurried: true)

    static let erase = Operation(
        area: .users, method: .delete, path: user.path, name: "eraseUser",
        summary: "Remove a user from the database, from every service's memory and from the journal.",
        answer: .init(says: "What was removed.", schema: .named("Erasure")), problems: [401, 403, 503],
        needsAdminKey: true)

    static let events = Operation(
        area: .users, method: .post, path: "/v1/events", name: "recordEvents",
        summary: "What users did: answered once it is on the disk, heeded by the next recommendation.",
        body: .init(
            types: EventRoutes.types, schema: EventList.schema,
            example: ["event_id": "7f3a", "user_id": 1, "movie_id": 50, "kind": "rated", "value": 5]),
        answer: .init(status: 202, says: "The events are kept.", schema: .named("Accepted")),
        problems: [503] + bodyProblems)

    // MARK: Models

    static let generations = Operation(
        area: .models, path: "/v1/generations", name: "listGenerations",
        summary: "The models that were loaded, newest first.",
        parameters: [GenerationRoutes.limit],
        answer: .init(says: "The models.", schema: .named("GenerationList")), problems: [503], isKept: true,
        isHurried: true)

    static let active = Operation(
        area: .models, path: "/v1/generations/active", name: "getActiveGeneration",
        summary: "The model that is served here.",
        answer: .init(says: "The model.", schema: .named("Generation")), isKept: true, isHurried: true)

    static let activate = Operation(
        area: .models, method: .post, path: "/v1/admin/activate", name: "activateGeneration",
        summary: "Serve another model, here and on all replicas.",
        body: .init(schema: AdminRoutes.schema, example: ["generation": 1]), answer: activated, problems: adminProblems,
        needsAdminKey: true)

    static let rollback = Operation(
        area: .models, method: .post, path: "/v1/admin/rollback", name: "rollBack",
        summary: "Serve the model before, here and on all replicas.", answer: activated, problems: adminProblems,
        needsAdminKey: true)

    private static let activated = Operation.Answer(says: "The pointer has moved.", schema: .named("Activated"))
    private static let adminProblems = [401, 403, 404, 409, 503]

    // MARK: Operations

    static let live = Operation(
        area: .operations, path: "/livez", name: "isLive", summary: "Whether the program runs.",
        answer: .init(type: "text/plain", says: "It does.", schema: .text))

    static let ready = Operation(
        area: .operations, path: "/readyz", name: "isReady",
        summary: "Whether it can answer, and what is not as it should be.",
        answer: .init(says: "Exact answers are possible.", schema: .named("Readiness")))

    static let metrics = Operation(
        area: .operations, path: "/metrics", name: "metrics", summary: "Counters and histograms, for Prometheus.",
        answer: .init(type: "text/plain", says: "In Prometheus' text format.", schema: .text))
}
