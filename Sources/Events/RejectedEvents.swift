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

    /// Takes out the events of a user; returns how many, once the file is on the disk without them. O(bytes).
    func remove(user: Int32, catalogueID: Int32) async throws -> Int {
        try await withCheckedThrowingContinuation { (done: CheckedContinuation<Int, any Error>) in
            queue.async { done.resume(with: Result { try removeLines(user, catalogueID) }) }
        }
    }

    private struct Line: Decodable {
        struct Sender: Decodable {
            let userID: Int32?
            let catalogueID: Int32?

            enum CodingKeys: String, CodingKey {
                case userID = "user_id"
                case catalogueID = "catalogue_id"
            }
        }

        let event: Sender
    }

    private func removeLines(_ user: Int32, _ catalogueID: Int32) throws -> Int {
        guard FileManager.default.fileExists(atPath: path) else { return 0 }
        let lines = try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: UInt8(ascii: "\n"))
        let kept = lines.filter { line in
            guard let event = try? JSONDecoder().decode(Line.self, from: Data(line)).event else { return true }
            return event.userID != user || event.catalogueID != catalogueID
        }
        guard kept.count < lines.count else { return 0 }
        let fresh = path + ".new"
        let file = try File(fresh, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(kept.flatMap { Array($0) + [UInt8(ascii: "\n")] }, at: 0)
        try file.synchronize()
        guard rename(fresh, path) == 0 else {
            throw JournalError.system(operation: "rename", path: path, code: errno)
        }
        try synchronizeFolder()
        return lines.count - kept.count
    }

    private func synchronizeFolder() throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try File(folder, O_RDONLY | O_DIRECTORY).synchronize()
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
        if size == 0 { try synchronizeFolder() }
    }
}
