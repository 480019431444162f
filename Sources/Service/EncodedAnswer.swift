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
        try write(answer, to: &writer)
        return writer.withWritten { common in
            let body = ended(common, by: answer.source)
            guard !answer.isDegraded else { return .init(fresh: .init(body: body, etag: nil), cached: nil) }
            let etag = #"W/"\#(String(fingerprint(common), radix: 16))""#
            let kept = ended(common, by: .cache)
            return .init(
                fresh: .init(body: body, etag: etag),
                cached: (.init(body: kept, etag: etag), kept.readableBytes + etag.utf8.count))
        }
    }

    /// An answer with the reasons; not to be kept.
    init(explaining explained: ExplainedAnswer) throws {
        var writer = JSONWriter(capacity: 4096 + 1024 * explained.answer.results.count)
        try Self.write(explained.answer, explained, to: &writer)
        self = writer.withWritten { common in
            EncodedAnswer(body: Self.ended(common, by: explained.answer.source), etag: nil)
        }
    }

    init(body: ByteBuffer, etag: String?) {
        self.body = body
        self.etag = etag
    }

    /// All but the last key.
    private static func write(
        _ answer: Answer, _ explained: ExplainedAnswer? = nil, to writer: inout JSONWriter
    ) throws {
        writer.raw(#"{"degraded":"#)
        writer.bool(answer.isDegraded)
        if let recall = answer.expectedRecall {
            writer.raw(#","expected_recall":"#)
            writer.number(recall)
        }
        if let explained { try explained.write(to: &writer) }
        writer.raw(#","generation":"#)
        writer.integer(answer.generation)
        if let next = answer.nextOffset {
            writer.raw(#","next_offset":"#)
            writer.integer(next)
        }
        if let offset = answer.offset {
            writer.raw(#","offset":"#)
            writer.integer(offset)
        }
        writer.raw(#","requested":"#)
        writer.integer(answer.requested)
        if answer.isReranked { writer.raw(#","rerank":"model""#) }
        writer.raw(#","results":"#)
        var rank = 0
        try writer.array(answer.results) { writer, result in
            rank += 1
            let reasons = explained?.reasons.dropFirst(rank - 1).first
            try write(result, rank: (answer.offset ?? 0) + rank, reasons, to: &writer)
        }
        writer.raw(#","returned":"#)
        writer.integer(answer.results.count)
    }

    /// The same for every replica and after every restart, unlike Swift's own hash: FNV-1a's step for eight bytes at a
    /// time, each followed by a shift that carries high bits down.
    static func fingerprint(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        func mix(_ word: UInt64) {
            hash = (hash ^ word) &* 0x100_0000_01b3
            hash ^= hash >> 32
        }
        let whole = bytes.count & ~7
        for offset in stride(from: 0, to: whole, by: 8) {
            mix(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
        }
        for byte in bytes[whole...] { mix(UInt64(byte)) }
        return hash
    }

    private static func write(
        _ result: Answer.Result, rank: Int, _ reasons: ExplainedAnswer.Reasons?, to writer: inout JSONWriter
    ) throws {
        writer.raw("{")
        if let reasons {
            try reasons.writeBecause(to: &writer)
            writer.raw(",")
        }
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
        if let reasons {
            writer.raw(",")
            reasons.writeParts(to: &writer)
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
    private static func ended(_ common: UnsafeRawBufferPointer, by source: AnswerSource) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: common.count + 32)
        buffer.writeBytes(common)
        buffer.writeStaticString(#","source":""#)
        buffer.writeString(source.rawValue)
        buffer.writeStaticString("\"}")
        return buffer
    }
}
