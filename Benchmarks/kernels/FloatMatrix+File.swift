import Foundation
import Kernels

extension FloatMatrix {
    /// Little-endian floats, row after row.
    init(file: String, columns: Int) throws {
        let data = try Data(contentsOf: URL(filePath: file), options: .alwaysMapped)
        let bytesPerRow = columns * MemoryLayout<Float>.size
        guard !data.isEmpty, data.count % bytesPerRow == 0 else {
            throw CocoaError(
                .fileReadCorruptFile,
                userInfo: [NSDebugDescriptionErrorKey: "\(data.count) bytes are no rows of \(columns) floats"])
        }
        self.init(rows: data.count / bytesPerRow, columns: columns) { _ = data.copyBytes(to: $0) }
    }

    var bytes: Int { rows * columns * MemoryLayout<Float>.size }
}

extension QuantizedMatrix {
    /// Read by the first pass: a byte per coordinate and three floats per row.
    var bytesOfCodes: Int { matrix.rows * (matrix.columns + 12) }
}
