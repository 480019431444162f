package import NIOCore
package import Retrieval

/// The envelope of every list of results; keys in alphabetical order.
package enum AnswerBody {
    /// The answer as it goes out now, and as the cache will repeat it. What memory said in the database's place is
    /// not kept.
    package static func entry(_ answer: Answer) throws -> AnswerCache<ByteBuffer>.Entry {
        var writer = JSONWriter(capacity: 256 + 256 * answer.results.count)
        writer.raw(#"{"degraded":"#)
        writer.bool(answer.isDegraded)
        writer.raw(#","generation":"#)
        writer.integer(answer.generation)
        writer.raw(#","requested":"#)
        writer.integer(answer.requested)
        writer.raw(#","results":"#)
        var rank = 0
        try writer.array(answer.results) { writer, result in
            rank += 1
            try write(result, rank: rank, to: &writer)
        }
        writer.raw(#","returned":"#)
        writer.integer(answer.results.count)
        let common = writer.buffer
        let fresh = ended(common, by: answer.source)
        guard !answer.isDegraded else { return .init(fresh: fresh, cached: nil) }
        let cached = ended(common, by: .cache)
        return .init(fresh: fresh, cached: (cached, cached.readableBytes))
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
