import Hummingbird
import Retrieval

/// `GET /v1/generations` and `GET /v1/generations/active`: which models there are, and what training measured of them.
struct GenerationRoutes {
    let current: CurrentRetriever
    let deadlineMilliseconds: Int

    private struct List: Encodable {
        /// The one that is served here.
        let generation: Int
        let requested: Int
        let returned: Int
        let total: Int
        let results: [GenerationBody]
    }

    func add(to router: Router<ServiceContext>) {
        router.get("/v1/generations") { request, _ in
            let parameters = try RequestParameters(request, known: ["limit"])
            let limit = try parameters.int("limit", default: 20, in: 1...100)
            let retriever = current.retriever
            let (records, total) = try await retriever.generations(
                count: limit, deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            let list = List(
                generation: retriever.snapshot.generation.id, requested: limit, returned: records.count, total: total,
                results: records.map { GenerationBody($0) })
            return try EncodedAnswer(list, isKept: true).response(to: request, isPersonal: true)
        }
        router.get("/v1/generations/active") { request, _ in
            let parameters = try RequestParameters(request, known: [])
            let (record, isDegraded) = try await current.retriever.servedGeneration(
                deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            return try EncodedAnswer(GenerationBody(record, isDegraded: isDegraded), isKept: !isDegraded)
                .response(to: request, isPersonal: true)
        }
    }
}
