package import Foundation
package import Kernels
import MovieLens

/// Vectors that another program has learned, with the ids they belong to.
package struct OutsideVectors: Sendable {
    /// Ascending; row i of `vectors` is `ids[i]`.
    package let ids: [Int32]
    /// The ids as they were written, where they are not numbers from 1 to 2³¹ − 1.
    package let texts: [String?]
    /// Rows × dimensions; finite.
    package let vectors: FloatMatrix
    package var dimensions: Int { vectors.columns }
    /// For messages.
    package let name: String

    /// Reads `.npy` or a CSV of id and values.
    ///
    /// - Parameter ids: for `.npy`, a text file with one id a line; without it the rows are 1, 2, …
    /// - Throws: `MovieLensError`, which names the file and the line.
    package static func read(_ file: URL, ids: URL?) throws -> OutsideVectors {
        if file.pathExtension.lowercased() == "npy" {
            let vectors = try NPYFile.matrix(file)
            var table = IDTable()
            if let ids { try readIDs(ids, into: &table) }
            guard ids == nil || table.count == vectors.rows else {
                throw MovieLensError(
                    .malformed, file: ids!.lastPathComponent,
                    reason: "\(table.count) ids for the \(vectors.rows) rows of \(file.lastPathComponent)")
            }
            guard vectors.rows <= Int(Int32.max) else {
                throw MovieLensError(.malformed, file: file.lastPathComponent, reason: "there are too many rows")
            }
            let resolved =
                ids == nil
                ? (ids: (0..<vectors.rows).map { Int32($0 + 1) }, texts: [String?](repeating: nil, count: vectors.rows))
                : table.resolved()
            return try OutsideVectors(resolved.ids, resolved.texts, vectors, name: file.lastPathComponent)
        }
        guard ids == nil else {
            throw MovieLensError(
                .malformed, file: file.lastPathComponent, reason: "the ids of a CSV are its first column")
        }
        return try readCSV(file)
    }

    private init(_ ids: [Int32], _ texts: [String?], _ vectors: FloatMatrix, name: String) throws {
        guard vectors.rows > 0, vectors.columns > 0 else {
            throw MovieLensError(.empty, file: name, reason: "there are no vectors")
        }
        let order = ids.indices.sorted { ids[$0] < ids[$1] }
        let columns = vectors.columns
        var sorted: [Float] = []
        sorted.reserveCapacity(vectors.rows * columns)
        for row in order {
            guard vectors[row].allSatisfy(\.isFinite) else {
                throw MovieLensError(
                    .malformed, file: name,
                    reason: "the vector of id '\(texts[row] ?? String(ids[row]))' has a value that is not finite")
            }
            sorted.append(contentsOf: vectors[row])
        }
        self.ids = order.map { ids[$0] }
        self.texts = order.map { texts[$0] }
        self.vectors = FloatMatrix(rows: vectors.rows, columns: columns, values: sorted)
        self.name = name
    }

    private static func readIDs(_ file: URL, into table: inout IDTable) throws {
        let stream = try LineStream(file)
        try stream.forEachLine { number in
            throw MovieLensError(.malformed, file: stream.name, line: number, reason: "the line is blank")
        } _: { number, line in
            guard Int(table.number(of: line)) == table.count - 1, table.count == number else {
                throw MovieLensError(
                    .duplicate, file: stream.name, line: number,
                    reason: "id '\(String(decoding: line, as: UTF8.self))' appears twice")
            }
        }
    }

    private static func readCSV(_ file: URL) throws -> OutsideVectors {
        let stream = try LineStream(file)
        var fields = TextFields(.byte(UInt8(ascii: ",")))
        var table = IDTable()
        var values: [Float] = []
        var columns: Int?
        func bad(_ line: Int, _ reason: String, _ code: MovieLensError.Code = .malformed) -> MovieLensError {
            MovieLensError(code, file: stream.name, line: line, reason: reason)
        }
        try stream.forEachLine { number in
            throw bad(number, "the line is blank")
        } _: { number, line in
            if let defect = fields.split(line) { throw bad(number, defect) }
            guard fields.count >= 2 else { throw bad(number, "one column where an id and values are expected") }
            // A header names the values; a vector's first value is a number.
            if number == 1, fields[1].first.map({ ($0 | 0x20) >= 97 && ($0 | 0x20) <= 122 }) == true,
                !isNaN(fields[1])
            {
                return
            }
            let expected = columns ?? fields.count
            columns = expected
            guard fields.count == expected else {
                throw bad(number, "\(fields.count - 1) values where \(expected - 1) are expected")
            }
            guard !fields[0].isEmpty else { throw bad(number, "the id is empty") }
            let known = table.count
            guard Int(table.number(of: fields[0])) == known else {
                throw bad(number, "id '\(fields.text(0))' appears twice", .duplicate)
            }
            for column in 1..<expected {
                guard let value = TextNumber.decimal(fields[column]), Float(value).isFinite else {
                    throw bad(number, "value \(column), '\(fields.text(column))', is not a finite number")
                }
                values.append(Float(value))
            }
        }
        guard let columns else { throw MovieLensError(.empty, file: stream.name, reason: "there are no vectors") }
        let resolved = table.resolved()
        return try OutsideVectors(
            resolved.ids, resolved.texts, FloatMatrix(rows: table.count, columns: columns - 1, values: values),
            name: stream.name)
    }

    private static func isNaN(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        ["nan", "inf", "infinity"].contains(String(decoding: bytes, as: UTF8.self).lowercased())
    }
}
