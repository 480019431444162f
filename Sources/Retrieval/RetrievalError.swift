/// Why there is no answer.
package enum RetrievalError: Error, Equatable, CustomStringConvertible {
    case noActiveGeneration(catalogue: String)
    case unknownItem(Int32)
    case unknownUser(Int32)
    /// Every connection is busy and the queue is full; try again after `retryAfter` seconds.
    case overloaded(retryAfter: Int)
    /// A stored vector breaks its declared form.
    case badVector(table: String, id: Int32, reason: String)
    /// What the stored generation predicts ratings with is damaged.
    case badRatingHead(generation: Int, reason: String)
    /// `rerank=model` was asked of a generation that predicts no ratings.
    case noRatingHead(generation: Int)
    /// `rerank=model` was asked of a search that is no user's.
    case rerankWithoutUser

    /// A later version of Kindred has loaded the generation.
    case unknownStorage(String)

    package var description: String {
        switch self {
        case .noActiveGeneration(let catalogue):
            "catalogue '\(catalogue)' has no active generation: run `kindred load BUNDLE --activate`"
        case .unknownItem(let id): "there is no item \(id)"
        case .unknownUser(let id): "there is no user \(id)"
        case .overloaded: "too many requests are waiting for the database"
        case .unknownStorage(let storage):
            "the active generation's index holds '\(storage)', which this version of Kindred does not know: use a newer one"
        case .badVector(let table, let id, let reason): "\(table), id \(id): \(reason)"
        case .badRatingHead(let generation, let reason):
            "what generation \(generation) predicts ratings with cannot be used: \(reason)"
        case .noRatingHead(let generation): "generation \(generation) predicts no ratings"
        case .rerankWithoutUser: "predicted ratings are a user's, and this search has none"
        }
    }
}
