import Hummingbird
import Retrieval

/// `GET /v1/users/{user_id}`: a user's taste and history.
struct UserRoutes {
    let current: CurrentRetriever
    let deadlineMilliseconds: Int

    func add(to router: Router<ServiceContext>) {
        router.get("/v1/users/{user_id}") { request, context in
            let parameters = try RequestParameters(request, known: ["limit", "offset"])
            let id = try RequestParameters.id("user_id", context)
            let limit = try parameters.int("limit", default: 20, in: 1...100)
            let offset = try parameters.int("offset", default: 0, in: 0...1_000_000)
            let profile = try await current.retriever.profile(
                of: id, deadline: try parameters.deadline(defaultMilliseconds: deadlineMilliseconds))
            return try EncodedAnswer(
                UserBody(profile, of: id, offset: offset, limit: limit), isKept: !profile.isDegraded
            ).response(to: request, isPersonal: true)
        }
    }
}
