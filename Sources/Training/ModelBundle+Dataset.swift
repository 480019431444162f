import Foundation
import ModelBundle
import MovieLens

extension ModelBundle.Content {
    /// The catalogue and interactions of a data set beside the vectors learned from it.
    init(_ dataset: Dataset, _ vectors: Trainer.Vectors) {
        self.init(
            items: dataset.movies.map(CatalogueItem.init), users: dataset.users.map(CatalogueUser.init),
            interactions: dataset.ratings
                .sorted { ($0.user, $0.item) < ($1.user, $1.item) }
                .map { Interaction(user: $0.user, item: $0.item, value: $0.value, timestamp: $0.timestamp) },
            itemVectors: vectors.recommender.itemVectors, similarity: vectors.similarity,
            userVectors: vectors.recommender.userVectors, encoder: vectors.recommender.encoder,
            genreRows: vectors.recommender.genreRows)
    }
}

extension CatalogueItem {
    /// A blank at the end of a title (three movies have one) is a slip of the file, not part of the name.
    fileprivate init(_ movie: Movie) {
        var attributes: [String: String] = [:]
        attributes["imdb_url"] = movie.imdbURL
        attributes["year"] = movie.titleYear.map(String.init)
        self.init(
            id: movie.id, title: movie.title.trimmingCharacters(in: .whitespaces),
            released: movie.releaseDate?.description, tags: movie.genres, attributes: attributes)
    }
}

extension CatalogueUser {
    fileprivate init(_ user: User) {
        self.init(
            id: user.id,
            attributes: [
                "age": String(user.age), "gender": user.gender.rawValue, "occupation": user.occupation,
                "zip_code": user.zipCode,
            ])
    }
}
