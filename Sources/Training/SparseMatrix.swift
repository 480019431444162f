/// A matrix that stores only its entries, compressed by rows and by columns.
///
/// Both orientations, so that the product with the matrix and the one with its transpose write each result row from one
/// thread and in one order.
package struct SparseMatrix: Sendable {
    package let rows: Int
    package let columns: Int
    let byRow: Compressed
    let byColumn: Compressed

    /// One orientation: line i has the entries `starts[i]..<starts[i + 1]`.
    struct Compressed: Sendable {
        let starts: [Int]
        /// Where each entry lies in the other direction, ascending within a line.
        let positions: [Int32]
        let values: [Double]
    }

    /// The entries of `ratings` at which `value` is not zero. O(ratings + users + items).
    package init(_ ratings: RatingMatrix, _ value: (RatingMatrix.Entry) -> Double) {
        rows = ratings.users
        columns = ratings.items
        var starts = [Int](repeating: 0, count: ratings.users + 1)
        var positions: [Int32] = []
        var values: [Double] = []
        positions.reserveCapacity(ratings.entries.count)
        values.reserveCapacity(ratings.entries.count)
        for (user, range) in ratings.ranges.enumerated() {
            for entry in ratings.entries[range] {
                let value = value(entry)
                guard value != 0 else { continue }
                positions.append(entry.itemRow)
                values.append(value)
            }
            starts[user + 1] = positions.count
        }
        byRow = Compressed(starts: starts, positions: positions, values: values)
        byColumn = byRow.transposed(lines: ratings.items)
    }
}

extension SparseMatrix {
    /// Aᵀ · B, columns × B's columns, a panel at a time.
    func transposedProduct(_ other: Matrix, workers: Int) -> Matrix {
        var result = Matrix(rows: columns, columns: other.columns)
        for start in stride(from: 0, to: other.columns, by: Panel.width) {
            let width = min(Panel.width, other.columns - start)
            var panel = Panel(rows: rows)
            for row in 0..<rows {
                for column in 0..<width { panel.rows[row][column] = other[row, start + column] }
            }
            let product = byColumn.times(panel, workers: workers)
            result.forEachRow { index, row in
                for column in 0..<width { row[start + column] = product.rows[index][column] }
            }
        }
        return result
    }
}

extension SparseMatrix.Compressed {
    var lines: Int { starts.count - 1 }

    /// The other orientation, by a counting sort: lines keep the order of their entries.
    fileprivate func transposed(lines: Int) -> Self {
        var starts = [Int](repeating: 0, count: lines + 1)
        for position in positions { starts[Int(position) + 1] += 1 }
        for line in 0..<lines { starts[line + 1] += starts[line] }
        var next = starts
        var positions = [Int32](repeating: 0, count: self.positions.count)
        var values = [Double](repeating: 0, count: self.values.count)
        positions.withUnsafeMutableBufferPointer { positions in
            values.withUnsafeMutableBufferPointer { values in
                for line in 0..<self.lines {
                    for entry in self.starts[line]..<self.starts[line + 1] {
                        let target = next[Int(self.positions[entry])]
                        next[Int(self.positions[entry])] += 1
                        positions[target] = Int32(line)
                        values[target] = self.values[entry]
                    }
                }
            }
        }
        return Self(starts: starts, positions: positions, values: values)
    }

    /// This orientation times a panel: result line i is Σ values · panel[positions]. O(entries · panel width).
    func times(_ panel: Panel, workers: Int) -> Panel {
        var result = Panel(rows: lines)
        let parts = Parallel.ranges(ofEqualCost: starts, parts: 64)
        result.rows.withUnsafeMutableBufferPointer { result in
            let result = SharedBuffer(result)
            Parallel.forEach(parts: parts.count, workers: workers) { part in
                panel.rows.withUnsafeBufferPointer { panel in
                    positions.withUnsafeBufferPointer { positions in
                        values.withUnsafeBufferPointer { values in
                            for line in parts[part] {
                                var sum = Panel.Row.zero
                                for entry in starts[line]..<starts[line + 1] {
                                    sum += panel[Int(positions[entry])] * values[entry]
                                }
                                result.elements[line] = sum
                            }
                        }
                    }
                }
            }
        }
        return result
    }
}
