import Testing
import Training

@Suite struct SymmetricEigenTests {
    private func matrix(_ rows: [[Double]]) -> Matrix {
        var result = Matrix(rows: rows.count, columns: rows[0].count)
        result.values = rows.flatMap { $0 }
        return result
    }

    @Test func `the largest eigenvalues come first`() throws {
        let eigen = try SymmetricEigen(of: matrix([[2, 1, 0], [1, 2, 0], [0, 0, 5]]), count: 2)
        #expect(abs(eigen.values[0] - 5) < 1e-12)
        #expect(abs(eigen.values[1] - 3) < 1e-12)
        #expect(abs(eigen.vectors[2, 0] - 1) < 1e-12)
        #expect(abs(eigen.vectors[0, 1] - 0.5.squareRoot()) < 1e-12)
    }

    @Test func `the entry of largest magnitude is positive`() throws {
        let eigen = try SymmetricEigen(of: matrix([[1, -2], [-2, 3]]), count: 2)
        for column in 0..<2 {
            let entries = [eigen.vectors[0, column], eigen.vectors[1, column]]
            #expect(entries.max()! >= -entries.min()!)
        }
    }

    @Test func `both sides of a matrix give the same factors`() throws {
        let wide = matrix([[1, 2, 3, 4], [2, 0, 1, 0], [0, 1, 0, 5]])
        let fromUsers = try SpectralFactors(of: wide, count: 3)
        // Two empty users make the other side the smaller one.
        var tall = Matrix(rows: 5, columns: 4)
        tall.values.replaceSubrange(0..<12, with: wide.values)
        let fromItems = try SpectralFactors(of: tall, count: 3)
        #expect(fromItems.eigenvalues.count == 3)
        for column in 0..<3 {
            #expect(abs(fromUsers.eigenvalues[column] - fromItems.eigenvalues[column]) < 1e-9)
            let sign = fromUsers.items[3, column] * fromItems.items[3, column] < 0 ? -1.0 : 1.0
            for row in 0..<4 {
                #expect(abs(fromUsers.items[row, column] - sign * fromItems.items[row, column]) < 1e-9)
            }
        }
    }

    @Test func `what is beyond the rank is zero`() throws {
        let factors = try SpectralFactors(of: matrix([[1, 1, 0], [1, 1, 0]]), count: 5)
        #expect(factors.eigenvalues.count == 1)
        #expect(factors.items.columns == 5)
        #expect((0..<3).allSatisfy { factors.items[$0, 1] == 0 && factors.items[$0, 4] == 0 })
    }
}
