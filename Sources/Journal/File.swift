import Foundation

/// An open file; every failure names the operation and the path.
package final class File {
    package let path: String
    private let descriptor: Int32
    private var isLocked = false

    /// - Parameter flags: of open(2).
    package init(_ path: String, _ flags: Int32) throws(JournalError) {
        self.path = path
        descriptor = open(path, flags | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw .system("open", path) }
    }

    deinit {
        // Closing alone would not let go of it while a process that is just being started has a copy of the descriptor.
        if isLocked { flock(descriptor, LOCK_UN) }
        close(descriptor)
    }

    package func size() throws(JournalError) -> Int {
        let end = lseek(descriptor, 0, SEEK_END)
        guard end >= 0 else { throw .system("seek", path) }
        return Int(end)
    }

    /// All of the file.
    func contents() throws(JournalError) -> [UInt8] { try read(0..<size()) }

    /// Fewer bytes than asked for only where the file ends.
    func read(_ range: Range<Int>) throws(JournalError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: range.count)
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeMutableBytes {
                pread(descriptor, $0.baseAddress! + done, $0.count - done, off_t(range.lowerBound + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("read", path) }
            guard count > 0 else { break }
            done += count
        }
        return Array(bytes.prefix(done))
    }

    package func write(_ bytes: [UInt8], at offset: Int) throws(JournalError) {
        var done = 0
        while done < bytes.count {
            let count = bytes.withUnsafeBytes {
                pwrite(descriptor, $0.baseAddress! + done, $0.count - done, off_t(offset + done))
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw .system("write", path) }
            done += count
        }
    }

    package func truncate(to size: Int) throws(JournalError) {
        guard ftruncate(descriptor, off_t(size)) == 0 else { throw .system("truncate", path) }
    }

    /// Returns once the bytes, and the size that leads to them, are on the disk.
    func synchronizeData() throws(JournalError) {
        guard fdatasync(descriptor) == 0 else { throw .system("fdatasync", path) }
    }

    /// Of a folder: its list of names.
    package func synchronize() throws(JournalError) {
        guard fsync(descriptor) == 0 else { throw .system("fsync", path) }
    }

    /// False when another process has it. The kernel takes the lock back when the process ends, however it ends.
    func lock() throws(JournalError) -> Bool {
        if flock(descriptor, LOCK_EX | LOCK_NB) == 0 {
            isLocked = true
            return true
        }
        guard errno == EWOULDBLOCK else { throw .system("lock", path) }
        return false
    }
}
