import Foundation
import ModelBundle
import TestSupport
import Testing

/// What was answered with 202 is in the database exactly once, whatever was killed meanwhile.
@Suite struct EventSurvivalTests {
    private static func drained(_ service: ServiceProcess) async throws {
        try await eventually("the journal is empty") {
            try await RunningService.send("GET", service.base + "/metrics").text.contains(
                "\nkindred_journal_pending_events 0\n")
        }
    }

    @Test("accepted events survive kill -9 of the service")
    func killedService() async throws {
        let bundle = try TrainedBundle.small()
        try await StateFolder.with { state in
            try await LoadedDatabase.with(bundle) { database in
                let clients = EventClients(movie: bundle.items[0].id)
                try await clients.sending {
                    for _ in 0..<8 {
                        let service = try await ServiceProcess.start(database: database.url, state: state)
                        clients.aim(at: service.base)
                        try await clients.waitForMore(Int.random(in: 1...60))
                        try await service.kill()
                        clients.aim(at: nil)
                    }
                }
                let service = try await ServiceProcess.start(database: database.url, state: state)
                try await Self.drained(service)
                try await service.kill()
                try await clients.check(database.url)
            }
        }
    }

    @Test("while PostgreSQL is killed, events are accepted all the same and stored when it is back")
    func killedDatabase() async throws {
        let bundle = try TrainedBundle.small()
        try await StateFolder.with { state in
            try await PrivateServer.with { server in
                let url = try await server.url()
                try await LoadedDatabase.load(bundle, into: url)
                let service = try await ServiceProcess.start(database: url, state: state)
                let clients = EventClients(movie: bundle.items[0].id)
                clients.aim(at: service.base)
                try await clients.sending {
                    for _ in 0..<3 {
                        try await clients.waitForMore(Int.random(in: 1...60))
                        try server.kill()
                        try await clients.waitForMore(60)
                        try await eventually("readiness says so") {
                            try await RunningService.send("GET", service.base + "/readyz").text.contains(
                                "events wait in the journal")
                        }
                        try await server.start()
                    }
                }
                try await Self.drained(service)
                #expect(
                    try await !RunningService.send("GET", service.base + "/readyz").text.contains("events wait"))
                try await service.kill()
                try await clients.check(url)
            }
        }
    }

    @Test("accepted events survive kill -9 of service and PostgreSQL in any order")
    func killedBoth() async throws {
        let bundle = try TrainedBundle.small()
        try await StateFolder.with { state in
            try await PrivateServer.with { server in
                let url = try await server.url()
                try await LoadedDatabase.load(bundle, into: url)
                let clients = EventClients(movie: bundle.items[0].id)
                try await clients.sending {
                    for isDatabaseFirst in [true, false, true, false] {
                        let service = try await ServiceProcess.start(database: url, state: state)
                        clients.aim(at: service.base)
                        try await clients.waitForMore(Int.random(in: 1...60))
                        if isDatabaseFirst {
                            try server.kill()
                            // Accepted with no database anywhere, and then the service goes too.
                            try await clients.waitForMore(Int.random(in: 1...60))
                            try await service.kill()
                        } else {
                            try await service.kill()
                            try server.kill()
                        }
                        clients.aim(at: nil)
                        try await server.start()
                    }
                }
                let service = try await ServiceProcess.start(database: url, state: state)
                try await Self.drained(service)
                try await service.kill()
                try await clients.check(url)
            }
        }
    }

    @Test("a second service on the same state folder is refused and told what to do")
    func secondService() async throws {
        let bundle = try TrainedBundle.small()
        try await StateFolder.with { state in
            try await LoadedDatabase.with(bundle) { database in
                let service = try await ServiceProcess.start(database: database.url, state: state)
                let error = await #expect(throws: NotInTime.self) {
                    try await ServiceProcess.start(database: database.url, state: state)
                }
                #expect(error?.description.contains("give each service a state folder of its own") == true)
                try await service.kill()
            }
        }
    }
}
