import Retrieval

/// A body of `POST /v1/predict`: pairs of a user and a movie.
struct PredictionBody: Decodable {
    private static let mostPairs = 1000
    static let fields = ["pairs": Schema.list(of: .object(["user_id": .id, "movie_id": .id]), from: 1, to: mostPairs)]
    static let schema = Schema.object(fields)

    private struct Pair: Decodable {
        let userID: Int32
        let movieID: Int32

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: FieldName.self)
            try container.refuseUnknown(["user_id", "movie_id"])
            userID = try container.value("user_id")
            movieID = try container.value("movie_id")
        }
    }

    private let pairs: [Pair]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        try container.refuseUnknown(["pairs"] + decoder.entryFields)
        pairs = try container.value("pairs")
    }

    /// - Throws: ``Problem`` that names the field.
    func checked(in snapshot: Snapshot) throws -> [(user: Int32, item: Int32)] {
        guard (1...Self.mostPairs).contains(pairs.count) else {
            throw Problem.invalidParameter(
                "pairs", "'pairs' must have 1 to \(Self.mostPairs) pairs, not \(pairs.count)")
        }
        return try pairs.enumerated().map { place, pair in
            guard pair.userID >= 1 else {
                let field = "pairs[\(place)].user_id"
                throw Problem.invalidParameter(
                    field, "'\(field)' must be a whole number from 1 to \(Int32.max), not '\(pair.userID)'")
            }
            guard (try? snapshot.item(pair.movieID)) != nil else {
                let field = "pairs[\(place)].movie_id"
                throw Problem.invalidParameter(field, "'\(field)' must be a movie's; there is no movie \(pair.movieID)")
            }
            return (pair.userID, pair.movieID)
        }
    }
}

/// What `POST /v1/predict` answers.
struct PredictionList: Encodable {
    private struct Prediction: Encodable {
        let userID: Int32
        let movieID: Int32
        let rating: Double
        /// Whose ratings it rests on.
        let source: String

        enum CodingKeys: String, CodingKey {
            case rating, source
            case userID = "user_id"
            case movieID = "movie_id"
        }
    }

    private let generation: Int
    private let predictions: [Prediction]

    init(_ predictions: [RatingPrediction], generation: Int) {
        self.generation = generation
        self.predictions = predictions.map {
            Prediction(
                userID: $0.user, movieID: $0.item, rating: $0.rating, source: $0.isPersonal ? "user" : "everybody")
        }
    }
}
