/// Why there is no answer.
package enum RetrievalError: Error, Equatable, CustomStringConvertible {
    case noActiveGeneration(catalogue: String)
    /// There is no such generation, or none that can be searched.
    case noGeneration(Int, catalogue: String)
    case unknownItem(Int32)
    case unknownUser(Int32)
    /// Every connection is busy and the queue is full; try again after `retryAfter` seconds.
    case overloaded(retryAfter: Int)
    /// A stored vector breaks its declared form.
    case badVector(table: String, id: Int32, reason: String)
    /// What user vectors of the stored generation are computed from is damaged.
    case badEncoder(generation: Int, reason: String)
    /// What the stored generation predicts ratings with is damaged.
    case badRatingHead(generation: Int, reason: String)
    /// `rerank=model` was asked of a generation that predicts no ratings.
    case noRatingHead(generation: Int)
    /// Predicted ratings were asked of a generation that has none.
    case noPredictions(generation: Int)
    /// `rerank=model` was asked of a search that is no user's.
    case rerankWithoutUser
    /// A filter names a tag that no item has.
    case unknownTag(String, known: [String])
    /// A vector to search with is of another space.
    case wrongDimensions(Int, expected: Int)
    /// A recall was asked for, and nobody has measured the generation's index.
    case notCalibrated(generation: Int)
    case outOfReach(OutOfReach)
    /// A later version of Kindred has loaded the generation.
    case unknownStorage(String)

    /// No search that was measured reaches the recall in time.
    package struct OutOfReach: Equatable, Sendable {
        package let target: Double
        package let patience: Duration
        /// The 99th percentile of the fastest search that reaches it.
        package let fastest: Duration
        /// The most recall that was measured in time; nil where nothing is.
        package let bestInTime: Double?
    }

    package var description: String {
        switch self {
        case .noActiveGeneration(let catalogue):
            "catalogue '\(catalogue)' has no active generation: run `kindred load BUNDLE --activate`"
        case .noGeneration(let id, let catalogue):
            "catalogue '\(catalogue)' has no generation \(id) that can be searched: see `kindred generations`"
        case .unknownItem(let id): "there is no item \(id)"
        case .unknownUser(let id): "there is no user \(id)"
        case .overloaded: "too many requests are waiting for the database"
        case .unknownStorage(let storage):
            "the active generation's index holds '\(storage)', which this version of Kindred does not know: use a newer one"
        case .unknownTag(let tag, _): "no item has the tag '\(tag)'"
        case .wrongDimensions(let found, let expected):
            "a vector of \(found) dimensions is none of \(expected)"
        case .notCalibrated(let generation):
            "generation \(generation) is not calibrated: run `kindred calibrate`"
        case .outOfReach(let reach): "a recall of \(reach.target) is not reached within \(reach.patience)"
        case .badVector(let table, let id, let reason): "\(table), id \(id): \(reason)"
        case .badEncoder(let generation, let reason):
            "what user vectors of generation \(generation) are computed from cannot be used: \(reason)"
        case .badRatingHead(let generation, let reason):
            "what generation \(generation) predicts ratings with cannot be used: \(reason)"
        case .noRatingHead(let generation), .noPredictions(let generation):
            "generation \(generation) predicts no ratings"
        case .rerankWithoutUser: "predicted ratings are a user's, and this search has none"
        }
    }
}
