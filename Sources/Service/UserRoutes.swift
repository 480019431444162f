import Hummingbird
import Retrieval

/// `GET /v1/users/{user_id}`: a user's taste and history.
struct UserRoutes {
    private static let standardLimit = 20

    static let limit = WholeNumberRule(
        name: "limit", range: 1...100, standard: standardLimit, says: "Entries of the history.")
    static let offset = WholeNumberRule(
        name: "offset", range: 0...1_000_000, standard: 0, says: "Newer entries to leave out.")

    let current: CurrentRetriever
    let deadlineMilliseconds: Int

    func add(to router: some RouterMethods<ServiceContext>) {
        router.on(Operations.user) { request, context, parameters in
            let id = try RequestParameters.id("user_id", context)
            let limit = try parameters.int(Self.limit) ?? Self.standardLimit
            let offset = try parameters.int(Self.offset) ?? 0
            let profile = try await current.retriever.profile(
                of: id, deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            return try EncodedAnswer(
                UserBody(profile, of: id, offset: offset, limit: limit), isKept: !profile.isDegraded
            ).response(to: request, isPersonal: true)
        }
    }
}
