/// A generated data set of MovieLens' shape, for when the real one cannot be had and for load tests.
///
/// A few movies draw most ratings (a power law), and a user prefers two or three genres, so that neighbours of
/// a movie share its genres as real ones do. The same sizes and seed give the same data on every machine.
package struct SyntheticCatalogue: Sendable, Equatable {
    package let users: Int
    package let movies: Int
    package let ratings: Int
    package let seed: UInt64

    /// - Throws: `MovieLensError` when a size is not positive, does not fit the ids, or asks for more than half of
    ///   all (user, movie) pairs.
    package init(users: Int = 943, movies: Int = 1_682, ratings: Int = 100_000, seed: UInt64 = 42) throws {
        let limit = 100_000_000
        guard (1...limit).contains(users), (2...limit).contains(movies), ratings >= users,
            ratings <= users * (movies / 2)
        else {
            throw MovieLensError(
                .impossibleSize, file: "generated",
                reason: "\(ratings) ratings by \(users) users of \(movies) movies: "
                    + "every user rates at least one and at most half of the movies")
        }
        self.users = users
        self.movies = movies
        self.ratings = ratings
        self.seed = seed
    }

    /// Says all that the data depends on; a checksum of it is a checksum of the data.
    package var recipe: String {
        "SyntheticCatalogue 1 users=\(users) movies=\(movies) ratings=\(ratings) seed=\(seed)"
    }

    package static let genres = [
        "Action", "Adventure", "Animation", "Children's", "Comedy", "Crime", "Documentary", "Drama", "Fantasy",
        "Film-Noir", "Horror", "Musical", "Mystery", "Romance", "Sci-Fi", "Thriller", "War", "Western",
    ]

    /// Generates the data. O(ratings) expected.
    package func generate() -> Dataset {
        var random = SplitMix64(seed: seed)
        let films = (0..<movies).map { _ in Film(random: &random) }
        let popularity = Popularity(cumulativePopularity(random: &random))
        let people = (0..<users).map { _ in Taste(random: &random) }
        var ratings: [Rating] = []
        ratings.reserveCapacity(self.ratings)
        // By movie: the last user who has seen it. One array for all users, where a set each would be made anew.
        var seenBy = [Int32](repeating: -1, count: movies)
        for (user, count) in ratingsPerUser(random: &random).enumerated() {
            rate(count, user: user, taste: people[user], films, popularity, &random, &seenBy, into: &ratings)
        }
        return Dataset(
            name: "generated", movies: catalogue(films, random: &random), users: profiles(random: &random),
            ratings: ratings, genres: SyntheticCatalogue.genres, files: [], isSynthetic: true)
    }

    /// What a movie is, before anyone has seen it.
    private struct Film {
        let genres: GenreSet
        /// Stars above or below the mean.
        let quality: Double

        init(random: inout SplitMix64) {
            let count = 1 + random.below(3)
            genres = GenreSet(count, random: &random)
            quality = 0.5 * random.bell()
        }
    }

    private struct Taste {
        let favourites: GenreSet
        /// Stars a user gives above or below the mean.
        let mildness: Double

        init(random: inout SplitMix64) {
            favourites = GenreSet(3, random: &random)
            mildness = 0.4 * random.bell()
        }

        /// The share of the movie's genres that the user is fond of, 0…1.
        func affinity(_ film: Film) -> Double {
            Double((film.genres.bits & favourites.bits).nonzeroBitCount) / Double(film.genres.bits.nonzeroBitCount)
        }
    }

    /// Some of the genres, one bit each.
    private struct GenreSet {
        let bits: UInt32

        init(_ draws: Int, random: inout SplitMix64) {
            var bits: UInt32 = 0
            for _ in 0..<draws { bits |= 1 << UInt32(random.below(SyntheticCatalogue.genres.count)) }
            self.bits = bits
        }

        var names: [String] {
            SyntheticCatalogue.genres.enumerated().filter { bits & 1 << UInt32($0.offset) != 0 }.map(\.element)
        }
    }

    /// Draws movies by their running sums of popularity.
    private struct Popularity {
        private let cumulative: [Double]
        /// By slice of the sums: the first movie that reaches into it. Most draws then need no search.
        private let guide: [Int32]
        private let total: Double

        init(_ cumulative: [Double]) {
            self.cumulative = cumulative
            total = cumulative[cumulative.count - 1]
            let slices = 2 * cumulative.count
            var guide = [Int32](repeating: 0, count: slices + 1)
            var movie = 0
            for slice in 0...slices {
                while movie < cumulative.count - 1, cumulative[movie] <= total * Double(slice) / Double(slices) {
                    movie += 1
                }
                guide[slice] = Int32(movie)
            }
            self.guide = guide
        }

        /// The first movie whose sum is above the share `uniform` of the total. O(1) expected.
        func movie(at uniform: Double) -> Int {
            let value = uniform * total
            // One slice early: the slice of a value is rounded.
            var movie = Int(guide[max(0, Int(uniform * Double(guide.count - 1)) - 1)])
            while movie < cumulative.count - 1, cumulative[movie] <= value { movie += 1 }
            return movie
        }
    }

    /// Running sums of 1 / (rank + offset), the ranks shuffled over the movies. The offset makes the first fifth of the
    /// movies draw about two thirds of the ratings, as in MovieLens 100k.
    private func cumulativePopularity(random: inout SplitMix64) -> [Double] {
        var ranks = Array(0..<movies)
        for last in stride(from: movies - 1, to: 0, by: -1) { ranks.swapAt(last, random.below(last + 1)) }
        let offset = max(1, movies / 84)
        var sum = 0.0
        return ranks.map { rank in
            sum += 1 / Double(rank + offset)
            return sum
        }
    }

    /// One to half of the movies for each user, a power law, adding up to `ratings`.
    private func ratingsPerUser(random: inout SplitMix64) -> [Int] {
        let most = movies / 2
        let weights = (0..<users).map { _ in 1 / (0.04 + random.uniform()) }
        let total = weights.reduce(0, +)
        let spare = Double(ratings - users)
        var counts = weights.map { 1 + min(most - 1, Int(spare * $0 / total)) }
        var missing = ratings - counts.reduce(0, +)
        var user = 0
        while missing > 0 {
            let step = min(missing, most - counts[user], 1 + missing / users)
            counts[user] += step
            missing -= step
            user = (user + 1) % users
        }
        return counts
    }

    private func rate(
        _ count: Int, user: Int, taste: Taste, _ films: [Film], _ popularity: Popularity,
        _ random: inout SplitMix64, _ seenBy: inout [Int32], into ratings: inout [Rating]
    ) {
        let start: Int64 = 874_724_710
        let sevenMonths = 18_500_000
        let user = Int32(user)
        for _ in 0..<count {
            let movie = draw(taste: taste, user: user, seenBy, films, popularity, &random)
            seenBy[movie] = user
            let film = films[movie]
            let stars = 3 + film.quality + taste.mildness + 1.5 * (taste.affinity(film) - 0.3) + 0.7 * random.bell()
            ratings.append(
                Rating(
                    user: user + 1, item: Int32(movie + 1), value: Float(min(5, max(1, stars.rounded()))),
                    timestamp: start + Int64(random.below(sevenMonths))))
        }
    }

    /// A popular movie the user has not seen, more often one of a favourite genre.
    private func draw(
        taste: Taste, user: Int32, _ seenBy: [Int32], _ films: [Film], _ popularity: Popularity,
        _ random: inout SplitMix64
    ) -> Int {
        // Rejection ends quickly unless the user has seen nearly all that is popular; then any unseen movie will do.
        for _ in 0..<200 {
            let movie = popularity.movie(at: random.uniform())
            if seenBy[movie] != user, random.uniform() < 0.08 + 0.92 * taste.affinity(films[movie]) { return movie }
        }
        var movie = random.below(movies)
        while seenBy[movie] == user { movie = (movie + 1) % movies }
        return movie
    }

    private func catalogue(_ films: [Film], random: inout SplitMix64) -> [Movie] {
        let width = max(4, String(movies).count)
        return films.enumerated().map { index, film in
            let number = String(index + 1)
            let padded = String(repeating: "0", count: width - number.count) + number
            let year = 1930 + Int(68 * random.uniform().squareRoot())
            let date = CivilDate(year: year, month: 1 + random.below(12), day: 1 + random.below(28))
            let isDated = random.below(100) > 0
            return Movie(
                id: Int32(index + 1), title: isDated ? "Generated \(padded) (\(year))" : "Generated \(padded)",
                releaseDate: isDated ? date : nil, imdbURL: nil,
                genres: film.genres.names)
        }
    }

    private func profiles(random: inout SplitMix64) -> [User] {
        let occupations = ["student", "engineer", "educator", "writer", "other"]
        return (0..<users).map { index in
            User(
                id: Int32(index + 1), age: 15 + random.below(60), gender: random.below(10) < 3 ? .female : .male,
                occupation: occupations[random.below(occupations.count)], zipCode: "\(10_000 + random.below(90_000))")
        }
    }
}
