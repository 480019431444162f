import Testing

@testable import Retrieval

@Suite struct DiversityTests {
    /// Candidates on a line: near places are alike.
    private static func similarity(_ places: [Double]) -> (Int, Int) -> Double {
        { 1 - abs(places[$0] - places[$1]) }
    }

    @Test func `no diversity is the order of relevance, ties by place`() {
        let order = Diversity.order(relevance: [3, 9, 3, 7], count: 4, diversity: 0) { _, _ in 1 }
        #expect(order == [1, 3, 0, 2])
    }

    @Test func `full diversity takes the most relevant first where all are alike and then what is farthest`() {
        let places = [0.0, 0.1, 0.9, 0.5]
        let order = Diversity.order(
            relevance: [4, 3, 2, 1], count: 3, diversity: 1, similarity: Self.similarity(places))
        // Nothing is chosen yet, so every candidate is as good as the first.
        #expect(order == [0, 2, 3])
    }

    @Test(arguments: [0.0, 0.2, 0.5, 0.8, 1.0])
    func `it is what the equation says, computed anew for each choice`(diversity: Double) {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<50 {
            let count = Int.random(in: 1...30, using: &random)
            let relevance = (0..<count).map { _ in Double.random(in: -5...5, using: &random) }
            let places = (0..<count).map { _ in Double.random(in: 0...2, using: &random) }
            let similarity = Self.similarity(places)
            let wanted = Int.random(in: 1...40, using: &random)
            let (low, high) = (relevance.min()!, relevance.max()!)
            var expected: [Int] = []
            while expected.count < min(wanted, count) {
                let left = relevance.indices.filter { !expected.contains($0) }
                func value(_ place: Int) -> Double {
                    let relevance = high > low ? (relevance[place] - low) / (high - low) : 1
                    let nearest = expected.map { similarity($0, place) }.max() ?? 0
                    return (1 - diversity) * relevance - diversity * nearest
                }
                let best = left.map(value).max()!
                expected.append(left.first { value($0) == best }!)
            }
            let found = Diversity.order(
                relevance: relevance, count: wanted, diversity: diversity, similarity: similarity)
            #expect(found == expected)
        }
    }

    @Test func `nothing to choose from is nothing`() {
        #expect(Diversity.order(relevance: [], count: 5, diversity: 0.5) { _, _ in 0 } == [])
    }
}
