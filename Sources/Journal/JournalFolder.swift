import Foundation

/// The names in a journal's folder, and the lock that makes it one process's.
///
/// `NNN.log` are segments, named by the sequence number they begin with; `position` tells what needs no reading any more;
/// `NNN.log.damaged` are segments set aside for people to look at.
struct JournalFolder {
    let path: String
    private let folder: File
    /// Held for as long as the journal is open.
    private let lock: File

    init(_ path: String) throws(JournalError) {
        self.path = path
        try Self.make(path)
        folder = try File(path, O_RDONLY | O_DIRECTORY)
        lock = try File(path + "/lock", O_RDWR | O_CREAT)
        guard try lock.lock() else { throw .inUse(folder: path) }
    }

    /// Makes the folder and those above it, durably.
    private static func make(_ path: String) throws(JournalError) {
        guard !FileManager.default.fileExists(atPath: path) else { return }
        let parent = URL(fileURLWithPath: path).deletingLastPathComponent().path
        if parent != path { try make(parent) }
        guard mkdir(path, 0o700) == 0 || errno == EEXIST else { throw .system("mkdir", path) }
        try File(parent, O_RDONLY | O_DIRECTORY).synchronize()
    }

    func synchronize() throws(JournalError) { try folder.synchronize() }

    var position: String { path + "/position" }

    func segment(_ first: UInt64) -> String {
        let digits = String(first)
        return "\(path)/\(String(repeating: "0", count: 20 - digits.count))\(digits).log"
    }

    /// What the segments begin with, ascending.
    func segments() throws(JournalError) -> [UInt64] {
        guard let names = try? FileManager.default.contentsOfDirectory(atPath: path) else {
            throw .system("list", path)
        }
        return names.compactMap { name in
            name.count == 24 && name.hasSuffix(".log") ? UInt64(name.dropLast(4)) : nil
        }.sorted()
    }

    func remove(_ path: String) throws(JournalError) {
        guard unlink(path) == 0 || errno == ENOENT else { throw .system("unlink", path) }
    }

    /// Gives a damaged file a second name, under which it stays when its first is reused; returns that name.
    func setAside(_ path: String) throws(JournalError) -> String {
        for attempt in 1... {
            let name = path + (attempt == 1 ? ".damaged" : ".damaged.\(attempt)")
            if link(path, name) == 0 { return name }
            guard errno == EEXIST else { throw .system("link", name) }
        }
        preconditionFailure("an endless sequence has ended")
    }

    /// Replaces a file as a whole, durably.
    func replace(_ path: String, with bytes: [UInt8]) throws(JournalError) {
        let fresh = path + ".new"
        let file = try File(fresh, O_WRONLY | O_CREAT | O_TRUNC)
        try file.write(bytes, at: 0)
        try file.synchronizeData()
        guard rename(fresh, path) == 0 else { throw .system("rename", path) }
        try synchronize()
    }
}
