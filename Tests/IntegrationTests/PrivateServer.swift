import Foundation

/// A PostgreSQL of one test's own, to be killed, stopped or made a standby: `scripts/postgres` on a folder of its own.
struct PrivateServer: Sendable {
    private let home: String

    struct Failed: Error, CustomStringConvertible {
        let description: String
    }

    /// Runs `body` with a started, empty server, which is destroyed afterwards.
    static func with<Result>(_ body: (PrivateServer) async throws -> Result) async throws -> Result {
        let home = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)").path
        let server = PrivateServer(home: home)
        do {
            try await server.start()
            let result = try await body(server)
            try await server.script("destroy")
            try FileManager.default.removeItem(atPath: home)
            return result
        } catch {
            _ = try? await server.script("destroy")
            try? FileManager.default.removeItem(atPath: home)
            throw error
        }
    }

    /// Of its database, over a socket; the same before and after a restart.
    func url() async throws -> String { try await script("url") }

    func start() async throws { try await script("start") }

    /// Ends it as an administrator does.
    func stop() async throws { try await script("stop") }

    /// Makes a stopped server a standby: it starts read-only, and stays so until it is promoted.
    func becomeStandby() throws {
        let signal = home + "/postgres/data/standby.signal"
        guard FileManager.default.createFile(atPath: signal, contents: nil) else {
            throw Failed(description: "\(signal) cannot be made")
        }
    }

    /// `kill -9` of the server; its children end by themselves.
    func kill() throws {
        let cluster = home + "/postgres/data/postmaster.pid"
        guard let line = try String(contentsOfFile: cluster, encoding: .utf8).split(separator: "\n").first,
            let pid = Int32(line), pid > 1
        else { throw Failed(description: "\(cluster) names no process") }
        guard Foundation.kill(pid, SIGKILL) == 0 else { throw Failed(description: "kill \(pid): errno \(errno)") }
    }

    /// Runs `scripts/postgres`; returns what it prints.
    ///
    /// Not by `Process`: that takes a program for running as long as anybody holds a descriptor it was started with, and
    /// the server holds on to all it inherits.
    @discardableResult
    private func script(_ verb: String) async throws -> String {
        let program = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "scripts/postgres").path
        let (out, err) = (home + ".out", home + ".err")
        defer { for file in [out, err] { try? FileManager.default.removeItem(atPath: file) } }
        let closing = "for f in /proc/$$/fd/*; do n=${f##*/}; if ((n > 2)); then eval \"exec $n>&-\"; fi; done"
        // A standby replays what was logged for it.
        let settings = "KINDRED_POSTGRES_SETTINGS='wal_level = replica'"
        let command =
            "KINDRED_HOME='\(home)' \(settings) exec bash -c '\(closing); exec \"$@\"' - '\(program)' \(verb) </dev/null >'\(out)' 2>'\(err)'"
        let status = await withCheckedContinuation { ended in
            Thread.detachNewThread { ended.resume(returning: system(command)) }
        }
        guard status == 0 else {
            throw Failed(description: "scripts/postgres \(verb): \(try String(contentsOfFile: err, encoding: .utf8))")
        }
        return try String(contentsOfFile: out, encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
    }
}
