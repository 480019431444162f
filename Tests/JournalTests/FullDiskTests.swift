import Foundation
import Journal
import Testing

@Suite struct FullDiskTests {
    @Test("a write that fails is refused with the reason, and the next append succeeds")
    func failedWrite() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                let segment = folder.file("00000000000000000001.log")
                try FileManager.default.createSymbolicLink(
                    atPath: segment.path, withDestinationPath: "/dev/full")
                let error = await #expect(throws: JournalError.self) { try await journal.append("refused") }
                #expect(error == .system(operation: "write", path: segment.path, code: ENOSPC))
                #expect(error?.description == "write \(segment.path): No space left on device")
                #expect(journal.status.failure == error)
                #expect(journal.status.pending == 0)
                try await journal.append("taken")
                #expect(journal.status.failure == nil)
                #expect(try await journal.drain() == ["taken"])
            }
        }
    }

    @Test(
        "on a full disk appends are refused, nothing accepted is lost, and room makes them succeed again",
        .enabled(if: geteuid() == 0, "mounting a small disk takes root"))
    func fullDisk() async throws {
        try await TemporaryFolder.with { folder in
            try #require(mount("tmpfs", folder.url.path, "tmpfs", 0, "size=64k") == 0, "errno \(errno)")
            defer { umount(folder.url.path) }
            let ballast = folder.url.appending(path: "ballast")
            try Data(count: 20_000).write(to: ballast)
            var accepted: [String] = []
            func fill(_ journal: Journal) async throws -> JournalError? {
                for number in 0..<200 {
                    let text = "\(accepted.count) \(number) " + String(repeating: "x", count: 1000)
                    do {
                        try await journal.append(text)
                        accepted.append(text)
                    } catch let error as JournalError {
                        return error
                    }
                }
                return nil
            }
            try await folder.withJournal({ $0.segmentBytes = 10_000 }) { journal in
                guard case .system("write", _, ENOSPC) = try await fill(journal) else {
                    Issue.record("the disk did not fill up")
                    return
                }
                #expect(accepted.count > 10 && journal.status.failure != nil)
                let before = accepted.count
                #expect(try await fill(journal) != nil)
                // Room, made by somebody else.
                try FileManager.default.removeItem(at: ballast)
                #expect(try await fill(journal) != nil)
                #expect(accepted.count > before + 10)
            }
            try await folder.withJournal { journal in
                #expect(journal.status.pending == accepted.count)
                // Room, made by reading: no byte was left for it.
                #expect(try await journal.drain(records: 3) == accepted)
                try await journal.append("after")
                #expect(try await journal.drain() == ["after"])
            }
        }
    }
}
