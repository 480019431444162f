import Foundation
import Journal
import Testing

@Suite struct RecoveryTests {
    private static let texts = ["one", "the second record", "3", "four", "the fifth and last of them"]

    /// A journal with one segment of the texts, and where each record ends in it.
    private func written(_ folder: TemporaryFolder) async throws -> (segment: URL, bytes: Data, ends: [Int]) {
        try await folder.withJournal { try await $0.append(Self.texts.map { Data($0.utf8) }) }
        let segment = folder.file("00000000000000000001.log")
        var ends: [Int] = []
        for text in Self.texts { ends.append((ends.last ?? 0) + 16 + text.utf8.count) }
        let bytes = try Data(contentsOf: segment)
        #expect(bytes.count == ends.last)
        return (segment, bytes, ends)
    }

    /// Puts the folder back to one segment with these bytes, read by nobody.
    private func reset(_ folder: TemporaryFolder, _ bytes: Data) throws {
        try FileManager.default.removeItem(atPath: folder.journal)
        try FileManager.default.createDirectory(atPath: folder.journal, withIntermediateDirectories: true)
        try bytes.write(to: folder.file("00000000000000000001.log"))
    }

    @Test("cut anywhere, the records wholly before the cut survive, and appending goes on behind them")
    func cuts() async throws {
        try await TemporaryFolder.with { folder in
            let (_, bytes, ends) = try await written(folder)
            for length in 0...bytes.count {
                try reset(folder, bytes.prefix(length))
                let whole = Array(Self.texts.prefix(ends.count { $0 <= length }))
                try await folder.withJournal { journal in
                    #expect(journal.status.pending == whole.count, "cut at \(length)")
                    try await journal.append("new")
                }
                #expect(try await folder.drained() == whole + ["new"], "cut at \(length)")
                #expect(try folder.names(".damaged") == [], "cut at \(length)")
            }
        }
    }

    @Test("cut anywhere and followed by bytes that were never written, no record is invented")
    func garbage() async throws {
        try await TemporaryFolder.with { folder in
            let (_, bytes, ends) = try await written(folder)
            // The last garbage is what a block may hold of an older file: records, but of numbers that are past.
            for garbage in [Data(count: 50), Data(repeating: 0xff, count: 50), bytes.prefix(ends[1])] {
                for length in stride(from: ends[1], through: bytes.count, by: 3) {
                    try reset(folder, bytes.prefix(length) + garbage)
                    let whole = Array(Self.texts.prefix(ends.count { $0 <= length }))
                    #expect(try await folder.drained() == whole, "cut at \(length)")
                }
            }
        }
    }

    @Test("a byte flipped anywhere costs the record it is in and no other")
    func flips() async throws {
        try await TemporaryFolder.with { folder in
            let (_, bytes, ends) = try await written(folder)
            for position in 0..<bytes.count {
                var damaged = bytes
                damaged[position] ^= 0x40
                try reset(folder, damaged)
                let hit = try #require(ends.firstIndex { position < $0 })
                var sound = Self.texts
                sound.remove(at: hit)
                let texts = try await folder.withJournal { try await $0.drain() }
                #expect(texts == sound, "byte \(position)")
                // The last record could as well be torn; any other was followed by records written later.
                let aside = try folder.names(".damaged")
                #expect(
                    aside == (hit == ends.count - 1 ? [] : ["00000000000000000001.log.damaged"]), "byte \(position)")
                if let name = aside.first { #expect(try Data(contentsOf: folder.file(name)) == damaged) }
            }
        }
    }

    @Test("the damaged end of a segment that others follow is set aside, not cut as torn")
    func damagedEnd() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.segmentBytes = 1 }) { journal in
                try await journal.append("a", "b")
                try await journal.append("c")
            }
            let first = folder.file("00000000000000000001.log")
            let bytes = try Data(contentsOf: first)
            try bytes.dropLast().write(to: first)
            #expect(try await folder.drained() == ["a", "c"])
            #expect(try Data(contentsOf: folder.file("00000000000000000001.log.damaged")) == bytes.dropLast())
        }
    }

    @Test("records of a failed write that stayed behind are not read beside those that took their numbers")
    func leftovers() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal({ $0.segmentBytes = 1 }) { journal in
                try await journal.append("a")
                try await journal.append("b")
                try await journal.append("c")
            }
            // As if "b" and "c" had failed in the first segment, could not be taken back, and were sent again.
            let names = ["00000000000000000001.log", "00000000000000000002.log", "00000000000000000003.log"]
            let all = try names.map { try Data(contentsOf: folder.file($0)) }
            try (all[0] + all[1] + all[2]).write(to: folder.file(names[0]))
            #expect(try await folder.drained() == ["a", "b", "c"])
            #expect(try folder.names(".damaged") == [])
        }
    }

    @Test("damage that comes while the journal is open costs only the damaged records, and appending goes on")
    func damageWhileOpen() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                try await journal.append("a", "b", "c")
                let segment = folder.file("00000000000000000001.log")
                var bytes = try Data(contentsOf: segment)
                bytes[0] ^= 1
                bytes[40] ^= 1
                let file = try FileHandle(forWritingTo: segment)
                try file.write(contentsOf: bytes)
                try file.close()
                #expect(try await journal.drain() == ["b"])
                #expect(journal.status.pending == 0)
                try await journal.append("d")
                #expect(try await journal.drain() == ["d"])
                #expect(try Data(contentsOf: folder.file("00000000000000000001.log.damaged")) == bytes)
            }
        }
    }

    @Test("after damage that cost many records, the sound ones are found again by every later process")
    func longGap() async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                try await journal.append((0..<500).map { Data("record \($0)".utf8) })
                try await journal.append("last")
            }
            let segment = folder.file("00000000000000000001.log")
            var bytes = try Data(contentsOf: segment)
            bytes.replaceSubrange(0..<bytes.count - 20, with: Data(count: bytes.count - 20))
            try bytes.write(to: segment)
            #expect(try await folder.withJournal { $0.status.pending } == 1)
            #expect(try await folder.drained() == ["last"])
        }
    }

    @Test("a damaged position reads everything that is left again", arguments: [Data(), Data(count: 12), Data([1])])
    func position(_ damaged: Data) async throws {
        try await TemporaryFolder.with { folder in
            try await folder.withJournal { journal in
                try await journal.append("a", "b")
                try await journal.confirm(try #require(try await journal.nextBatch(records: 1, bytes: 1000)))
            }
            try damaged.write(to: folder.file("position"))
            #expect(try await folder.drained() == ["a", "b"])
        }
    }
}
