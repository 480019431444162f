import Foundation
import Logging

/// The segments of a journal and what is read of them. It blocks on the disk, and one queue alone may use it.
///
/// Records that need no reading any more lie at the front: whole segments of them are deleted at once, so that reading
/// always goes on in the first segment there is, at `offset`.
final class JournalFiles {
    private let configuration: Journal.Configuration
    private let logger: Logger
    private let folder: JournalFolder
    private let positionFile: PositionFile
    private var segments: [Segment] = []
    /// The last segment's file, while it is written to.
    private var active: File?
    private var next: UInt64
    private var confirmed: UInt64
    /// Bytes of the first segment that are confirmed.
    private var offset = 0

    /// Records that are not confirmed.
    var pending: Int { segments.reduce(0) { $0 + $1.unread } }
    var bytes: Int { segments.reduce(0) { $0 + $1.size } }

    /// Reads and checks everything that is left of a former process.
    init(_ configuration: Journal.Configuration, logger: Logger) throws(JournalError) {
        self.configuration = configuration
        self.logger = logger
        folder = try JournalFolder(configuration.folder)
        positionFile = try PositionFile(folder.position)
        try folder.synchronize()
        confirmed = try positionFile.read(logger)
        next = confirmed + 1
        let names = try folder.segments()
        for (first, following) in zip(names, names.dropFirst().map(Optional.some) + [nil]) {
            if let following, following <= confirmed + 1 {
                try folder.remove(folder.segment(first))
            } else {
                try recover(first, following)
            }
        }
        try dropConfirmed()
    }

    // MARK: Writing

    /// Returns once the records are on the disk; when it throws, none of them is kept.
    func append(_ payloads: [Data]) throws(JournalError) {
        var block: [UInt8] = []
        for (index, payload) in payloads.enumerated() {
            Record.write(payload, sequence: next + UInt64(index), to: &block)
        }
        try makeRoom(for: block.count)
        let file = try writableFile()
        let last = segments.count - 1
        do throws(JournalError) {
            try file.write(block, at: segments[last].size)
            try file.synchronizeData()
            // The name of a new segment must be there too.
            if segments[last].size == 0 { try folder.synchronize() }
        } catch {
            abandon(file)
            throw error
        }
        segments[last].size += block.count
        segments[last].unread += payloads.count
        next += UInt64(payloads.count)
    }

    private func makeRoom(for count: Int) throws(JournalError) {
        guard bytes + count > configuration.maximumBytes else { return }
        active = nil
        try dropConfirmed()
        guard bytes + count <= configuration.maximumBytes else { throw .full(bytes: configuration.maximumBytes) }
    }

    private func writableFile() throws(JournalError) -> File {
        if let active, let last = segments.last, last.size < configuration.segmentBytes { return active }
        active = nil
        let file = try File(folder.segment(next), O_WRONLY | O_CREAT | O_TRUNC)
        segments.append(Segment(first: next, size: 0, unread: 0))
        active = file
        return file
    }

    /// What a failed write or synchronisation left on the disk is unknown: nothing is written behind it.
    ///
    /// Should the bytes stay, then the next opening finds them beyond what the next segment begins with, and cuts them.
    private func abandon(_ file: File) {
        let last = segments[segments.count - 1]
        active = nil
        do throws(JournalError) {
            if last.size == 0 { try folder.remove(file.path) } else { try file.truncate(to: last.size) }
        } catch {
            logger.error("the journal could not take back a failed write", metadata: ["error": "\(error)"])
        }
        if last.size == 0 { segments.removeLast() }
    }

    // MARK: Reading

    /// What comes after the last confirmed record: again the same batch, until it is confirmed. Nil when there is none.
    func nextBatch(records: Int, bytes: Int) throws(JournalError) -> JournalBatch? {
        try dropConfirmed()
        while let segment = segments.first, offset < segment.size {
            let path = folder.segment(segment.first)
            let chunk = try File(path, O_RDONLY).read(
                offset..<min(segment.size, offset + max(bytes, Record.headerSize + Record.sizes.upperBound)))
            if let batch = batch(chunk, records: records) { return batch }
            try mendFirst()
            try dropConfirmed()
        }
        return nil
    }

