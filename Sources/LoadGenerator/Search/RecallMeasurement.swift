import Foundation
import NIOCore

/// Recall against throughput: the same queries answered in several ways, each held against the exact answers.
package struct RecallMeasurement: Sendable {
    package let endpoint: Endpoint
    package let ids: IDSet
    /// How many queries the recall is computed over.
    package let queries: Int
    package let shape: LoadShape
    package let reader: AnswerIDs

    package init(endpoint: Endpoint, ids: IDSet, queries: Int, shape: LoadShape, reader: AnswerIDs)
        throws(LoadPlanError)
    {
        guard queries >= 1 else { throw .invalid("queries must be at least 1, not \(queries)") }
        self.endpoint = endpoint
        self.ids = ids
        self.queries = min(queries, ids.count)
        self.shape = shape
        self.reader = reader
    }

    /// The ids of the answers to the first queries, asked one after the other.
    package func answers(_ name: String, path: String) async throws -> [Int: [Int]] {
        var asking = LoadShape()
        asking.mode = .closed
        asking.warmup = 0
        asking.duration = 86_400
        asking.connections = 1
        asking.timeoutMilliseconds = shape.timeoutMilliseconds
        let plan = try LoadPlan(
            endpoint: endpoint, mix: [template(name, path)], shape: asking, requestLimit: queries)
        let outcome = try await LoadTest.outcome(plan, keepsBodies: true)
        guard outcome.report.isFaultless else {
            throw RecallError(description: "'\(name)' does not answer every query: \(outcome.report.statuses)")
        }
        return try outcome.bodies.mapValues { body in
            guard let ids = reader.read(Data(body.readableBytesView)) else {
                throw RecallError(description: "'\(name)' answers without '\(reader.list)' of '\(reader.field)'")
            }
            return ids
        }
    }

    /// The load with the same queries in the same order.
    package func load(_ name: String, path: String) async throws -> LoadReport {
        try await LoadTest.run(LoadPlan(endpoint: endpoint, mix: [template(name, path)], shape: shape))
    }

    private func template(_ name: String, _ path: String) throws -> RequestTemplate {
        try RequestTemplate(name: name, path: path, ids: ids, distribution: .inOrder)
    }
}
