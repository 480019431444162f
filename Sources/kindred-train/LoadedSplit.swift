import MovieLens

/// Ratings to learn from and ratings to measure on, of one catalogue.
struct LoadedSplit {
    let train: Dataset
    private(set) var test: [Rating]

    /// A rating to learn from is no question: its movie is never recommended, and the figures would be too low.
    init(train: Dataset, test: [Rating]) throws {
        func pair(_ rating: Rating) -> Int64 { Int64(rating.user) << 32 | Int64(rating.item) }
        let shared = Set(train.ratings.map(pair)).intersection(test.map(pair)).count
        guard shared == 0 else {
            throw Failure(.badData, "\(shared) ratings are in both files: name a split")
        }
        self.train = train
        self.test = test
    }

    /// Users with test ratings and none to learn from, ascending.
    var absentUsers: [Int32] {
        Set(test.map(\.user)).subtracting(train.ratings.map(\.user)).sorted()
    }

    /// Movies with test ratings and none to learn from, ascending.
    var absentMovies: [Int32] {
        Set(test.map(\.item)).subtracting(train.ratings.map(\.item)).sorted()
    }

    /// Without the test ratings of users who have none to learn from.
    func withKnownUsersOnly() -> LoadedSplit {
        let absent = Set(absentUsers)
        var split = self
        split.test.removeAll { absent.contains($0.user) }
        return split
    }

    /// Says what no model can answer.
    func describe() {
        let (users, movies) = (absentUsers.count, absentMovies.count)
        if users > 0 {
            Console.note(
                "\(users) of \(Set(test.map(\.user)).count) test users are not in training: they have no vector and "
                    + "count as no hit (--known-users leaves them out)")
        }
        if movies > 0 {
            let absent = Set(absentMovies)
            Console.note(
                "\(movies) test movies are not in training: they are never an answer, and their "
                    + "\(test.count { absent.contains($0.item) }) test ratings count as missed")
        }
    }
}
