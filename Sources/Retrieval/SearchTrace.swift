/// What was done for one answer, for whoever wants to know.
package struct SearchTrace: Sendable {
    /// Waiting for a connection.
    package internal(set) var queue: Duration?
    /// From sending the statement to its last row.
    package internal(set) var database: Duration?
    /// Exact distances of the candidates or, in memory, of all items.
    package internal(set) var rerank: Duration?
    /// The learned order.
    package internal(set) var model: Duration?
    /// Choosing results that differ.
    package internal(set) var diversity: Duration?
    /// Candidates that the database was asked for; nil where it was not.
    package internal(set) var limit: Int?
    /// Candidates that were compared: what the database gave or, in memory, every item that may be in the answer.
    package internal(set) var candidates: Int?

    package init() {}
}
