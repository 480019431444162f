extension ExactScan {
    /// What `nearest(to:in:count:where:)` gives for the floats of `matrix`, found with a first pass over its codes.
    ///
    /// Rows that their codes cannot rule out are compared exactly. `isAllowed` is asked only for rows nearer than the
    /// worst kept so far; while fewer than `count` rows are allowed every row is compared exactly.
    ///
    /// - Parameter query: as many floats as `matrix` has columns.
    package static func nearest(
        to query: UnsafeBufferPointer<Float>, in matrix: QuantizedMatrix, count: Int, kernels: Kernels = .active,
        where isAllowed: (Int32) throws -> Bool
    ) rethrows -> [Neighbor] {
        let floats = matrix.matrix
        precondition(query.count == floats.columns, "\(query.count) dimensions do not meet \(floats.columns)")
        precondition(count >= 0, "a count is not negative")
        guard count > 0, floats.rows > 0, let coded = CodedQuery(query, for: matrix) else {
            return try nearest(to: query, in: floats, count: count, kernels: kernels, where: isAllowed)
        }
        var search = QuantizedSearch(query: query, coded: coded, capacity: min(count, floats.rows))
        try QuantizedSearch.withBuffers { buffers in
            for blocks in QuantizedSearch.chunks(of: matrix, count: count) {
                try search.scan(blocks, of: matrix, kernels, buffers, where: isAllowed)
            }
        }
        return search.heap.sorted()
    }

    /// The `count` nearest rows that are in neither set, sorted by (distance, row), as for a `FloatMatrix`.
    package static func nearest(
        to query: UnsafeBufferPointer<Float>, in matrix: QuantizedMatrix, count: Int, absent: RowSet = .none,
        excluding excluded: RowSet = .none, kernels: Kernels = .active
    ) -> [Neighbor] {
        nearest(to: query, in: matrix, count: count, kernels: kernels) { row in
            !absent.contains(row) && !excluded.contains(row)
        }
    }

    /// What `nearest(to:in:count:where:)` gives for each row of `queries`, while codes are read once from memory for
    /// all of them.
    package static func nearest(
        toEach queries: FloatMatrix, in matrix: QuantizedMatrix, count: Int, kernels: Kernels = .active,
        where isAllowed: (_ query: Int, _ row: Int32) throws -> Bool
    ) rethrows -> [[Neighbor]] {
        let floats = matrix.matrix
        precondition(queries.columns == floats.columns, "\(queries.columns) dimensions do not meet \(floats.columns)")
        precondition(count >= 0, "a count is not negative")
        return try queries.withUnsafeBufferPointer { elements in
            var searches: [QuantizedSearch] = []
            for index in 0..<queries.rows {
                let query = elements.rows(index..<index + 1, of: queries.columns)
                guard let coded = CodedQuery(query, for: matrix) else {
                    return try nearest(toEach: queries, in: floats, count: count, kernels: kernels, where: isAllowed)
                }
                searches.append(QuantizedSearch(query: query, coded: coded, capacity: min(count, floats.rows)))
            }
            guard count > 0 else { return searches.map { $0.heap.sorted() } }
            try QuantizedSearch.withBuffers { buffers in
                for blocks in QuantizedSearch.chunks(of: matrix, count: count) {
                    for index in searches.indices {
                        try searches[index].scan(blocks, of: matrix, kernels, buffers) { try isAllowed(index, $0) }
                    }
                }
            }
            return searches.map { $0.heap.sorted() }
        }
    }
}
