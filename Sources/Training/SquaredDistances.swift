/// All squared L2 distances between two sets of vectors.
///
/// ‖a‖² + ‖b‖² − 2⟨a, b⟩ in double precision: for vectors that were floats the rounding is far below any difference a
/// float distance can show.
struct SquaredDistances {
    private let values: Matrix

    init(from left: Matrix, to right: Matrix) {
        var values = BLAS.product(left, right, transposingB: true)
        let leftSquares = left.rowNorms().map { $0 * $0 }
        let rightSquares = right.rowNorms().map { $0 * $0 }
        values.forEachRow { index, row in
            for column in 0..<row.count { row[column] = leftSquares[index] + rightSquares[column] - 2 * row[column] }
        }
        self.values = values
    }

    /// The nearest candidates of a left row, nearest first, ties by the lower index. O(right rows · count) at worst.
    func nearest(to row: Int, among isCandidate: [Bool], count: Int) -> [Int] {
        var best: [(distance: Double, index: Int)] = []
        best.reserveCapacity(count + 1)
        values.values.withUnsafeBufferPointer { all in
            isCandidate.withUnsafeBufferPointer { isCandidate in
                let start = row * values.columns
                for index in 0..<values.columns where isCandidate[index] {
                    let distance = all[start + index]
                    if best.count == count, distance >= best[count - 1].distance { continue }
                    var position = best.count
                    while position > 0, best[position - 1].distance > distance { position -= 1 }
                    best.insert((distance, index), at: position)
                    if best.count > count { best.removeLast() }
                }
            }
        }
        return best.map(\.index)
    }
}
