import Kernels
package import ModelBundle

/// How much of a catalogue the users are shown, by the length of their lists.
package struct CoverageCurve: Sendable {
    /// At index k − 1: the share of the items that appear in the first k places of any list, 0…1.
    package let shares: [Double]
    /// How many users' lists were made.
    package let users: Int

    private static let batch = 250

    /// Ranks what each user has not seen by distance in the bundle's recommendation space.
    ///
    /// - Parameters:
    ///   - longest: of the lists.
    ///   - limit: of the users; where there are more with a vector, they are taken at even steps.
    /// O(users · items · dimensions).
    package init(_ bundle: ModelBundle, longest: Int = 100, limit: Int = 1_000) {
        precondition(longest > 0 && limit > 0)
        let hasVector = bundle.hasUserVector
        let withVector = hasVector.indices.filter { hasVector[$0] }
        let count = min(limit, withVector.count)
        let users = (0..<count).map { withVector[$0 * withVector.count / count] }
        let rows = Dictionary(uniqueKeysWithValues: zip(bundle.items.map(\.id), bundle.items.indices))
        let asked = Set(users.map { bundle.users[$0].id })
        var seen: [Int32: [Int]] = [:]
        for interaction in bundle.interactions where asked.contains(interaction.user) {
            seen[interaction.user, default: []].append(rows[interaction.item]!)
        }

        let items = Matrix(bundle.itemVectors)
        let askers = Matrix(bundle.userVectors)
        let answers = bundle.hasRecommendationVector
        // By item: the best place it has in any list.
        var best = [Int](repeating: longest, count: items.rows)
        for start in stride(from: 0, to: users.count, by: CoverageCurve.batch) {
            let batch = Array(users[start..<min(start + CoverageCurve.batch, users.count)])
            let distances = SquaredDistances(from: askers.selecting(rows: batch), to: items)
            for (index, user) in batch.enumerated() {
                var isCandidate = answers
                for item in seen[bundle.users[user].id, default: []] { isCandidate[item] = false }
                for (place, item) in distances.nearest(to: index, among: isCandidate, count: longest).enumerated() {
                    best[item] = min(best[item], place)
                }
            }
        }
        var reached = [Int](repeating: 0, count: longest)
        for place in best where place < longest { reached[place] += 1 }
        var sum = 0
        shares = reached.map { count in
            sum += count
            return items.rows > 0 ? Double(sum) / Double(items.rows) : 0
        }
        self.users = users.count
    }
}
