import Foundation
import Loading
import Service
import TestSupport
import Testing

/// `kindred-train evaluate --through`: what is served is what was measured.
@Suite(.enabled(if: TrainedBundle.isPublishedAvailable, "needs MOVIELENS_100K and KINDRED_SPLITS"))
struct EvaluateThroughTests {
    /// The matrix's own figures, which take a training; asked for once.
    private static let computed = Task { try await evaluate([]) }

    @Test func `a service and a database give the figures of the matrix`() async throws {
        let published = try await TrainedBundle.published()
        let computed = try await Self.computed.value
        #expect(computed.status == 0, "\(computed.errors)")
        // Without an index every plan is exact.
        try await LoadedDatabase.with(published.bundle, index: .none) { database in
            let asked = try await Self.evaluate(["--through", database.url])
            #expect(asked.output == computed.output, "\(asked.errors)")
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let served = try await Self.evaluate(["--through", service.base])
                #expect(served.output == computed.output, "\(served.errors)")
            }
        }
    }

    @Test func `--exact leaves the index alone`() async throws {
        let published = try await TrainedBundle.published()
        let computed = try await Self.computed.value
        try await LoadedDatabase.with(published.bundle, index: .hnsw) { database in
            let asked = try await Self.evaluate(["--through", database.url, "--exact"])
            #expect(asked.output == computed.output, "\(asked.errors)")
        }
    }

    @Test func `a model of other ratings is refused`() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            let asked = try await Self.evaluate(["--through", database.url])
            #expect(asked.status == 65)
            #expect(asked.errors.contains("serves a model of other ratings"), "\(asked.errors)")
        }
    }

    @Test func `an order is a service's to give, where it can`() async throws {
        let published = try await TrainedBundle.published()
        try await LoadedDatabase.with(published.bundle, index: .none) { database in
            let database = (url: database.url, rerank: ["--through", database.url, "--rerank", "model"])
            for arguments in [["--rerank", "model"], database.rerank] {
                let asked = try await Self.evaluate(arguments)
                #expect(asked.status == 64 && asked.errors.contains("--rerank is for"), "\(asked.errors)")
            }
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url)) { service in
                let asked = try await Self.evaluate(["--through", service.base, "--rerank", "model"])
                #expect(asked.status == 69, "\(asked.errors)")
                #expect(asked.errors.contains("generation 1 has none"), "\(asked.errors)")
            }
        }
    }

    @Test func `nobody there is said, and a password is not`() async throws {
        for address in ["http://127.0.0.1:9", "postgresql://who:s3cret@127.0.0.1:9/x"] {
            let asked = try await Self.evaluate(["--through", address])
            #expect(asked.status == 69, "\(asked.errors)")
            #expect(asked.errors.contains("cannot be"), "\(asked.errors)")
            #expect(!asked.errors.contains("s3cret"))
        }
        let asked = try await Self.evaluate(["--through", "ftp://who:s3cret@example.org"])
        #expect(asked.status == 64)
        #expect(!asked.errors.contains("s3cret"))
    }

    private static func evaluate(_ arguments: [String]) async throws -> Program {
        let splits = try #require(ProcessInfo.processInfo.environment["KINDRED_SPLITS"])
        return try await Program(
            [
                "evaluate", "--json", "--train", "\(splits)/item-stratified-seed42.train.tsv", "--test",
                "\(splits)/item-stratified-seed42.test.tsv",
            ] + arguments)
    }
}
