import Foundation
import ModelBundle
import Service
import TestSupport
import Testing

/// A certificate made by openssl, a client that is not ours.
@Suite(.timeLimit(.minutes(20))) struct TLSTests {
    /// A self-signed certificate for localhost, and its key.
    private struct Pair {
        let certificate: String
        let key: String

        static func make(in folder: StateFolder, name: String = "one") async throws -> Pair {
            let pair = Pair(certificate: "\(folder.path)/\(name).pem", key: "\(folder.path)/\(name).key")
            let made = try await Tool.run(
                "openssl",
                [
                    "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                    "-subj", "/CN=\(name)", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", pair.key,
                    "-out", pair.certificate,
                ])
            try #require(made.status == 0, "\(made.output)")
            return pair
        }
    }

    private func withService(
        _ body: @Sendable (RunningService, _ port: Int, Pair, LoadedDatabase) async throws -> Void
    ) async throws {
        try await StateFolder.with { folder in
            let pair = try await Pair.make(in: folder)
            try await LoadedDatabase.with(try TrainedBundle.small()) { database in
                var configuration = ServiceConfiguration(databaseURL: database.url)
                configuration.access.tlsCertificateFile = pair.certificate
                configuration.access.tlsKeyFile = pair.key
                try await RunningService.with(configuration) { service in
                    try await body(service, try #require(URL(string: service.base)?.port), pair, database)
                }
            }
        }
    }

    @Test("curl that trusts the certificate is answered, before the router and by it; curl that does not is not")
    func curl() async throws {
        try await withService { _, port, pair, database in
            let id = database.bundle.items[0].id
            for path in ["/v1/movies/\(id)/similar", "/v1/movies/\(id)/similar?engine=memory", "/v1/movies/\(id)"] {
                let url = "https://localhost:\(port)\(path)"
                let trusting = try await Tool.run("curl", ["-sS", "-i", "--cacert", pair.certificate, url])
                #expect(trusting.status == 0 && trusting.output.hasPrefix("HTTP/1.1 200 OK"), "\(trusting.output)")
                let distrusting = try await Tool.run("curl", ["-sS", url])
                // 60: the peer's certificate cannot be verified.
                #expect(distrusting.status == 60, "\(distrusting.output)")
            }
            // Several over one connection.
            let url = "https://127.0.0.1:\(port)/livez"
            let several = try await Tool.run("curl", ["-sS", "--cacert", pair.certificate, url, url, url])
            #expect(several.output == "ok\nok\nok\n")
            let old = try await Tool.run("curl", ["-sS", "--cacert", pair.certificate, "--tls-max", "1.1", url])
            #expect(old.status != 0)
        }
    }

    @Test("plain HTTP, and anything else, at a port of TLS ends the connection and hurts nobody")
    func plain() async throws {
        try await withService { _, port, pair, _ in
            for text in ["GET /livez HTTP/1.1\r\nHost: test\r\n\r\n", "\u{16}\u{3}\u{1}", "", "\u{0}\u{0}\u{0}\u{0}"] {
                let connection = try RawConnection(port: port)
                try connection.send(text)
                connection.closeSending()
                let answer = try? await connection.receive()
                #expect(answer?.contains("HTTP/1.1 200") != true)
            }
            let url = "https://localhost:\(port)/livez"
            let after = try await Tool.run("curl", ["-sS", "--cacert", pair.certificate, url])
            #expect(after.output == "ok\n")
        }
    }

    @Test("half a certificate, or one that its key does not fit, stops the start with the names of the files")
    func unfit() async throws {
        try await StateFolder.with { folder in
            let (one, other) = (try await Pair.make(in: folder), try await Pair.make(in: folder, name: "other"))
            for (certificate, key) in [
                (one.certificate, nil), (nil, one.key), (one.certificate, other.key), (one.key, one.certificate),
                ("/nonexistent", one.key),
            ] as [(String?, String?)] {
                var configuration = ServiceConfiguration(databaseURL: "postgresql://127.0.0.1:1/nowhere")
                configuration.access.tlsCertificateFile = certificate
                configuration.access.tlsKeyFile = key
                let unfit = configuration
                let error = await #expect(throws: AccessError.self) {
                    try await RunningService.with(unfit) { service in _ = service.base }
                }
                #expect(error.map { "\($0)".contains("tls.") } == true)
            }
        }
    }
}

/// A program of the system, run for what it prints.
private struct Tool {
    let status: Int32
    let output: String

    static func run(_ name: String, _ arguments: [String]) async throws -> Tool {
        let process = Process()
        let out = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: out) }
        try Data().write(to: out)
        let file = try FileHandle(forWritingTo: out)
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [name] + arguments
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = file
        process.standardError = file
        // Not waitUntilExit: a service in this process needs the threads that it would hold.
        try await withCheckedThrowingContinuation { (ended: CheckedContinuation<Void, any Error>) in
            process.terminationHandler = { _ in ended.resume() }
            do {
                try process.run()
            } catch {
                process.terminationHandler = nil
                ended.resume(throwing: error)
            }
        }
        return Tool(status: process.terminationStatus, output: try String(contentsOf: out, encoding: .utf8))
    }
}
