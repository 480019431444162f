import Hummingbird
import Retrieval

/// `GET /v1/generations` and `GET /v1/generations/active`: which models there are, and what training measured of them.
struct GenerationRoutes {
    private static let standardLimit = 20

    static let limit = WholeNumberRule(
        name: "limit", range: 1...100, standard: standardLimit, says: "Generations wanted.")

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
        router.on(Operations.generations) { request, _, parameters in
            let limit = try parameters.int(Self.limit) ?? Self.standardLimit
            let retriever = current.retriever
            let (records, total) = try await retriever.generations(
                count: limit, deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            let list = List(
                generation: retriever.snapshot.generation.id, requested: limit, returned: records.count, total: total,
                results: records.map { GenerationBody($0) })
            return try EncodedAnswer(list, isKept: true).response(to: request, isPersonal: true)
        }
        router.on(Operations.active) { request, _, parameters in
            let (record, isDegraded) = try await current.retriever.servedGeneration(
                deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            return try EncodedAnswer(GenerationBody(record, isDegraded: isDegraded), isKept: !isDegraded)
                .response(to: request, isPersonal: true)
        }
    }
}
