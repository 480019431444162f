/// An answer, and how it came about.
package struct ExplainedAnswer: Sendable {
    /// Why an item is where it is: parts that add up to its score.
    package struct Reasons: Sendable {
        /// What an item of the history has added.
        package struct Reason: Sendable {
            package let item: Item
            package let contribution: Double
        }

        /// Those that added most, the most first.
        package let because: [Reason]
        /// What everybody would get.
        package let baseline: Double
        /// The sum of all other items of the history.
        package let rest: Double
    }

    package let answer: Answer
    /// Parallel to the results; empty where their scores are no sum over a history.
    package let reasons: [Reasons]
    package let trace: SearchTrace
    package let total: Duration
    /// How far the index was searched; nil where it was not.
    package let effort: (parameter: String, value: Int)?
    /// Lines of `EXPLAIN`; nil where the database was not asked or does not answer.
    package let plan: [String]?
    package let sql: String
    /// Whether the SQL gives the candidates that the results were chosen from, because it knows neither the learned order
    /// nor diversity.
    package let isOfCandidates: Bool
}
