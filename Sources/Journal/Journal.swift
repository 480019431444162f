import Dispatch
package import Foundation
package import Logging
import Synchronization

/// Records that survive: an append returns once they are on the disk, and they are read until they are confirmed.
///
/// One process has a folder open at a time. Appends that arrive while others are being written wait and are then written
/// and synchronised together, so that their number, not the disk's pace, decides how many are accepted. Whatever blocks on
/// the disk does so on the journal's own queue.
///
/// A record is read at least once: again when the process ended between its being dealt with and its confirmation.
package final class Journal: Sendable {
    package struct Configuration: Sendable {
        package var folder: String
        /// Most bytes that unconfirmed records may take on the disk; beyond it appends are refused.
        package var maximumBytes = 1 << 30
        /// Size at which a segment is ended and the next one begun.
        package var segmentBytes = 8 << 20
        /// Most bytes that may wait to be written; beyond it appends are refused.
        package var maximumWaitingBytes = 16 << 20

        package init(folder: String) { self.folder = folder }
    }

    package struct Status: Sendable, Equatable {
        /// Records that are not confirmed.
        package var pending = 0
        /// Size of the segments, in bytes.
        package var bytes = 0
        /// Why the last append was refused; nil when it was not.
        package var failure: JournalError?
    }

    private struct Append {
        let payloads: [Data]
        let continuation: CheckedContinuation<Void, any Error>
    }

    private struct Intake {
        var waiting: [Append] = []
        var bytes = 0
        var isClosed = false
    }

    /// The queue's own: nothing else touches what is inside.
    private final class Confined: @unchecked Sendable {
        var files: JournalFiles?
        init(_ files: JournalFiles) { self.files = files }
    }

    private let configuration: Configuration
    private let logger: Logger
    private let queue = DispatchQueue(label: "kindred-journal")
    private let confined: Confined
    private let intake = Mutex(Intake())
    private let published = Mutex(Status())
    private let bell: AsyncStream<Void>.Continuation
    /// An element when there may be something to read: once at the start, then after appends. For one reader.
    package let arrivals: AsyncStream<Void>

    /// Opens the folder, making it where it is missing, and recovers what a former process left; blocks meanwhile.
    ///
    /// A torn end is cut off, a damaged segment set aside and its sound records kept; both are logged with file and
    /// offset.
    package init(_ configuration: Configuration, logger: Logger) throws(JournalError) {
        self.configuration = configuration
        self.logger = logger
        let files = try JournalFiles(configuration, logger: logger)
        confined = Confined(files)
        (arrivals, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        publish(files)
        bell.yield()
    }

    package var status: Status { published.withLock { $0 } }

    /// Returns once all of the records are on the disk.
    ///
    /// - Parameter payloads: of 1 to 65,536 bytes each.
    /// - Throws: ``JournalError``; then none of the records is kept, and the next append tries again.
    package func append(_ payloads: [Data]) async throws {
        if let misfit = payloads.first(where: { !Record.sizes.contains($0.count) }) {
            throw JournalError.recordSize(misfit.count)
        }
        let bytes = payloads.reduce(0) { $0 + $1.count + Record.headerSize }
        guard bytes > 0 else { return }
        try await withCheckedThrowingContinuation { continuation in
            enum Decision { case wait(isFirst: Bool), refuse(JournalError) }
            let decision: Decision = intake.withLock { intake in
                if intake.isClosed { return .refuse(.closed) }
                guard intake.bytes + bytes <= configuration.maximumWaitingBytes else { return .refuse(.busy) }
                intake.waiting.append(Append(payloads: payloads, continuation: continuation))
                intake.bytes += bytes
                return .wait(isFirst: intake.waiting.count == 1)
            }
            switch decision {
            case .wait(isFirst: true): queue.async { self.writeWaiting() }
            case .wait(isFirst: false): break
            case .refuse(let error): continuation.resume(throwing: error)
            }
        }
    }

    /// What comes after the last confirmed record: again the same batch, until it is confirmed. Nil when there is none.
    ///
    /// - Parameters:
    ///   - records: most records.
    ///   - bytes: about how many bytes at most, at least one record.
    package func nextBatch(records: Int, bytes: Int) async throws -> JournalBatch? {
        try await onQueue { files throws(JournalError) in try files.nextBatch(records: records, bytes: bytes) }
    }

    /// The batch was dealt with. It is the last one that was read.
    package func confirm(_ batch: JournalBatch) async throws {
        try await onQueue { files throws(JournalError) in try files.confirm(batch) }
    }

    /// Ends the segment that is written to, so that it goes once everything in it is confirmed, full or not.
    package func endSegment() async throws {
        try await onQueue { files throws(JournalError) in try files.endSegment() }
    }

    /// Writes what waits, then lets go of the folder; later appends are refused.
    package func close() async {
        intake.withLock { $0.isClosed = true }
        await withCheckedContinuation { continuation in
            queue.async {
                self.confined.files = nil
                continuation.resume()
            }
        }
    }

    private func writeWaiting() {
        let group = intake.withLock { intake in
            defer {
                intake.waiting = []
                intake.bytes = 0
            }
            return intake.waiting
        }
        let outcome = Result { () throws(JournalError) in
            guard let files = confined.files else { throw .closed }
            try files.append(group.flatMap(\.payloads))
        }
        publish(confined.files)
        report(outcome)
        for append in group { append.continuation.resume(with: outcome.mapError { $0 }) }
        if case .success = outcome { bell.yield() }
    }

    private func onQueue<Value: Sendable>(
        _ body: @escaping @Sendable (JournalFiles) throws(JournalError) -> Value
    ) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            queue.async {
                let outcome = Result { () throws(JournalError) in
                    guard let files = self.confined.files else { throw .closed }
                    return try body(files)
                }
                self.publish(self.confined.files)
                continuation.resume(with: outcome.mapError { $0 })
            }
        }
    }

    private func publish(_ files: JournalFiles?) {
        guard let files else { return }
        published.withLock { status in
            status.pending = files.pending
            status.bytes = files.bytes
        }
    }

    /// Keeps why an append failed, and tells when that changes.
    private func report(_ outcome: Result<Void, JournalError>) {
        let failure: JournalError? = if case .failure(let error) = outcome { error } else { nil }
        let former = published.withLock { status in
            defer { status.failure = failure }
            return status.failure
        }
        guard failure != former else { return }
        if let failure {
            logger.error("the journal takes no records", metadata: ["error": "\(failure)"])
        } else {
            logger.notice("the journal takes records again")
        }
    }
}
