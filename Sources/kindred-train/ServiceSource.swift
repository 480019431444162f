import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// A running service, asked as a frontend asks it.
struct ServiceSource: RecommendationSource {
    private let base: URL
    private let rerank: Rerank
    private let session: URLSession

    /// - Parameters:
    ///   - base: `http://host:port`.
    ///   - rerank: the order that is asked for.
    init(_ base: URL, rerank: Rerank) {
        self.base = base
        self.rerank = rerank
        let configuration = URLSessionConfiguration.ephemeral
        configuration.timeoutIntervalForRequest = 30
        session = URLSession(configuration: configuration)
    }

    var name: String { base.absoluteString }

    private struct Answer: Decodable {
        struct Movie: Decodable {
            let movieId: Int32
            /// `popular` for a user of whom the model knows nothing.
            let source: String
        }
        let results: [Movie]
    }

    private struct Problem: Decodable {
        static let notFound = "/problems/not-found"

        let type: String
        let detail: String
    }

    func recommendations(for user: Int32, k: Int) async throws -> [Int32] {
        let url = base.appending(path: "v1/users/\(user)/recommendations")
            .appending(queryItems: [
                URLQueryItem(name: "k", value: String(k)), URLQueryItem(name: "rerank", value: rerank.rawValue),
            ])
        let body: Data
        let response: URLResponse
        do {
            (body, response) = try await session.data(from: url)
        } catch {
            throw Failure(.unavailable, "\(name) cannot be asked: \(error.localizedDescription)")
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        switch (response as? HTTPURLResponse)?.statusCode ?? 0 {
        case 200:
            guard let answer = try? decoder.decode(Answer.self, from: body) else {
                throw Failure(.unavailable, "\(url.absoluteString) gives no Kindred answer")
            }
            // The fallback is no answer of the model: the matrix gives none either.
            return answer.results.filter { $0.source != "popular" }.map(\.movieId)
        case 404 where (try? decoder.decode(Problem.self, from: body))?.type == Problem.notFound:
            // A user of whom the model knows nothing.
            return []
        case let status:
            let detail = (try? decoder.decode(Problem.self, from: body)).map { ": \($0.detail)" } ?? ""
            throw Failure(.unavailable, "\(url.absoluteString) answers with HTTP \(status)\(detail)")
        }
    }
}
