/// In what type an index holds the vectors of a generation, whose tables keep them whole (`vector`, single precision).
///
/// The indexed expression and the one a search orders by stand side by side, because PostgreSQL uses an index only
/// where they are the same.
package enum VectorStorage: String, Sendable, CaseIterable {
    /// Single precision.
    case vector
    /// Half precision: half the index.
    case halfvec
    /// One bit a dimension, its sign: a 32nd of the vectors; the Hamming distance is a rough order.
    case bit

    /// What CREATE INDEX takes in its parentheses.
    package func indexed(_ column: String, dimensions: Int) -> String {
        switch self {
        case .vector: "\(column) public.vector_l2_ops"
        case .halfvec: "(\(stored(column, dimensions))) public.halfvec_l2_ops"
        case .bit: "(\(stored(column, dimensions))) public.bit_hamming_ops"
        }
    }

    /// The distance of a row from the vector `query`, to order by.
    package func distance(_ column: String, to query: String, dimensions: Int) -> String {
        let asked = stored("\(query)::public.vector", dimensions)
        switch self {
        case .vector: return "\(column) OPERATOR(public.<->) \(asked)"
        case .halfvec: return "\(stored(column, dimensions)) OPERATOR(public.<->) \(asked)"
        case .bit: return "\(stored(column, dimensions)) OPERATOR(public.<~>) \(asked)"
        }
    }

    private func stored(_ vector: String, _ dimensions: Int) -> String {
        switch self {
        case .vector: vector
        case .halfvec: "(\(vector)::public.halfvec(\(dimensions)))"
        case .bit: "(public.binary_quantize(\(vector))::bit(\(dimensions)))"
        }
    }

    /// Candidates asked for, as a multiple of the results wanted, where nothing else is said: what recall@10 ≥ .95
    /// took on MovieLens 100k.
    package var defaultOversampling: Int {
        switch self {
        case .vector: 1
        case .halfvec: 2
        case .bit: 10
        }
    }
}
