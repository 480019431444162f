import Foundation
import ModelBundle
import Postgres
import Retrieval
import Schema
import TestSupport
import Testing

/// What was served is in the file, whole, or the file is refused.
@Suite struct SnapshotFileTests {
    private static let catalogue = "movies"
    private static let date = Date(timeIntervalSince1970: 1_763_744_400)

    private func read(_ url: String) async throws -> Snapshot {
        try await SnapshotReader(try await TestServer.connect(url)).read(catalogue: Self.catalogue)
    }

    /// Everything that may be missing or strange in a catalogue.
    private static let oddities = """
        UPDATE kindred.items SET title = 'Amélie 🎬 "\\" ''' || repeat(E'\\u00df\\n', 40) WHERE id % 5 = 0;
        UPDATE kindred.items SET title = '', tags = '{}' WHERE id % 7 = 0;
        UPDATE kindred.items SET released = NULL, attributes = attributes - 'year' WHERE id % 3 = 0;
        UPDATE kindred.item_vectors_g1 SET similarity = NULL WHERE item_id % 11 = 0;
        UPDATE kindred.item_vectors_g1 SET embedding = NULL WHERE item_id % 13 = 0;
        UPDATE kindred.user_vectors_g1 SET embedding = NULL WHERE user_id % 4 = 0;
        DELETE FROM kindred.interactions WHERE user_id % 6 = 0;
        """

    private func expectEqual(_ first: Snapshot, _ second: Snapshot, _ state: StateFolder) throws {
        #expect(first.generation == second.generation && first.items == second.items)
        #expect(first.userCount == second.userCount)
        // All that a file holds is equal where the files are.
        let files = try [first, second].enumerated().map { number, snapshot in
            let file = SnapshotFile(folder: state.path + "/copy\(number)", catalogue: Self.catalogue)
            try file.write(snapshot, at: Self.date)
            return try Data(contentsOf: URL(fileURLWithPath: file.path))
        }
        #expect(files[0] == files[1] && files[0].count > 2000)
    }

    @Test("a snapshot that was written is read back as it was", arguments: VectorStorage.allCases, [false, true])
    func roundTrip(storage: VectorStorage, withHead: Bool) async throws {
        let bundle = withHead ? try await TrainedBundle.withRatingHead() : try TrainedBundle.small()
        try await StateFolder.with { state in
            try await LoadedDatabase.with(bundle, storage: storage) { database in
                for hasOddities in [false, true] {
                    if hasOddities { try await TestServer.connect(database.url).execute(Self.oddities) }
                    let snapshot = try await read(database.url)
                    #expect(snapshot.filedAt == nil)
                    let file = SnapshotFile(folder: state.path, catalogue: Self.catalogue)
                    try file.write(snapshot, at: Self.date)
                    let copy = try file.read()
                    #expect(copy.filedAt == Self.date)
                    try expectEqual(snapshot, copy, state)
                }
            }
        }
    }

    /// The smallest file there is, with what was read from it.
    private func withSmallFile(_ body: @Sendable (SnapshotFile, Snapshot, StateFolder) async throws -> Void)
        async throws
    {
        try await StateFolder.with { state in
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                try await TestServer.connect(database.url).execute(
                    """
                    DELETE FROM kindred.item_vectors_g1 WHERE item_id > 9;
                    DELETE FROM kindred.item_encoders_g1 WHERE item_id > 9;
                    DELETE FROM kindred.user_vectors_g1 WHERE user_id > 3
                    """)
                let file = SnapshotFile(folder: state.path, catalogue: Self.catalogue)
                try file.write(try await read(database.url), at: Self.date)
                try await body(file, try file.read(), state)
            }
        }
    }

    @Test("a file with one byte changed, or cut off anywhere, is refused and named")
    func damage() async throws {
        try await withSmallFile { file, _, _ in
            let whole = try Data(contentsOf: URL(fileURLWithPath: file.path))
            let handle = try FileHandle(forUpdating: URL(fileURLWithPath: file.path))
            for place in whole.indices {
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: [whole[place] ^ UInt8.random(in: 1...255)])
                let error = #expect(throws: SnapshotFileError.self, "byte \(place)") { try file.read() }
                #expect(error?.path == file.path)
                try handle.seek(toOffset: UInt64(place))
                try handle.write(contentsOf: [whole[place]])
            }
            _ = try file.read()
            for length in whole.indices.reversed() {
                try handle.truncate(atOffset: UInt64(length))
                #expect(throws: SnapshotFileError.self, "\(length) bytes") { try file.read() }
            }
        }
    }

    @Test("a file of another format or catalogue, or no file, is refused with the reason")
    func reasons() async throws {
        try await withSmallFile { file, _, state in
            let other = SnapshotFile(folder: state.path, catalogue: "books")
            #expect(throws: SnapshotFileError.self) { try other.read() }
            try FileManager.default.copyItem(atPath: file.path, toPath: other.path)
            let error = #expect(throws: SnapshotFileError.self) { try other.read() }
            #expect(error?.reason == "is of catalogue 'movies', not 'books'")
            var bytes = try Data(contentsOf: URL(fileURLWithPath: file.path))
            bytes[8] = 9
            try bytes.write(to: URL(fileURLWithPath: file.path))
            let newer = #expect(throws: SnapshotFileError.self) { try file.read() }
            #expect(newer?.reason == "is of format 9, this version of Kindred reads 2")
            try Data("something else".utf8).write(to: URL(fileURLWithPath: file.path))
            let foreign = #expect(throws: SnapshotFileError.self) { try file.read() }
            #expect(foreign?.reason == "is no snapshot of Kindred")
        }
    }

    @Test("a write that ended early, or fails, leaves the former file")
    func failedWrite() async throws {
        try await withSmallFile { file, snapshot, state in
            // What a process that was killed before its rename leaves.
            try Data("half".utf8).write(to: URL(fileURLWithPath: file.path + ".new"))
            try expectEqual(snapshot, try file.read(), state)
            try file.write(snapshot, at: Self.date + 60)
            #expect(try file.read().filedAt == Self.date + 60)
            // A disk without room.
            try FileManager.default.createSymbolicLink(
                atPath: file.path + ".new", withDestinationPath: "/dev/full")
            let error = #expect(throws: SnapshotFileError.self) { try file.write(snapshot, at: Self.date) }
            #expect(error?.reason.contains("cannot be written") == true)
            #expect(try file.read().filedAt == Self.date + 60)
            // Nothing of it is left in the way.
            try file.write(snapshot, at: Self.date)
            #expect(try file.read().filedAt == Self.date)
        }
    }
}
