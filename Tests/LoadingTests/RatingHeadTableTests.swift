import Foundation
import ModelBundle
import Postgres
import Synchronization
import TestSupport
import Testing

@testable import Loading

@Suite struct RatingHeadTableTests {
    private func withMigrated<Result>(_ body: (String, Connection) async throws -> Result) async throws -> Result {
        try await TestServer.withDatabase { url in
            let connection = try await TestServer.connect(url)
            _ = try await Migrator(connection).migrate()
            return try await body(url, connection)
        }
    }

    private func load(
        _ bundle: ModelBundle, _ url: String, _ options: Loader.Options = .init(),
        report: @escaping @Sendable (LoadEvent) async throws -> Void = { _ in }
    ) async throws -> LoadOutcome {
        let connection = try await TestServer.connect(url)
        return try await Loader(connection, configuration: .init(url: url), report: report).load(bundle, options)
    }

    private func heads(_ connection: Connection) async throws -> [Int32] {
        let result = try await connection.query("SELECT generation_id FROM kindred.rating_heads ORDER BY 1")
        return try (0..<result.rowCount).map { try result.int32($0, 0) }
    }

    @Test func `a head is stored with its generation, its matrices byte by byte`() async throws {
        let bundle = try await TrainedBundle.withRatingHead()
        let head = try #require(bundle.ratingHead)
        try await withMigrated { url, connection in
            _ = try await load(bundle, url)
            let stored = try await connection.query(
                """
                SELECT constants::text, encode(sha256(items), 'hex'), items_sha256, encode(sha256(neighbors), 'hex'),
                       neighbors_sha256 FROM kindred.rating_heads WHERE generation_id = 1
                """)
            let constants = Data(try stored.text(0, 0).utf8)
            #expect(try JSONDecoder().decode(RatingHead.Constants.self, from: constants) == head.constants)
            for (column, file) in [(1, BundleFile.ratingItems), (3, BundleFile.ratingNeighbors)] {
                let expected = bundle.manifest.files[file]?.sha256
                #expect(try stored.text(0, column) == expected)
                #expect(try stored.text(0, column + 1) == expected)
            }
        }
    }

    @Test func `a bundle without a head is loaded without`() async throws {
        try await withMigrated { url, connection in
            let outcome = try await load(try TrainedBundle.small(), url)
            #expect(outcome.isActive)
            #expect(try await heads(connection) == [])
        }
    }

    @Test func `a generation from before heads were kept gets its own when its bundle is loaded again`() async throws {
        let bundle = try await TrainedBundle.withRatingHead()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url)
            try await connection.execute("DELETE FROM kindred.rating_heads")
            for expected in [["generation 1 had no rating head and has it now"], []] {
                let notices = Mutex<[String]>([])
                let outcome = try await load(bundle, url) { event in
                    if case .notice(let text) = event { notices.withLock { $0.append(text) } }
                }
                #expect(outcome.wasLoaded)
                #expect(notices.withLock { $0 } == expected)
                #expect(try await heads(connection) == [1])
            }
        }
    }

    @Test func `a load that fails late leaves no head`() async throws {
        struct Stop: Error {}
        let bundle = try await TrainedBundle.withRatingHead()
        try await withMigrated { url, connection in
            await #expect(throws: Stop.self) {
                try await load(bundle, url) { event in
                    if case .analysed = event { throw Stop() }
                }
            }
            let state = try await connection.query("SELECT state FROM kindred.generations")
            #expect(try state.text(0, 0) == "failed")
            #expect(try await heads(connection) == [])
        }
    }

    @Test func `a head goes with its generation`() async throws {
        let bundle = try await TrainedBundle.withRatingHead()
        try await withMigrated { url, connection in
            _ = try await load(bundle, url, .init(activates: false))
            #expect(try await heads(connection) == [1])
            try await connection.execute("DELETE FROM kindred.generations")
            #expect(try await heads(connection) == [])
        }
    }
}
