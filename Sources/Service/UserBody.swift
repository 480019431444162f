import Retrieval

/// A user's taste, and a page of the history.
struct UserBody: Encodable {
    struct Genre: Encodable {
        let name: String
        let count: Int
        let share: Double
        let lift: Double?
        let meanRating: Double?

        enum CodingKeys: String, CodingKey {
            case name, count, share, lift
            case meanRating = "mean_rating"
        }
    }

    struct Decade: Encodable {
        let decade: Int
        let count: Int
        let share: Double
    }

    struct Entry: Encodable {
        let movieID: Int32
        let title: String?
        let year: Int?
        let genres: [String]?
        let kind: String
        /// Stars.
        let rating: Double?
        /// Watched.
        let seconds: Double?
        let occurredAt: String?

        enum CodingKeys: String, CodingKey {
            case title, year, genres, kind, rating, seconds
            case movieID = "movie_id"
            case occurredAt = "occurred_at"
        }

        init(_ entry: UserHistory.Entry, _ item: Item?) {
            movieID = entry.itemID
            title = item?.title
            year = item?.year
            genres = item?.tags
            kind = entry.kind
            rating = entry.kind == "rated" ? entry.value : nil
            seconds = entry.kind == "watched" ? entry.value : nil
            occurredAt = entry.occurredAt
        }
    }

    let generation: Int
    let userID: Int32
    let source: String
    let degraded: Bool
    let ratings: Int
    let meanRating: Double?
    let genres: [Genre]
    let decades: [Decade]
    /// Entries of the whole history.
    let total: Int
    let requested: Int
    let returned: Int
    let offset: Int
    let nextOffset: Int?
    let history: [Entry]

    enum CodingKeys: String, CodingKey {
        case generation, source, degraded, ratings, genres, decades, total, requested, returned, offset, history
        case userID = "user_id"
        case meanRating = "mean_rating"
        case nextOffset = "next_offset"
    }

    init(_ profile: UserProfile, of user: Int32, offset: Int, limit: Int) {
        let (taste, entries) = (profile.taste, profile.history.entries)
        generation = profile.generation
        userID = user
        source = profile.isDegraded ? "memory" : "database"
        degraded = profile.isDegraded
        ratings = taste.ratings
        meanRating = taste.meanRating
        genres = taste.tags.map {
            Genre(name: $0.name, count: $0.count, share: $0.share, lift: $0.lift, meanRating: $0.meanRating)
        }
        decades = taste.decades.map { Decade(decade: $0.decade, count: $0.count, share: $0.share) }
        total = entries.count
        requested = limit
        self.offset = offset
        history = entries.dropFirst(offset).prefix(limit).map { Entry($0, profile.items($0.itemID)) }
        returned = history.count
        nextOffset = offset + limit < entries.count ? offset + limit : nil
    }
}
