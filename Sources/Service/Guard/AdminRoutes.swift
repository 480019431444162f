import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What needs an admin key. Without one there are no such routes.
struct AdminRoutes {
    let keys: KeyRing
    let erasure: UserErasure
    /// Nil where nothing may move the pointer.
    let control: GenerationControl?

    private struct Activated: Encodable {
        let generation: Int
        /// Nil for the first one ever.
        let replaced: Int?
    }

    func add(to router: Router<ServiceContext>) {
        let admin = router.group().add(middleware: AdminGate(keys: keys))
        admin.on(Operations.erase) { _, context, _ in
            try Self.json(try await erasure.erase(try RequestParameters.id("user_id", context)))
        }
        guard let control else { return }
        admin.on(Operations.activate) { request, _, _ in
            let wanted = try await Self.generation(in: request)
            return try await Self.answering {
                Activated(generation: wanted, replaced: try await control.activate(wanted))
            }
        }
        admin.on(Operations.rollback) { _, _, _ in
            return try await Self.answering {
                let (from, to) = try await control.rollBack()
                return Activated(generation: to, replaced: from)
            }
        }
    }

    private static func answering(_ move: () async throws -> Activated) async throws -> Response {
        do {
            return try json(try await move())
        } catch let refusal as GenerationControl.Refusal {
            throw refusal.problem
        }
    }

    private static func json(_ value: some Encodable) throws -> Response {
        Response(
            status: .ok, headers: [.contentType: EncodedAnswer.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: try JSONBody.encode(value)))
    }

    // MARK: {"generation": 3}

    static let schema = Schema.object(["generation": .id])

    private struct Wanted: Decodable {
        let generation: Int32

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: FieldName.self)
            if let unknown = container.allKeys.first(where: { $0.stringValue != "generation" }) {
                throw Problem.unknownParameter(unknown.stringValue, known: ["generation"])
            }
            generation = try container.decode(Int32.self, forKey: "generation")
        }
    }

    private static func generation(in request: Request) async throws -> Int {
        do {
            let body = Data(try await request.body.collect(upTo: 4096).readableBytesView)
            return Int(try JSONDecoder().decode(Wanted.self, from: body).generation)
        } catch let problem as Problem {
            throw problem
        } catch {
            throw Problem.invalidParameter("generation", #"send which to activate, as {"generation": 3}"#)
        }
    }
}
