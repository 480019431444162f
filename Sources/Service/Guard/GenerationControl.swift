/// Moves the catalogue's pointer. The service itself only follows it: the program that links the loader lends it this.
package struct GenerationControl: Sendable {
    /// Why the pointer did not move, for the client.
    package enum Refusal: Error {
        /// There is no such generation.
        case unknown(String)
        /// It is not one that can be served, or there is none before.
        case conflict(String)
        /// Later it may.
        case busy(String)
    }

    /// Returns the generation that was replaced; itself when it was active.
    let activate: @Sendable (_ generation: Int) async throws -> Int?
    let rollBack: @Sendable () async throws -> (from: Int, to: Int)

    /// - Parameters: each throws ``Refusal`` where the client can do something about it.
    package init(
        activate: @escaping @Sendable (_ generation: Int) async throws -> Int?,
        rollBack: @escaping @Sendable () async throws -> (from: Int, to: Int)
    ) {
        self.activate = activate
        self.rollBack = rollBack
    }
}

extension GenerationControl.Refusal {
    var problem: Problem {
        switch self {
        case .unknown(let detail): .notFound(detail)
        case .conflict(let detail): Problem(kind: .conflict, status: 409, title: "Conflict", detail: detail)
        case .busy(let detail): .unavailable(detail, retryAfter: 5)
        }
    }
}
