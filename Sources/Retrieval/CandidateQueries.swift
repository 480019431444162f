import Kernels
import Postgres
import Schema

/// The statements that ask PostgreSQL for the nearest items of one generation.
struct CandidateQueries: Sendable {
    /// LIMITs are literals in the prepared text, because the planner prices an index scan by them; few sizes keep
    /// the number of statements small. `kindred.candidate_limit` in SQL rounds the same way.
    static let limits = [16, 32, 64, 128, 256, 512, 1024]

    /// By space, limit, exclusion and plan: made once, not for every request.
    private let statements: [Statement]

    init(generation: ActiveGeneration) {
        statements = SearchSpace.allCases.flatMap { space in
            Self.limits.flatMap { limit in
                [false, true].flatMap { excluding in
                    [false, true].map {
                        Self.statement(generation, space, limit: limit, excluding: excluding, exact: $0)
                    }
                }
            }
        }
    }

    /// The smallest limit that holds `wanted`; nil above the largest, where an exact scan in memory is better.
    static func limit(for wanted: Int) -> Int? { limits.first { $0 >= wanted } }

    /// Item ids, nearest first; one column, because memory computes the distances again.
    ///
    /// `$1` is the query vector; `$2`, with exclusions, the item ids to leave out.
    ///
    /// - Parameters:
    ///   - limit: one of ``limits``.
    ///   - exact: compare with every row; a sum is no expression that an index knows.
    func statement(_ space: SearchSpace, limit: Int, excluding: Bool, exact: Bool) -> Statement {
        let place = Self.limits.firstIndex(of: limit)!
        let group = (space == .embedding ? 0 : 1) * Self.limits.count + place
        return statements[group * 4 + (excluding ? 2 : 0) + (exact ? 1 : 0)]
    }

    /// The generation that one of these statements asks; nil for the name of any other statement.
    static func generation(ofStatement name: String) -> Int? {
        let parts = name.split(separator: "_", maxSplits: 2)
        guard parts.count == 3, SearchSpace(rawValue: String(parts[0])) != nil, parts[1].first == "g" else {
            return nil
        }
        return Int(parts[1].dropFirst())
    }

    private static func statement(
        _ generation: ActiveGeneration, _ space: SearchSpace, limit: Int, excluding: Bool, exact: Bool
    ) -> Statement {
        let dimensions = space == .embedding ? generation.dimensions : generation.similarityDimensions
        let storage = exact ? VectorStorage.vector : generation.storage
        let distance = storage.distance(space.rawValue, to: "$1", dimensions: dimensions)
        return Statement(
            "\(space.rawValue)_g\(generation.id)_\(limit)\(excluding ? "_excluding" : "")\(exact ? "_exact" : "")",
            """
            SELECT item_id FROM \(generation.itemTable)\(excluding ? " WHERE item_id <> ALL ($2)" : "")
            ORDER BY (\(distance))\(exact ? " + 0" : "") LIMIT \(limit)
            """)
    }
}
