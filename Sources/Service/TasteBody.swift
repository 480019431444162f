import Retrieval

/// A body of `POST /v1/recommendations`: whose taste, and the parameters that lists have.
struct TasteBody: Decodable {
    private static let mostOpinions = 1000
    private static let stars = 0.5...5.0

    private static let movies = Schema.list(of: .id, to: mostOpinions).orNull
    private static let fields: [String: Schema] = [
        "user_id": Schema.id.orNull.saying("Whose history counts too."),
        "session": EventList.session.orNull.saying("The same for somebody without an id."),
        "liked": movies, "disliked": movies,
        "ratings": Schema.list(
            of: .object(["movie_id": .id, "rating": .number(in: stars).saying("Stars.")]), to: mostOpinions
        ).orNull,
    ]
    static let schema = Schema.parameters(SearchParameters.rules(of: .recommendations), beside: [:], optional: fields)

    private struct Rating: Decodable {
        let movieID: Int32
        let rating: Float

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: FieldName.self)
            try container.refuseUnknown(["movie_id", "rating"])
            movieID = try container.value("movie_id")
            rating = Float(try container.value("rating") as Double)
        }
    }

    /// By name, as in a query.
    let parameters: [String: ParameterValue]
    private let userID: Int32?
    private let session: String?
    private let liked: [Int32]
    private let disliked: [Int32]
    private let ratings: [Rating]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        parameters = try container.listParameters(
            beside: Self.fields.keys.sorted() + decoder.entryFields, known: SearchParameters.rules(of: .recommendations)
        )
        userID = try container.valueIfPresent("user_id")
        session = try container.valueIfPresent("session")
        liked = try container.valueIfPresent("liked") ?? []
        disliked = try container.valueIfPresent("disliked") ?? []
        ratings = try container.valueIfPresent("ratings") ?? []
    }

    /// - Throws: ``Problem`` that names the field.
    func taste(in snapshot: Snapshot) throws -> Taste {
        guard liked.count + disliked.count + ratings.count <= Self.mostOpinions else {
            throw Problem.invalidParameter(
                "liked", "'liked', 'disliked' and 'ratings' hold at most \(Self.mostOpinions) movies together")
        }
        var opinions: [Int32: Opinion] = [:]
        func add(_ opinion: Opinion, of movie: Int32, at field: String) throws {
            guard (try? snapshot.item(movie)) != nil else {
                throw Problem.invalidParameter(field, "'\(field)' must be a movie's; there is no movie \(movie)")
            }
            guard opinions.updateValue(opinion, forKey: movie) == nil else {
                throw Problem.invalidParameter(
                    field, "'\(field)' names movie \(movie), of which something is said before")
            }
        }
        for (place, movie) in liked.enumerated() { try add(.liked, of: movie, at: "liked[\(place)]") }
        for (place, movie) in disliked.enumerated() { try add(.disliked, of: movie, at: "disliked[\(place)]") }
        for (place, rating) in ratings.enumerated() {
            guard Self.stars.contains(Double(rating.rating)) else {
                let field = "ratings[\(place)].rating"
                throw Problem.invalidParameter(field, "'\(field)' must be stars from 0.5 to 5, not '\(rating.rating)'")
            }
            try add(.rated(rating.rating), of: rating.movieID, at: "ratings[\(place)].movie_id")
        }
        return Taste(of: try person, opinions)
    }

    private var person: Person? {
        get throws {
            if let session {
                guard userID == nil else {
                    throw Problem.invalidParameter("session", "'session' or 'user_id' may be given, and not both")
                }
                guard (1...64).contains(session.utf8.count), session.utf8.allSatisfy({ (0x20...0x7e).contains($0) })
                else {
                    throw Problem.invalidParameter("session", "'session' must be 1 to 64 printable ASCII characters")
                }
                return .session(session)
            }
            guard let userID else { return nil }
            guard userID >= 1 else {
                throw Problem.invalidParameter(
                    "user_id", "'user_id' must be a whole number from 1 to \(Int32.max), not '\(userID)'")
            }
            return .user(userID)
        }
    }
}