    /// Nil when the bytes do not begin with a record.
    private func batch(_ chunk: [UInt8], records: Int) -> JournalBatch? {
        chunk.withUnsafeBytes { bytes in
            var payloads: [Data] = []
            var end = 0
            var last = confirmed
            while payloads.count < records, let record = Record.read(bytes, at: end, in: last + 1..<next) {
                payloads.append(Data(bytes[record.payload]))
                end = record.range.upperBound
                last = record.sequence
            }
            return payloads.isEmpty ? nil : JournalBatch(payloads: payloads, last: last, end: offset + end)
        }
    }

    /// The batch need not be read again.
    func confirm(_ batch: JournalBatch) throws(JournalError) {
        precondition(batch.last > confirmed, "a batch is confirmed once, before the next is read")
        confirmed = batch.last
        offset = batch.end
        segments[0].unread -= batch.payloads.count
        try positionFile.write(confirmed)
        try dropConfirmed()
    }

    /// What comes goes to another segment.
    func endSegment() throws(JournalError) {
        active = nil
        try dropConfirmed()
    }

    /// Deletes the segments that are confirmed to their end, but the one that is written to.
    private func dropConfirmed() throws(JournalError) {
        while let segment = segments.first, offset >= segment.size, segments.count > 1 || active == nil {
            try folder.remove(folder.segment(segment.first))
            segments.removeFirst()
            offset = 0
        }
    }

    // MARK: Recovery

    /// Takes over a segment of a former process.
    private func recover(_ first: UInt64, _ following: UInt64?) throws(JournalError) {
        let path = folder.segment(first)
        let file = try File(path, O_RDWR)
        let bytes = try file.contents()
        let scan = bytes.withUnsafeBytes { SegmentScan($0, first: first, nextSegment: following) }
        if let tail = scan.tail {
            logger.warning(
                "the journal's end is torn: what lies behind the last whole record is cut off",
                metadata: ["file": "\(path)", "offset": "\(tail)", "bytes": "\(bytes.count - tail)"])
            try file.truncate(to: tail)
            try file.synchronizeData()
        }
        let records = try mend(path, bytes, scan)
        guard let last = records.last else { return try folder.remove(path) }
        next = max(next, last.sequence + 1)
        let unread = records.filter { $0.sequence > confirmed }
        if segments.isEmpty { offset = unread.first?.range.lowerBound ?? last.range.upperBound }
        segments.append(Segment(first: first, size: last.range.upperBound, unread: unread.count))
    }

    /// The first segment, found damaged while it is read.
    private func mendFirst() throws(JournalError) {
        // It may be the one that is written to, whose file is about to be another.
        if segments.count == 1 { active = nil }
        let segment = segments[0]
        let following = segments.count > 1 ? segments[1].first : next
        let path = folder.segment(segment.first)
        let bytes = Array(try File(path, O_RDONLY).contents().prefix(segment.size))
        let scan = bytes.withUnsafeBytes { SegmentScan($0, first: segment.first, nextSegment: following) }
        let records = try mend(path, bytes, scan)
        let unread = records.filter { $0.sequence > confirmed }
        segments[0].size = records.last?.range.upperBound ?? 0
        segments[0].unread = unread.count
        offset = unread.first?.range.lowerBound ?? segments[0].size
    }

    /// Sets a damaged segment aside and puts its sound records in its place; returns where the records are now.
    private func mend(_ path: String, _ bytes: [UInt8], _ scan: SegmentScan) throws(JournalError) -> [Record] {
        if !scan.missing.isEmpty {
            let missing = scan.missing.map { "\($0.lowerBound)-\($0.upperBound)" }.joined(separator: ", ")
            logger.error("the journal lacks records", metadata: ["file": "\(path)", "sequence numbers": "\(missing)"])
        }
        guard !scan.damage.isEmpty else { return scan.records }
        let copy = try folder.setAside(path)
        for damage in scan.damage {
            logger.error(
                "the journal is damaged; its sound records are used, and the segment is set aside",
                metadata: ["file": "\(copy)", "offset": "\(damage.lowerBound)", "bytes": "\(damage.count)"])
        }
        var sound: [UInt8] = []
        var records: [Record] = []
        for record in scan.records {
            let start = sound.count
            sound += bytes[record.range]
            records.append(Record(sequence: record.sequence, range: start..<sound.count))
        }
        try folder.replace(path, with: sound)
        return records
    }
}
