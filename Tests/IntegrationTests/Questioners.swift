import Foundation
import Synchronization
import Testing

/// Clients that ask without a pause, all kinds of questions, and check every answer.
final class Questioners: Sendable {
    private let asked = Mutex<[Int: Int]>([:])
    private let isDone = Mutex(false)

    /// Answers seen so far, by generation.
    var answers: [Int: Int] { asked.withLock(\.self) }

    /// Runs them for the time of `body`.
    ///
    /// - Parameter toleratesOutage: whether answers may be marked degraded.
    static func ask<Result>(
        _ service: RunningService, _ generations: ServedGenerations, toleratesOutage: Bool = false,
        _ body: (Questioners) async throws -> Result
    ) async throws -> Result {
        let questioners = Questioners()
        // On a busy machine the pool's first connection may take more than one attempt.
        try await service.waitUntilConnected("\(generations.randomQuestion().path)")
        return try await withThrowingTaskGroup { group in
            for _ in 0..<4 {
                group.addTask {
                    try await questioners.run(service, generations, toleratesOutage: toleratesOutage)
                }
            }
            do {
                let result = try await body(questioners)
                questioners.isDone.withLock { $0 = true }
                try await group.waitForAll()
                return result
            } catch {
                questioners.isDone.withLock { $0 = true }
                throw error
            }
        }
    }

    private func run(
        _ service: RunningService, _ generations: ServedGenerations, toleratesOutage: Bool
    ) async throws {
        while !isDone.withLock(\.self) {
            let question = generations.randomQuestion()
            let engine = Bool.random() ? "pgvector" : "memory"
            let reply = try await service.get("\(question.path)?engine=\(engine)")
            guard reply.status == 200 else {
                Issue.record("\(question.path): \(reply.status) \(reply.text)")
                continue
            }
            let answer: Envelope = try reply.json()
            #expect(toleratesOutage || !answer.degraded, "\(question.path)")
            generations.check(answer, to: question)
            asked.withLock { $0[answer.generation, default: 0] += 1 }
        }
    }
}
