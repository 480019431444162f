import Dispatch
import Foundation
import Journal

/// Events that the database will never take, kept in a file of JSON lines for people to look at.
struct RejectedEvents: Sendable {
    private let path: String
    private let queue = DispatchQueue(label: "kindred-rejected-events")

    init(path: String) { self.path = path }

    /// Returns once the line is on the disk.
    ///
    /// - Parameter event: its JSON; anything else is kept as text.
    func append(_ event: Data, reason: String) async throws {
        let event = (try? JSONSerialization.jsonObject(with: event)) ?? String(decoding: event, as: UTF8.self)
        var line = try JSONSerialization.data(
            withJSONObject: ["event": event, "reason": reason], options: [.sortedKeys, .withoutEscapingSlashes])
        line.append(UInt8(ascii: "\n"))
        let bytes = Array(line)
        try await withCheckedThrowingContinuation { (kept: CheckedContinuation<Void, any Error>) in
            queue.async { kept.resume(with: Result { try write(bytes) }) }
        }
    }

    private func write(_ line: [UInt8]) throws {
        let file = try File(path, O_WRONLY | O_CREAT)
        let size = try file.size()
        do {
            try file.write(line, at: size)
            try file.synchronize()
        } catch {
            // Half a line would spoil the next one.
            try? file.truncate(to: size)
            throw error
        }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if size == 0 { try File(folder, O_RDONLY | O_DIRECTORY).synchronize() }
    }
}
