import Dispatch
import Foundation

/// Work on several threads whose result does not depend on how many there are.
package enum Parallel {
    /// As many threads as the machine has processors for.
    package static let processors = ProcessInfo.processInfo.activeProcessorCount

    /// Calls `body` once for each part; parts must not write the same memory.
    ///
    /// The parts are the caller's and do not depend on `workers`: each value is computed by one part, in one order.
    static func forEach(parts: Int, workers: Int, _ body: @Sendable (_ part: Int) -> Void) {
        let workers = max(1, min(workers, parts))
        guard workers > 1 else {
            for part in 0..<parts { body(part) }
            return
        }
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
            for part in stride(from: worker, to: parts, by: workers) { body(part) }
        }
    }

    /// The results of `body` by part.
    static func map<Result: Sendable>(_ parts: Int, _ body: @Sendable (Int) -> Result) -> [Result] {
        [Result](unsafeUninitializedCapacity: parts) { target, count in
            // Every part initialises its own place, and `forEach` returns after the last of them.
            let places = SharedBuffer(target)
            forEach(parts: parts, workers: processors) { part in
                (places.elements.baseAddress! + part).initialize(to: body(part))
            }
            count = parts
        }
    }

    /// Cuts 0..<count into at most `parts` ranges of nearly equal cost, where `starts` are running sums of the cost.
    static func ranges(ofEqualCost starts: [Int], parts: Int) -> [Range<Int>] {
        let count = starts.count - 1
        let total = starts[count]
        var ranges: [Range<Int>] = []
        var first = 0
        for part in 1...parts where first < count {
            let target = total * part / parts
            var low = first
            var high = count
            while low < high {
                let middle = (low + high) / 2
                if starts[middle] < target { low = middle + 1 } else { high = middle }
            }
            let end = part == parts ? count : max(low, first)
            if end > first { ranges.append(first..<end) }
            first = end
        }
        return ranges
    }
}

/// A buffer that several threads may use at once.
///
/// Unchecked: whoever makes one sees to it that no two threads write the same element.
struct SharedBuffer<Element>: @unchecked Sendable {
    let elements: UnsafeMutableBufferPointer<Element>

    init(_ elements: UnsafeMutableBufferPointer<Element>) { self.elements = elements }
}
