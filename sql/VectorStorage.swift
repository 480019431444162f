/// In what type an index holds the vectors of a generation, whose tables keep them whole (`vector`, single precision).
///
/// What is indexed and what a search orders by stand side by side, because PostgreSQL uses an index only where they are
/// the same.
package enum VectorStorage: String, Codable, Sendable, CaseIterable {
    /// Single precision.
    case vector
    /// Half precision.
    case halfvec
    /// One bit a dimension, in a column of its own that the loader computes (`BitCoder`); the Hamming distance is a
    /// rough order. pgvector's `binary_quantize` takes signs as they are, which finds a third as many neighbours.
    case bit

    /// The column of bit codes beside a vector column.
    package static func codeColumn(_ column: String) -> String { "\(column)_code" }

    /// What CREATE INDEX takes in its parentheses.
    package func indexed(_ column: String, dimensions: Int) -> String {
        switch self {
        case .vector: "\(column) public.vector_l2_ops"
        case .halfvec: "(\(column)::public.halfvec(\(dimensions))) public.halfvec_l2_ops"
        case .bit: "\(Self.codeColumn(column)) public.bit_hamming_ops"
        }
    }

    /// The distance of a row from the query, to order by.
    ///
    /// - Parameter query: a vector, or for `bit` a code.
    package func distance(_ column: String, to query: String, dimensions: Int) -> String {
        switch self {
        case .vector: "\(column) OPERATOR(public.<->) \(query)::public.vector"
        case .halfvec:
            "\(column)::public.halfvec(\(dimensions)) OPERATOR(public.<->) \(query)::public.vector::public.halfvec(\(dimensions))"
        case .bit: "\(Self.codeColumn(column)) OPERATOR(public.<~>) \(query)"
        }
    }

    /// Candidates asked for, as a multiple of the results wanted, where nothing else is said
    /// (`Benchmarks/storage`: what lifts recall@10 above .95).
    package var defaultOversampling: Int {
        switch self {
        case .vector: 1
        case .halfvec: 2
        case .bit: 20
        }
    }
}
