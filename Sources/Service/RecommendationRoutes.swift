import Hummingbird
import NIOCore
import Retrieval

/// What is asked by a body: recommendations for a taste, items near a vector, predicted ratings, and many of them at once.
struct RecommendationRoutes {
    private static let maximumBytes = 256 << 10
    private static let advice = "ask for less at a time"

    let current: CurrentRetriever
    let search: ListSearch
    let deadlineMilliseconds: Int

    func add(to router: some RouterMethods<ServiceContext>) {
        router.on(Operations.taste) { request, _, _ in
            let body = try await Self.body(TasteBody.self, of: request)
            return try await search.answer(try query(body, request)).unkept
        }
        router.on(Operations.vector) { request, _, _ in
            let body = try await Self.body(VectorBody.self, of: request)
            return try await search.answer(try query(body, request)).unkept
        }
        router.on(Operations.predictions) { request, _, _ in
            let body = try await Self.body(PredictionBody.self, of: request)
            return Self.json(try await predictions(body))
        }
        router.on(Operations.batch) { request, _, _ in
            let body = try await Self.body(BatchBody.self, of: request)
            return Self.json(try await batch(body, request))
        }
    }

    private static func body<Body: Decodable>(_ type: Body.Type, of request: Request) async throws -> Body {
        try JSONBody.decode(
            type, from: try await RequestBody.json(of: request, upTo: maximumBytes, advice: advice))
    }

    private static func json(_ body: ByteBuffer) -> Response {
        Response(
            status: .ok, headers: [.contentType: EncodedAnswer.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: body))
    }

    private func query(_ body: TasteBody, _ request: Request) throws -> SearchQuery {
        try SearchQuery(
            RequestParameters(request, values: body.parameters),
            .taste(try body.taste(in: current.retriever.snapshot)), .recommendations,
            defaultDeadlineMilliseconds: deadlineMilliseconds)
    }

    private func query(_ body: VectorBody, _ request: Request) throws -> SearchQuery {
        try SearchQuery(
            RequestParameters(request, values: body.parameters), try body.subject, .similar,
            defaultDeadlineMilliseconds: deadlineMilliseconds)
    }

    private func query(_ body: SimilarBody, _ request: Request) throws -> SearchQuery {
        try SearchQuery(
            RequestParameters(request, values: body.parameters), .item(body.movieID), .similar,
            defaultDeadlineMilliseconds: deadlineMilliseconds)
    }

    /// A thousand pairs take longer than an event loop should be away from its other connections.
    private func predictions(_ body: PredictionBody) async throws -> ByteBuffer {
        try await withTaskExecutorPreference(globalConcurrentExecutor) {
            let retriever = current.retriever
            let pairs = try body.checked(in: retriever.snapshot)
            return try JSONBody.encode(
                PredictionList(
                    try retriever.predictedRatings(pairs), generation: retriever.snapshot.generation.id))
        }
    }

    // MARK: Batch

    /// Answers in the order of the requests; where one is wrong, its problem stands in its place.
    private func batch(_ body: BatchBody, _ request: Request) async throws -> ByteBuffer {
        let prepared: [Result<Prepared, any Error>] = body.requests.map { entry in
            Result {
                switch try entry.get() {
                case .similar(let body): try Self.unexplained(try query(body, request))
                case .recommendations(let body): try Self.unexplained(try query(body, request))
                case .search(let body): try Self.unexplained(try query(body, request))
                case .predict(let body): .prediction(body)
                }
            }
        }
        var lists = await search.answers(
            to: prepared.compactMap { entry in
                guard case .success(.list(let query)) = entry else { return nil }
                return query
            })
        lists.reverse()
        var answers = ByteBuffer(string: #"{"answers":["#)
        for (place, entry) in prepared.enumerated() {
            if place > 0 { answers.writeString(",") }
            do {
                switch try entry.get() {
                case .list: answers.writeImmutableBuffer(try lists.removeLast().get().body)
                case .prediction(let body): answers.writeImmutableBuffer(try await predictions(body))
                }
            } catch let error where !(error is CancellationError) {
                let problem = Problem.describing(error, path: request.uri.path)
                answers.writeImmutableBuffer(try problem.body(requestID: "\(place)"))
            }
        }
        answers.writeString("]}")
        return answers
    }

    private static func unexplained(_ query: SearchQuery) throws -> Prepared {
        guard !query.isExplained else {
            throw Problem.invalidParameter("explain", "'explain' is for one request at a time, and not for a batch")
        }
        return .list(query)
    }

    private enum Prepared {
        case list(SearchQuery)
        case prediction(PredictionBody)
    }
}
