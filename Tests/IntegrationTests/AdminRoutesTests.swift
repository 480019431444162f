import Foundation
import Service
import TestSupport
import Testing

@Suite(.timeLimit(.minutes(20))) struct AdminRoutesTests {
    private static let admin = "admin-0123456789abcdef"
    private static let reader = "reader-0123456789abcdef"
    private static let asAdmin = ["Authorization": "Bearer \(admin)"]

    private static func configuration(_ url: String) -> ServiceConfiguration {
        var configuration = ServiceConfiguration(databaseURL: url)
        configuration.access.adminKey = admin
        return configuration
    }

    @Test("without an admin key there are no admin routes; with one, no other key opens them")
    func keys() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            let control = GenerationControl(activate: { _ in 1 }, rollBack: { (from: 2, to: 1) })
            try await RunningService.with(ServiceConfiguration(databaseURL: database.url), control: control) {
                service in
                let nobody = try await service.post("/v1/admin/activate", #"{"generation":1}"#, headers: Self.asAdmin)
                #expect(nobody.status == 404)
                #expect(try await service.post("/v1/admin/rollback", "").status == 404)
                #expect(try await service.delete("/v1/users/1", headers: Self.asAdmin).status == 405)
            }
            var configuration = Self.configuration(database.url)
            configuration.access.readKey = Self.reader
            try await RunningService.with(configuration, control: control) { service in
                for send in [
                    { try await service.post("/v1/admin/activate", #"{"generation":1}"#, headers: $0) },
                    { try await service.post("/v1/admin/rollback", "", headers: $0) },
                    { try await service.delete("/v1/users/1", headers: $0) },
                ] as [@Sendable ([String: String]) async throws -> RunningService.Reply] {
                    #expect(try await send([:]).status == 401)
                    let reading = try await send(["Authorization": "Bearer \(Self.reader)"])
                    #expect(try reading.status == 403 && reading.json(ProblemBody.self).type == "/problems/forbidden")
                }
            }
        }
    }

    @Test("the pointer is moved over HTTP as by the command, and a move that cannot be is refused with why")
    func activation() async throws {
        try await LoadedDatabase.with(try TrainedBundle.small()) { database in
            let control = GenerationControl(
                activate: { wanted in
                    switch wanted {
                    case 2: 1
                    case 3: throw GenerationControl.Refusal.conflict("generation 3 is failed")
                    case 4: throw GenerationControl.Refusal.busy("a long query")
                    default: throw GenerationControl.Refusal.unknown("there is no generation \(wanted)")
                    }
                }, rollBack: { (from: 2, to: 1) })
            try await RunningService.with(Self.configuration(database.url), control: control) { service in
                func activate(_ body: String) async throws -> RunningService.Reply {
                    try await service.post("/v1/admin/activate", body, headers: Self.asAdmin)
                }
                let moved = try await activate(#"{"generation": 2}"#)
                #expect(moved.status == 200 && moved.text == #"{"generation":2,"replaced":1}"#)
                let back = try await service.post("/v1/admin/rollback", "", headers: Self.asAdmin)
                #expect(back.status == 200 && back.text == #"{"generation":1,"replaced":2}"#)
                for (body, status) in [
                    (#"{"generation": 3}"#, 409), (#"{"generation": 4}"#, 503), (#"{"generation": 9}"#, 404),
                    (#"{"generation": "x"}"#, 400), (#"{"generation": 1, "force": true}"#, 400), ("", 400), ("[", 400),
                ] {
                    #expect(try await activate(body).status == status, "\(body)")
                }
            }
        }
    }
}
