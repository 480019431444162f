import Postgres
import TestSupport
import Testing

@Suite struct PipelineTests {
    private static let setting = Statement("pipeline_setting", "SELECT current_setting('work_mem')")
    private static let division = Statement("pipeline_division", "SELECT 12 / $1::integer")

    private static func divide(by value: Int32) -> Connection.Query { .init(division, [.int32(value)]) }

    @Test("several statements give a result each, in their order, and one that fails leaves the others alone")
    func isolation() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        for _ in 0..<2 {
            let results = try await connection.query([1, 0, 3, 0, 4].map(Self.divide))
            let found = results.map { result in (try? result.get()).flatMap { try? $0.int32(0, 0) } }
            #expect(found == [12, nil, 4, nil, 3])
            for result in results {
                guard case .failure(let error) = result else { continue }
                #expect(error.code == .server && error.sqlState == "22012")
            }
            #expect(connection.isIdle)
        }
        #expect(try await connection.query([]).isEmpty)
        #expect(try await connection.query("SELECT 7").int32(0, 0) == 7)
    }

    @Test("a statement's own setting ends with it, a session's stays")
    func settings() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        let standard = try await connection.query(Self.setting).text(0, 0)
        let own = Setting("work_mem", "7MB")
        let lasting = Setting("work_mem", "9MB", scope: .session)
        let results = try await connection.query([
            .init(Self.setting, []), .init(Self.setting, [], settings: [own]), .init(Self.setting, []),
            .init(Self.setting, [], settings: [lasting]), .init(Self.setting, [], settings: [own]),
            .init(Self.setting, [], settings: [lasting]),
        ])
        #expect(try results.map { try $0.get().text(0, 0) } == [standard, "7MB", standard, "9MB", "7MB", "9MB"])
        #expect(try await connection.query(Self.setting).text(0, 0) == "9MB")
        // A failure leaves nobody in doubt: the setting is sent again with the next statement that wants it.
        let refused = try await connection.query([.init(Self.division, [.int32(0)], settings: [lasting])])
        #expect((try? refused[0].get()) == nil)
        #expect(try await connection.query(Self.setting, [], settings: [lasting]).text(0, 0) == "9MB")
    }

    @Test("many results that are larger than what a socket holds come whole")
    func large() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        let statement = Statement("pipeline_large", "SELECT repeat('x', 100000) || $1::text")
        let results = try await connection.query(
            (0..<50).map { .init(statement, [.text(String(repeating: "y", count: 50_000) + "\($0)")]) })
        for (place, result) in results.enumerated() {
            let text = try result.get().text(0, 0)
            #expect(text.utf8.count == 150_000 + "\(place)".utf8.count && text.hasSuffix("y\(place)"))
        }
    }

    @Test("a deadline that passes is an error, and the pool does not lend the connection again")
    func deadline() async throws {
        let connection = try await TestServer.connect(try TestServer.url())
        let sleep = Statement("pipeline_sleep", "SELECT pg_sleep(20)")
        await #expect {
            _ = try await connection.query(
                [.init(sleep, []), Self.divide(by: 1)], deadline: .now + .milliseconds(200))
        } throws: { ($0 as? PostgresError)?.code == .deadline }
        #expect(!connection.isIdle)
    }
}
