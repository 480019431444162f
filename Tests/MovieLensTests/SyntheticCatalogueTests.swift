import MovieLens
import Testing

@Suite struct SyntheticCatalogueTests {
    private func generate(seed: UInt64 = 7) throws -> Dataset {
        try SyntheticCatalogue(users: 60, movies: 120, ratings: 2_000, seed: seed).generate()
    }

    @Test func `the same seed gives the same data`() throws {
        let first = try generate()
        let second = try generate()
        #expect(first.ratings == second.ratings)
        #expect(first.movies == second.movies)
        #expect(first.users == second.users)
        #expect(try generate(seed: 8).ratings != first.ratings)
    }

    @Test func `the sizes asked for are generated, without a pair twice`() throws {
        let data = try generate()
        #expect(data.users.count == 60)
        #expect(data.movies.count == 120)
        #expect(data.ratings.count == 2_000)
        #expect(Set(data.ratings.map { [$0.user, $0.item] }).count == 2_000)
        #expect(data.ratings.allSatisfy { (1...5).contains($0.value) && $0.value.rounded() == $0.value })
        #expect(data.isSynthetic)
        #expect(data.silentUsers.isEmpty)
    }

    @Test func `a few movies draw most ratings`() throws {
        let data = try SyntheticCatalogue(users: 200, movies: 500, ratings: 6_000, seed: 1).generate()
        let counts = Dictionary(grouping: data.ratings, by: \.item).values.map(\.count).sorted(by: >)
        #expect(counts.prefix(100).reduce(0, +) > 3_000)
    }

    @Test func `users rate half of a tiny catalogue when that is asked for`() throws {
        let data = try SyntheticCatalogue(users: 3, movies: 8, ratings: 12, seed: 1).generate()
        #expect(data.ratings.count == 12)
    }

    @Test func `sizes that do not fit are refused`() {
        #expect(throws: MovieLensError.self) { try SyntheticCatalogue(users: 10, movies: 10, ratings: 51) }
        #expect(throws: MovieLensError.self) { try SyntheticCatalogue(users: 10, movies: 10, ratings: 9) }
        #expect(throws: MovieLensError.self) { try SyntheticCatalogue(users: 0, movies: 10, ratings: 9) }
    }
}
