import Foundation
import ModelBundle
import MovieLens

extension ModelBundle.Content {
    /// The catalogue and interactions of a data set beside the vectors learned from it.
    init(_ dataset: Dataset, _ vectors: Trainer.Vectors, ratingHead: RatingHead?) {
        self.init(
            items: dataset.movies.map(CatalogueItem.init), users: dataset.users.map(CatalogueUser.init),
            interactions: ModelBundle.Content.interactions(dataset),
            itemVectors: vectors.recommender.itemVectors, similarity: vectors.similarity,
            userVectors: vectors.recommender.userVectors, encoder: vectors.recommender.encoder,
            genreRows: vectors.recommender.genreRows, ratingHead: ratingHead)
    }

    /// Ordered by (user, item), whatever the order of the file.
    private static func interactions(_ dataset: Dataset) -> [Interaction] {
        let users = IDIndex(dataset.users.map(\.id))
        let items = IDIndex(dataset.movies.map(\.id))
        return PairOrder.make(
            users: dataset.ratings.map { Int32(users.row(of: $0.user)!) }, among: dataset.users.count,
            items: dataset.ratings.map { Int32(items.row(of: $0.item)!) }, among: dataset.movies.count
        ).map {
            let rating = dataset.ratings[Int($0)]
            return Interaction(user: rating.user, item: rating.item, value: rating.value, timestamp: rating.timestamp)
        }
    }
}

extension CatalogueItem {
    /// A blank at the end of a title (three movies have one) is a slip of the file, not part of the name.
    fileprivate init(_ movie: Movie) {
        self.init(
            id: movie.id, title: movie.title.trimmingCharacters(in: .whitespaces),
            released: movie.releaseDate?.description, tags: movie.genres,
            attributes: [
                "imdb_url": movie.imdbURL, "year": movie.titleYear.map(String.init), "external_id": movie.externalID,
            ].compactMapValues(\.self))
    }
}

extension CatalogueUser {
    fileprivate init(_ user: User) {
        self.init(id: user.id, attributes: user.attributes)
    }
}
