import Foundation
import NIOCore
import Testing

@testable import Retrieval
@testable import Service

/// The hand-written envelope against `JSONEncoder`.
@Suite struct EncodedAnswerTests {
    private struct Envelope: Encodable {
        struct Result: Encodable {
            let movieID: Int32
            let title: String
            let year: Int?
            let genres: [String]
            let rank: Int
            let distance: Double?
            let score: Double?
            let predictedRating: Double?
            let source: String

            enum CodingKeys: String, CodingKey {
                case title, year, genres, rank, distance, score, source
                case movieID = "movie_id"
                case predictedRating = "predicted_rating"
            }
        }

        let generation: Int
        let source: String
        let requested: Int
        let returned: Int
        let degraded: Bool
        let rerank: String?
        let results: [Result]
    }

    private static let titles = [
        "Toy Story (1995)", "Amélie", "", "a \"quoted\" one", "back\\slash", "tab\tnewline\n\u{1}\u{1F}\u{7F}",
        "slash/es", "日本語 👩‍👩‍👧", "e\u{301}", "\u{2028}\u{2029}",
    ]
    private static let numbers = [0, 1, -1, 0.1, 1e-7, 1.5e300, 0.3783610048796548, 123_456_789, 1e16, 2.5e-300, -0.0]

    private func answer(source: AnswerSource, isDegraded: Bool = false) -> Answer {
        let results = Self.titles.enumerated().map { index, title in
            Answer.Result(
                item: Item(
                    id: Int32(index + 1), title: title, year: index.isMultiple(of: 3) ? nil : 1990 + index,
                    released: nil, tags: Array(Self.titles.prefix(index))),
                distance: index == 4 ? nil : Self.numbers[index], score: index == 5 ? nil : Self.numbers[index + 1],
                source: index == 4 ? .popular : .vector)
        }
        return Answer(generation: 7, source: source, requested: 20, isDegraded: isDegraded, results: results)
    }

    private func encoded(_ answer: Answer, source: AnswerSource) throws -> String {
        let results = answer.results.enumerated().map { position, result in
            Envelope.Result(
                movieID: result.item.id, title: result.item.title, year: result.item.year, genres: result.item.tags,
                rank: position + 1, distance: result.distance, score: result.score,
                predictedRating: result.predictedRating, source: result.source.rawValue)
        }
        let envelope = Envelope(
            generation: answer.generation, source: source.rawValue, requested: answer.requested,
            returned: results.count, degraded: answer.isDegraded, rerank: answer.isReranked ? "model" : nil,
            results: results)
        return String(buffer: try JSONBody.encode(envelope))
    }

    @Test(arguments: [AnswerSource.pgvector, .memory])
    func `an answer and its cached form are what JSONEncoder writes`(source: AnswerSource) throws {
        let answer = answer(source: source)
        let entry = try EncodedAnswer.entry(answer)
        #expect(String(buffer: entry.fresh.body) == (try encoded(answer, source: source)))
        let cached = try #require(entry.cached)
        #expect(String(buffer: cached.form.body) == (try encoded(answer, source: .cache)))
        #expect(cached.form.etag == entry.fresh.etag && cached.bytes > cached.form.body.readableBytes)
    }

    @Test func `a re-ranked answer says so, and what it predicts`() throws {
        let nearest = answer(source: .pgvector)
        let results = zip(nearest.results, Self.numbers).map { result, number in
            var result = result
            result.predictedRating = number
            return result
        }
        let answer = Answer(
            generation: 7, source: .pgvector, requested: 20, isDegraded: false, results: results, isReranked: true)
        let text = String(buffer: try EncodedAnswer.entry(answer).fresh.body)
        #expect(text == (try encoded(answer, source: .pgvector)))
        #expect(text.contains(#""rerank":"model""#) && text.contains(#""predicted_rating":0.1"#))
    }

    @Test func `an answer in the database's place is not for the cache`() throws {
        let answer = answer(source: .memory, isDegraded: true)
        let entry = try EncodedAnswer.entry(answer)
        #expect(entry.cached == nil)
        #expect(String(buffer: entry.fresh.body) == (try encoded(answer, source: .memory)))
    }

    @Test func `an empty answer has an empty list`() throws {
        let empty = Answer(generation: 1, source: .memory, requested: 10, isDegraded: false, results: [])
        #expect(String(buffer: try EncodedAnswer.entry(empty).fresh.body) == (try encoded(empty, source: .memory)))
    }
}
