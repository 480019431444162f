import Foundation
import MovieLens
import Training

/// Somebody who recommends movies: asked instead of computed.
protocol RecommendationSource {
    /// What is asked, for people; without secrets.
    var name: String { get }
    /// Movie ids, best first; empty when the user has no vector.
    func recommendations(for user: Int32, k: Int) async throws -> [Int32]
}

extension RecommendationSource {
    /// Asks for every user with test ratings, and makes sure that the answers are of a model of these train ratings.
    func rankings(_ split: LoadedSplit, k: Int) async throws -> [Int32: [Int32]] {
        let seen = Dictionary(grouping: split.train.ratings, by: \.user).mapValues { Set($0.map(\.item)) }
        let catalogue = Set(split.train.movies.map(\.id))
        let users = Set(split.test.map(\.user)).sorted()
        var rankings: [Int32: [Int32]] = [:]
        var (strangers, known, short) = (0, 0, 0)
        for user in users {
            let ids = try await recommendations(for: user, k: k)
            strangers += ids.count { !catalogue.contains($0) }
            known += ids.count(where: seen[user, default: []].contains)
            if !ids.isEmpty && ids.count < k { short += 1 }
            rankings[user] = ids
        }
        guard strangers == 0, known == 0 else {
            throw Failure(
                .badData,
                "\(name) serves a model of other ratings: \(strangers) of its answers are no movies of this catalogue "
                    + "and \(known) are in the user's own train ratings")
        }
        let silent = rankings.values.count(where: \.isEmpty)
        Console.note(
            "\(name) answered for \(users.count - silent) of \(users.count) users, \(short) of them short of \(k)")
        guard split.test.contains(where: { rankings[$0.user, default: []].contains($0.item) }) else {
            throw Failure(
                .badData,
                "none of the answers of \(name) is a test rating: it serves a model that has learned from the test "
                    + "ratings too, or no model of these users")
        }
        return rankings
    }
}

/// What `--through` names.
enum RecommendationSources {
    /// - Parameters:
    ///   - exact: whether a database is to answer without its index.
    ///   - rerank: the order a service is asked for.
    static func at(_ address: String, exact: Bool, rerank: Rerank) async throws -> any RecommendationSource {
        switch URL(string: address)?.scheme {
        case "http", "https":
            guard !exact else {
                throw Failure(.usage, "--exact is for a database: a service decides itself how it finds its answers")
            }
            guard let url = URL(string: address), url.host != nil, url.query == nil else { fallthrough }
            return ServiceSource(url, rerank: rerank)
        case "postgresql", "postgres":
            guard rerank == .distance else {
                throw Failure(.usage, "--rerank is for a service: a database orders by distance")
            }
            return try await DatabaseSource(address, exact: exact)
        default:
            // Not repeated here: it may hold a password.
            throw Failure(
                .usage, "--through takes http://host:port of a service or postgresql://… of a database")
        }
    }
}
