import Kernels
import Testing

@Suite struct FloatMatrixBuilderTests {
    private struct Refusal: Error {}

    @Test("rows are kept in order, whether or not they were expected", arguments: [0, 1, 7, 1_000])
    func growth(capacity: Int) {
        var builder = FloatMatrixBuilder(columns: 3, capacity: capacity)
        for row in 0..<100 {
            builder.append { target in
                for column in 0..<3 { target[column] = Float(10 * row + column) }
            }
        }
        let matrix = builder.matrix()
        #expect(matrix.rows == 100 && matrix.columns == 3)
        for row in 0..<100 { #expect(Array(matrix[row]) == [0, 1, 2].map { Float(10 * row) + $0 }) }
        #expect(matrix.withUnsafeBufferPointer(\.count) == 300)
    }

    @Test("a row that nobody writes is zero, and one that fails is none")
    func unwritten() {
        var builder = FloatMatrixBuilder(columns: 2, capacity: 1)
        builder.append { _ in }
        #expect(throws: Refusal.self) { try builder.append { _ in throw Refusal() } }
        builder.append { $0[1] = 5 }
        let matrix = builder.matrix()
        #expect(matrix.rows == 2 && Array(matrix[0]) == [0, 0] && Array(matrix[1]) == [0, 5])
    }
}
