package import NIOCore
package import Retrieval

/// A list of results as bytes: the envelope, keys in alphabetical order.
package struct EncodedAnswer: Sendable {
    package let body: ByteBuffer
    /// Weak, because an answer from the cache says so and differs in nothing else; nil for one that must not be kept.
    package let etag: String?

    /// The answer as it goes out now, and as the cache will repeat it. What memory said in the database's place is
    /// not kept, by nobody.
    package static func entry(_ answer: Answer) throws -> AnswerCache<EncodedAnswer>.Entry {
        var writer = JSONWriter(capacity: 256 + 256 * answer.results.count)
        writer.raw(#"{"degraded":"#)
        writer.bool(answer.isDegraded)
        writer.raw(#","generation":"#)
        writer.integer(answer.generation)
        writer.raw(#","requested":"#)
        writer.integer(answer.requested)
        if answer.isReranked { writer.raw(#","rerank":"model""#) }
        writer.raw(#","results":"#)
        var rank = 0
        try writer.array(answer.results) { writer, result in
            rank += 1
            try write(result, rank: rank, to: &writer)
        }
        writer.raw(#","returned":"#)
        writer.integer(answer.results.count)
        let common = writer.buffer
        let body = ended(common, by: answer.source)
        guard !answer.isDegraded else { return .init(fresh: .init(body: body, etag: nil), cached: nil) }
        let etag = #"W/"\#(String(checksum(common), radix: 16))""#
        let kept = ended(common, by: .cache)
        return .init(
            fresh: .init(body: body, etag: etag),
            cached: (.init(body: kept, etag: etag), kept.readableBytes + etag.utf8.count))
    }

    /// FNV-1a: the same for every replica and after every restart, unlike Swift's own hash.
    private static func checksum(_ buffer: ByteBuffer) -> UInt64 {
        buffer.readableBytesView.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
    }

    private static func write(_ result: Answer.Result, rank: Int, to writer: inout JSONWriter) throws {
        writer.raw("{")
        if let distance = result.distance {
            writer.raw(#""distance":"#)
            writer.number(distance)
            writer.raw(",")
        }
        writer.raw(#""genres":"#)
        try writer.array(result.item.tags) { try $0.string($1) }
        writer.raw(#","movie_id":"#)
        writer.integer(Int(result.item.id))
        if let rating = result.predictedRating {
            writer.raw(#","predicted_rating":"#)
            writer.number(rating)
        }
        writer.raw(#","rank":"#)
        writer.integer(rank)
        if let score = result.score {
            writer.raw(#","score":"#)
            writer.number(score)
        }
        writer.raw(#","source":"#)
        try writer.string(result.source.rawValue)
        writer.raw(#","title":"#)
        try writer.string(result.item.title)
        if let year = result.item.year {
            writer.raw(#","year":"#)
            writer.integer(year)
        }
        writer.raw("}")
    }

    /// `source` is the last key, so an answer and what the cache keeps of it differ in their ends only.
    private static func ended(_ common: ByteBuffer, by source: AnswerSource) -> ByteBuffer {
        var buffer = common
        buffer.writeStaticString(#","source":""#)
        buffer.writeString(source.rawValue)
        buffer.writeStaticString("\"}")
        return buffer
    }
}
