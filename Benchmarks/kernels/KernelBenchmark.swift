import Foundation
import Kernels

/// One thread's scans over one matrix, and what its memory can do.
struct KernelBenchmark {
    enum Measurement: String, CaseIterable {
        /// Bytes copied per second from one half of a buffer to the other: read and written bytes together.
        case copy
        /// Bytes read per second by the cheapest reading there is: one addition per four floats.
        case read
        case floatSingle = "float-single"
        case floatBatch = "float-batch"
        case int8Single = "int8-single"
        case int8Batch = "int8-batch"
    }

    struct Result: Encodable {
        let kernels = Kernels.active.name
        /// Of one query, or of one copy or reading of the whole matrix.
        let seconds: Double
        /// What the measurement read and wrote in that time.
        let bytes: Int
        /// The nearest rows of the first query, nearest first.
        var rows: [Int32] = []
    }

    let rows: FloatMatrix
    let queries: FloatMatrix
    let quantized: QuantizedMatrix
    static let count = 10

    init(rows: FloatMatrix, queries: FloatMatrix) {
        self.rows = rows
        self.queries = queries
        quantized = QuantizedMatrix(rows)
    }

    func run(_ measurement: Measurement) -> Result {
        switch measurement {
        case .copy: copy()
        case .read: read()
        case .floatSingle:
            single(rows.bytes) { ExactScan.nearest(to: $0, in: rows, count: Self.count) }
        case .int8Single:
            single(quantized.bytesOfCodes) { ExactScan.nearest(to: $0, in: quantized, count: Self.count) }
        case .floatBatch:
            batch(rows.bytes) { ExactScan.nearest(toEach: queries, in: rows, count: Self.count) { _, _ in true } }
        case .int8Batch:
            batch(quantized.bytesOfCodes) {
                ExactScan.nearest(toEach: queries, in: quantized, count: Self.count) { _, _ in true }
            }
        }
    }

    private func single(_ bytes: Int, _ nearest: (UnsafeBufferPointer<Float>) -> [Neighbor]) -> Result {
        // Enough queries for some milliseconds, or all of them.
        let asked = min(queries.rows, max(4, 400_000 / max(rows.rows, 1)))
        var found: [Neighbor] = []
        let seconds = seconds {
            for index in (0..<asked).reversed() { found = queries[index].withUnsafeBufferPointer(nearest) }
        }
        return Result(seconds: seconds / Double(asked), bytes: bytes, rows: found.map(\.row))
    }

    private func batch(_ bytes: Int, _ nearest: () -> [[Neighbor]]) -> Result {
        var found: [[Neighbor]] = []
        let seconds = seconds { found = nearest() }
        return Result(
            seconds: seconds / Double(queries.rows), bytes: bytes / queries.rows, rows: found[0].map(\.row))
    }

    private func copy() -> Result {
        let half = rows.bytes / 2
        return rows.withUnsafeBufferPointer { source in
            withUnsafeTemporaryAllocation(byteCount: half, alignment: 64) { target in
                memset(target.baseAddress!, 1, half)
                let repetitions = max(1, 20_000_000 / half)
                let seconds = seconds {
                    for _ in 0..<repetitions { memcpy(target.baseAddress!, source.baseAddress!, half) }
                }
                return Result(seconds: seconds / Double(repetitions), bytes: 2 * half)
            }
        }
    }

    private func read() -> Result {
        let repetitions = max(1, 20_000_000 / rows.bytes)
        let bytesOfStep = 4 * MemoryLayout<SIMD4<Float>>.stride
        return rows.withUnsafeBufferPointer { values in
            let quarters = UnsafeRawPointer(values.baseAddress!).assumingMemoryBound(to: SIMD4<Float>.self)
            let steps = rows.bytes / bytesOfStep
            // Four chains of additions: one alone would wait for itself, not for memory.
            var sums: (SIMD4<Float>, SIMD4<Float>, SIMD4<Float>, SIMD4<Float>) = (.zero, .zero, .zero, .zero)
            let seconds = seconds {
                for _ in 0..<repetitions {
                    for step in 0..<steps {
                        sums.0 += quarters[4 * step]
                        sums.1 += quarters[4 * step + 1]
                        sums.2 += quarters[4 * step + 2]
                        sums.3 += quarters[4 * step + 3]
                    }
                }
            }
            // Looked at, so that no compiler may leave the sums out.
            precondition(!(sums.0 + sums.1 + sums.2 + sums.3).sum().isInfinite)
            return Result(seconds: seconds / Double(repetitions), bytes: steps * bytesOfStep)
        }
    }

    private func seconds(_ body: () -> Void) -> Double {
        let start = ContinuousClock.now
        body()
        return (ContinuousClock.now - start) / .seconds(1)
    }
}
