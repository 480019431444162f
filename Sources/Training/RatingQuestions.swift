import ModelBundle
import MovieLens

/// Ratings to predict, by user, each user with what is known of them.
struct RatingQuestions {
    struct User: Sendable {
        let history: [RatingPredictor.Rated]
        let attributes: [String: String]
        /// Item rows, in the order in which they were asked for.
        let items: [Int]
        /// The places of the items among all questions.
        let places: [Int]
    }

    /// Ascending by id; only those with a question.
    let users: [User]

    /// - Parameters:
    ///   - asked: the pairs; their values are not read.
    ///   - histories: ratings that may be known, of any user.
    ///   - dataset: the catalogue; it has every user and movie of the other two.
    init(_ asked: [Rating], histories: [Rating], of dataset: Dataset) {
        let rows = Dictionary(uniqueKeysWithValues: zip(dataset.movies.map(\.id), dataset.movies.indices))
        var known: [Int32: [RatingPredictor.Rated]] = [:]
        for rating in histories {
            known[rating.user, default: []].append(.init(row: rows[rating.item]!, value: rating.value))
        }
        var places: [Int32: [Int]] = [:]
        for (place, rating) in asked.enumerated() { places[rating.user, default: []].append(place) }
        users = dataset.users.compactMap { user in
            guard let places = places[user.id] else { return nil }
            return User(
                history: (known[user.id] ?? []).sorted { $0.row < $1.row }, attributes: user.attributes,
                items: places.map { rows[asked[$0].item]! }, places: places)
        }
    }
}
