import Foundation
import Kernels
import ModelBundle
import TestSupport
import Testing

@testable import Loading

@Suite struct VectorFindingsTests {
    @Test("equal rows are found whatever stands between them; zero rows are no vectors, and minus zero is zero")
    func repeatedRows() {
        let matrix = FloatMatrix(
            rows: 8, columns: 2,
            values: [1, 2, 0, 0, 3, 4, 1, 2, 0, 0, 5, 0, 1, 2, 5, -0.0])
        #expect(matrix.repeatedRows() == [0, 3, 5, 6, 7])
        #expect(FloatMatrix(rows: 0, columns: 3, values: []).repeatedRows().isEmpty)
        #expect(FloatMatrix(rows: 3, columns: 1, values: [1, 2, 3]).repeatedRows().isEmpty)
    }

    @Test("a bundle's cold items, cold users and twins are counted, with the lowest ids")
    func findings() throws {
        let bundle = try TrainedBundle.small()
        let twins = try bundle.copyingRow(0, to: [3, 7, 9, 11, 13])
        let findings = VectorFindings(twins)
        #expect(findings.coldItems.count == bundle.coldItems.count)
        #expect(findings.coldItems.first == Array(bundle.coldItems.prefix(5)))
        #expect(findings.usersWithoutVector.count == bundle.coldUsers.count)
        #expect(findings.itemsWithoutSimilarity.count == bundle.itemsWithoutSimilarity.count)
        let ids = [0, 3, 7, 9, 11].map { bundle.items[$0].id }
        let before = Set(bundle.similarity.repeatedRows()).union([0, 3, 7, 9, 11, 13])
        #expect(findings.sameSimilarityVector.count == before.count)
        #expect(findings.sameSimilarityVector.first.prefix(1) == ids.prefix(1))
        let list = findings.sameSimilarityVector.first.map(String.init).joined(separator: ", ")
        #expect(findings.lines.contains("\(before.count) items have the same similarity vector as another: \(list), …"))
    }
}

extension ModelBundle {
    fileprivate func copyingRow(_ source: Int, to targets: [Int]) throws -> ModelBundle {
        var content = content
        let old = content.similarity
        content.similarity = FloatMatrix(rows: old.rows, columns: old.columns) { elements in
            for row in 0..<old.rows {
                let from = targets.contains(row) ? source : row
                for column in 0..<old.columns { elements[row * old.columns + column] = old[from, column] }
            }
        }
        return try ModelBundle(name: "twins", dataset: manifest.dataset, geometry: manifest.geometry, content: content)
    }
}
