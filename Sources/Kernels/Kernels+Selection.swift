import CKernels

extension Kernels {
    /// Writes to the start of `output`, ascending, the offset of each value for which `value >= limit` does not hold;
    /// returns how many. A NaN, as value or as limit, is therefore selected.
    func select(
        _ values: UnsafeBufferPointer<Float>, below limit: Float, into output: UnsafeMutableBufferPointer<Int32>
    ) -> Int {
        precondition(output.count >= values.count, "\(output.count) places are too few for \(values.count)")
        guard !values.isEmpty else { return 0 }
        return table.pointee.select_below(values.baseAddress!, values.count, limit, output.baseAddress!)
    }

    /// Writes to the start of `output`, ascending, every row of `blocks` that may lie within `reach` of `query`, and
    /// perhaps some that lie farther; returns how many. Rows are counted from the start of `matrix`; the last block's
    /// padding may be among them.
    func candidates(
        of query: CodedQuery, in matrix: QuantizedMatrix, blocks: Range<Int>, within reach: Float,
        into output: UnsafeMutableBufferPointer<Int32>
    ) -> Int {
        precondition(blocks.lowerBound >= 0 && blocks.upperBound <= matrix.blockCount, "\(blocks) are not all there")
        precondition(output.count >= blocks.count * QuantizedMatrix.blockRows, "too few places for the candidates")
        guard !blocks.isEmpty else { return 0 }
        return query.withCoded { coded in
            matrix.withBlocks { bytes in
                let start = bytes + blocks.lowerBound * matrix.blockBytes
                let found = table.pointee.candidates(coded, start, blocks.count, reach, output.baseAddress!)
                let first = Int32(blocks.lowerBound * QuantizedMatrix.blockRows)
                for index in 0..<found { output[index] += first }
                return found
            }
        }
    }
}
