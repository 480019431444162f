import Foundation
import Kernels

/// Answers on standard output, one JSON object per line, to one word per line on standard input: each line is one
/// round of one measurement, so that whoever asks can take turns with another library.
///
///     kernel-benchmark ROWS.f32 QUERIES.f32 COLUMNS
let arguments = CommandLine.arguments
guard arguments.count == 4, let columns = Int(arguments[3]), columns > 0 else {
    FileHandle.standardError.write(Data("usage: kernel-benchmark ROWS.f32 QUERIES.f32 COLUMNS\n".utf8))
    exit(64)
}

let bench = KernelBenchmark(
    rows: try FloatMatrix(file: arguments[1], columns: columns),
    queries: try FloatMatrix(file: arguments[2], columns: columns))
while let line = readLine() {
    guard let measurement = KernelBenchmark.Measurement(rawValue: line) else {
        let known = KernelBenchmark.Measurement.allCases.map(\.rawValue).joined(separator: ", ")
        FileHandle.standardError.write(Data("error: \(line) is none of \(known)\n".utf8))
        exit(64)
    }
    let result = try JSONEncoder().encode(bench.run(measurement))
    FileHandle.standardOutput.write(result + Data("\n".utf8))
}
