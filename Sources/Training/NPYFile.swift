package import Foundation
package import Kernels
import MovieLens

/// NumPy's format of one array: `.npy`.
///
/// Source: numpy/lib/format.py, versions 1.0, 2.0 and 3.0.
package enum NPYFile {
    /// Reads a 2-D array of little-endian float32 or float64 in C order; float64 is rounded to float32.
    ///
    /// - Throws: `MovieLensError`, which says what the array is instead.
    package static func matrix(_ url: URL) throws -> FloatMatrix {
        let name = url.lastPathComponent
        func bad(_ reason: String) -> MovieLensError { MovieLensError(.malformed, file: name, reason: reason) }
        guard FileManager.default.fileExists(atPath: url.path) else {
            throw MovieLensError(.missing, file: name, reason: "there is no file at \(url.path)")
        }
        let data: Data
        do {
            data = try Data(contentsOf: url, options: .mappedIfSafe)
        } catch {
            throw MovieLensError(.unreadable, file: name, reason: "cannot be read: \(error.localizedDescription)")
        }
        guard !data.isEmpty else { throw MovieLensError(.empty, file: name, reason: "the file is empty") }
        guard data.count >= 12, data.prefix(6).elementsEqual([0x93] + Array("NUMPY".utf8)) else {
            throw bad("it is not a .npy file")
        }
        let isShort = data[6] == 1
        guard (1...3).contains(data[6]) else { throw bad("version \(data[6]) of .npy is not known") }
        let length = (0..<(isShort ? 2 : 4)).reduce(0) { $0 | Int(data[8 + $1]) << (8 * $1) }
        let start = (isShort ? 10 : 12) + length
        guard start <= data.count else { throw bad("the header is cut off") }
        let header = String(decoding: data[(isShort ? 10 : 12)..<start], as: UTF8.self)
        guard let kind = header.firstMatch(of: /'descr'\s*:\s*'([^']*)'/)?.output.1,
            let order = header.firstMatch(of: /'fortran_order'\s*:\s*(True|False)/)?.output.1,
            let shape = header.firstMatch(of: /'shape'\s*:\s*\(([0-9, ]*)\)/)?.output.1
        else { throw bad("its header names no single type, order and shape: \(header.prefix(200))") }
        guard kind == "<f4" || kind == "<f8" else {
            throw bad("its type is '\(kind)', not float32 ('<f4') or float64 ('<f8')")
        }
        guard order == "False" else { throw bad("it is in Fortran order; save it after np.ascontiguousarray") }
        let sides = shape.split(separator: ",").compactMap { Int($0.trimmingCharacters(in: .whitespaces)) }
        guard sides.count == 2 else { throw bad("its shape is (\(shape)), not (rows, dimensions)") }
        let size = kind == "<f4" ? 4 : 8
        let (cells, overflow) = sides[0].multipliedReportingOverflow(by: sides[1])
        guard !overflow, cells <= data.count, data.count - start == cells * size else {
            throw bad("\(data.count - start) bytes do not hold \(sides[0]) × \(sides[1]) values of \(size) bytes")
        }
        return FloatMatrix(rows: sides[0], columns: sides[1]) { elements in
            data.withUnsafeBytes { bytes in
                for position in 0..<cells {
                    let offset = start + position * size
                    elements[position] =
                        size == 4
                        ? bytes.loadUnaligned(fromByteOffset: offset, as: Float.self)
                        : Float(bytes.loadUnaligned(fromByteOffset: offset, as: Double.self))
                }
            }
        }
    }
}
