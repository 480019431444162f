import Kernels
import ModelBundle
import MovieLens
import Testing
import Training

@Suite struct ClusteredCatalogueTests {
    private func bundle(items: Int = 3_000, users: Int = 50, dimensions: Int = 32, seed: UInt64 = 7) throws
        -> ModelBundle
    {
        try ClusteredCatalogue(items: items, users: users, dimensions: dimensions, seed: seed).bundle(name: "drawn")
    }

    @Test func `the same sizes and seed give the same bundle, another seed another`() throws {
        let hash = try bundle().manifest.contentHash
        #expect(try bundle().manifest.contentHash == hash)
        #expect(try bundle(seed: 8).manifest.contentHash != hash)
        // Written down, so that another machine or compiler that draws other numbers is noticed.
        #expect(hash == "96a8570baa69b76a744623bb9218e09eb6c2e6d7900ed36122bb8702d0e58292")
    }

    @Test func `the bundle has the sizes asked for and nothing cold`() throws {
        let bundle = try bundle()
        #expect(bundle.items.count == 3_000 && bundle.users.count == 50)
        #expect(bundle.itemVectors.columns == 32 && bundle.similarity.columns == 32)
        let manifest = bundle.manifest
        #expect(manifest.coldItems.isEmpty && manifest.itemsWithoutSimilarity.isEmpty && manifest.coldUsers.isEmpty)
        #expect(manifest.dataset.synthetic && !manifest.predictsRatings)
    }

    @Test func `a user has seen ten to thirty different items, and is the vector of their history`() throws {
        let bundle = try bundle()
        let encoder = UserEncoder(bundle)
        for (row, user) in bundle.users.enumerated() {
            let history = bundle.interactions.filter { $0.user == user.id }
            #expect((10...30).contains(history.count) && Set(history.map(\.item)).count == history.count)
            let entries = history.map { UserEncoder.Entry(row: Int($0.item) - 1, rating: $0.value) }
            #expect(encoder.encode(entries) == Array(bundle.userVectors[row]))
        }
    }

    @Test func `genres are used as unevenly as filters meet them`() throws {
        let items = try bundle().items
        let share = { (genre: String) in Double(items.count { $0.tags.contains(genre) }) / Double(items.count) }
        #expect(share("Drama") > 0.2 && share("Film-Noir") < 0.05)
        #expect(items.allSatisfy { (1...3).contains($0.tags.count) })
        #expect(items.contains { $0.released == nil } && items.contains { $0.attributes["year"] == "2020" })
    }

    @Test func `neighbours are nearer than others, and clusters run into each other`() throws {
        let similarity = try bundle().similarity
        var nearest: [Float] = []
        var mean: Float = 0
        for row in stride(from: 0, to: 3_000, by: 100) {
            let cosines = (0..<3_000).filter { $0 != row }.map { other in
                zip(similarity[row], similarity[other]).reduce(0) { $0 + $1.0 * $1.1 }
            }
            nearest.append(cosines.max()!)
            mean += cosines.reduce(0, +) / 2_999 / 30
        }
        #expect(nearest.min()! > 0.5 && nearest.max()! < 0.999 && mean < 0.4)
    }

    @Test func `sizes that do not fit are refused`() {
        let sizes = [(59, 5, 32), (100, -1, 32), (100, 5, 22), (100, 5, 2_001), (100_000_001, 5, 32)]
        for (items, users, dimensions) in sizes {
            #expect(throws: MovieLensError.self) {
                try ClusteredCatalogue(items: items, users: users, dimensions: dimensions, seed: 1)
            }
        }
    }
}
