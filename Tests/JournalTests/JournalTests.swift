import Foundation
import Journal
import Testing

@Suite struct JournalTests {
    @Test("records are read in order, the same batch again until it is confirmed")
    func order() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                #expect(try await journal.nextBatch(records: 10, bytes: 1000) == nil)
                try await journal.append("a", "b")
                try await journal.append("c")
                #expect(journal.status.pending == 3)
                let first = try #require(try await journal.nextBatch(records: 2, bytes: 1000))
                #expect(first.texts == ["a", "b"])
                let again = try #require(try await journal.nextBatch(records: 2, bytes: 1000))
                #expect(again.texts == ["a", "b"])
                try await journal.confirm(again)
                #expect(journal.status.pending == 1)
                #expect(try await journal.drain() == ["c"])
                #expect(journal.status.pending == 0)
            }
        }
    }

    @Test("what was not confirmed is read by the next process, what was is not")
    func reopening() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                try await journal.append("a", "b", "c")
                try await journal.confirm(try #require(try await journal.nextBatch(records: 2, bytes: 1000)))
            }
            try await folder.withJournal { journal in
                #expect(journal.status.pending == 1)
                try await journal.append("d")
            }
            #expect(try await folder.drained() == ["c", "d"])
            try await folder.withJournal { journal in
                #expect(try await journal.drain() == [])
                try await journal.append("e")
            }
            #expect(try await folder.drained(records: 1) == ["e"])
            #expect(try folder.names(".log") == [])
        }
    }

    @Test("a segment that was ended goes once it is confirmed, full or not")
    func endedSegment() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                try await journal.append("a", "b")
                try await journal.endSegment()
                try await journal.append("c")
                #expect(try folder.names(".log").count == 2)
                #expect(try await journal.drain() == ["a", "b", "c"])
                #expect(try folder.names(".log") == ["00000000000000000003.log"])
                try await journal.endSegment()
                #expect(try folder.names(".log") == [])
                try await journal.append("d")
                #expect(try await journal.drain() == ["d"])
            }
        }
    }

    @Test("a confirmed segment is deleted, and numbers go on after it")
    func segments() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.segmentBytes = 100 }) { journal in
                for number in 1...40 { try await journal.append("record \(number)") }
                let names = try folder.names(".log")
                #expect(names.count > 5 && names[0] == "00000000000000000001.log")
                #expect(try await journal.drain(records: 7) == (1...40).map { "record \($0)" })
                #expect(try folder.names(".log").count <= 1)
            }
            try await folder.withJournal({ $0.segmentBytes = 100 }) { journal in
                try await journal.append("after")
                #expect(try folder.names(".log") == ["00000000000000000041.log"])
                #expect(try await journal.drain() == ["after"])
            }
        }
    }

    @Test("appends from many tasks are all kept, each once, each task's own in order")
    func concurrency() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.segmentBytes = 2000 }) { journal in
                try await withThrowingTaskGroup { group in
                    for task in 0..<50 {
                        group.addTask { for number in 0..<20 { try await journal.append("\(task)/\(number)") } }
                    }
                    try await group.waitForAll()
                }
                #expect(journal.status.pending == 1000)
            }
            try await folder.withJournal { journal in
                let texts = try await journal.drain(records: 64)
                #expect(texts.count == 1000)
                for task in 0..<50 {
                    let own = texts.filter { $0.hasPrefix("\(task)/") }
                    #expect(own == (0..<20).map { "\(task)/\($0)" })
                }
            }
        }
    }

    @Test("reading while others append neither loses nor repeats a record")
    func readingBesideAppends() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.segmentBytes = 500 }) { journal in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask { for number in 0..<300 { try await journal.append("\(number)") } }
                    var texts: [String] = []
                    for await _ in journal.arrivals {
                        texts += try await journal.drain(records: 5)
                        if texts.count == 300 { break }
                    }
                    #expect(texts == (0..<300).map(String.init))
                    try await group.waitForAll()
                }
            }
        }
    }

    @Test("beyond its bound the journal refuses, keeps what it has, and takes records again once there is room")
    func bound() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.maximumBytes = 200 }) { journal in
                let text = String(repeating: "x", count: 60)
                try await journal.append(text)
                try await journal.append(text)
                await #expect(throws: JournalError.full(bytes: 200)) { try await journal.append(text) }
                #expect(journal.status.failure == .full(bytes: 200))
                #expect(try await journal.drain() == [text, text])
                try await journal.append(text)
                #expect(journal.status.failure == nil && journal.status.pending == 1)
            }
        }
    }

    @Test("a record of no bytes or too many, and more than may wait, are refused")
    func sizes() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.maximumWaitingBytes = 100_000 }) { journal in
                await #expect(throws: JournalError.recordSize(0)) { try await journal.append([Data()]) }
                await #expect(throws: JournalError.recordSize(65_537)) {
                    try await journal.append([Data(count: 65_537)])
                }
                await #expect(throws: JournalError.busy) {
                    try await journal.append([Data(count: 65_536), Data(count: 65_536)])
                }
                try await journal.append([Data(repeating: 7, count: 65_536)])
                let batch = try await journal.nextBatch(records: 10, bytes: 1)
                #expect(batch?.payloads == [Data(repeating: 7, count: 65_536)])
            }
        }
    }

    @Test("a folder has one journal at a time, and a closed one takes nothing")
    func exclusion() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                let error = await #expect(throws: JournalError.self) { try await folder.withJournal { _ in } }
                #expect(error == .inUse(folder: folder.journal))
                await journal.close()
                await #expect(throws: JournalError.closed) { try await journal.append("late") }
                await #expect(throws: JournalError.closed) { try await journal.drain() }
                try await folder.withJournal { try await $0.append("next") }
            }
        }
    }

    @Test("a closed journal can be opened while a process that is being started still has copies of its descriptors")
    func copiedDescriptors() async throws {
        try await TemporaryFolder.with { folder in
            var copies: [Int32] = []
            defer { copies.forEach { close($0) } }
            try await folder.withJournal { _ in
                for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
                    let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
                    if target == folder.journal + "/lock", let descriptor = Int32(name) {
                        copies.append(dup(descriptor))
                    }
                }
            }
            #expect(!copies.isEmpty)
            try await folder.withJournal { try await $0.append("free") }
        }
    }
}
