/// The `capacity` nearest of the rows offered so far, as a max-heap with the farthest at the root.
///
/// An element is one integer: the bits of its squared distance, then its row. Bits of non-negative floats order as
/// the floats do, so one comparison settles (distance, row), and a NaN sorts after infinity, as in PostgreSQL.
struct NearestHeap {
    private var keys: [UInt64] = []
    private let capacity: Int

    init(capacity: Int) {
        self.capacity = capacity
        keys.reserveCapacity(capacity)
    }

    var isFull: Bool { keys.count == capacity }

    /// Square that a row must come below (or equal with a smaller row) once the heap is full.
    var farthest: Float { keys.isEmpty ? .infinity : Self.square(keys[0]) }

    /// Limit for `Kernels.select`: what it does not select cannot enter when rows ascend. While there is room all can.
    var limit: Float { isFull ? farthest : .nan }

    /// Offers those of the `selected` places whose row `isAllowed`, asked only for a row that could still enter.
    ///
    /// - Parameters:
    ///   - squares: squared distances; `row` gives the row of a place in them. Rows ascend from call to call.
    mutating func offer(
        _ selected: UnsafeBufferPointer<Int32>, of squares: UnsafeBufferPointer<Float>, row: (Int32) -> Int32,
        where isAllowed: (Int32) throws -> Bool
    ) rethrows {
        for place in selected {
            let square = squares[Int(place)]
            // Rows ascend, so one as far as the farthest kept loses the tie.
            if isFull, square >= farthest { continue }
            let row = row(place)
            guard try isAllowed(row) else { continue }
            offer(row: row, square: square)
        }
    }

    /// O(log capacity).
    mutating func offer(row: Int32, square: Float) {
        let key = Self.key(row: row, square: square)
        if keys.count < capacity {
            keys.append(key)
            siftUp(from: keys.count - 1)
        } else if capacity > 0, key < keys[0] {
            keys[0] = key
            siftDown()
        }
    }

    /// Nearest first.
    consuming func sorted() -> [Neighbor] {
        keys.sort()
        return keys.map(Self.neighbor)
    }

    private static func key(row: Int32, square: Float) -> UInt64 {
        // One NaN stands for all: the sign and payload of a computed NaN mean nothing.
        let bits = square.isNaN ? Float.nan.bitPattern : square.bitPattern
        return UInt64(bits) << 32 | UInt64(UInt32(row))
    }

    private static func neighbor(_ key: UInt64) -> Neighbor {
        Neighbor(row: Int32(truncatingIfNeeded: key), squaredDistance: square(key))
    }

    private static func square(_ key: UInt64) -> Float { Float(bitPattern: UInt32(key >> 32)) }

    private mutating func siftUp(from start: Int) {
        var child = start
        while child > 0 {
            let parent = (child - 1) / 2
            guard keys[parent] < keys[child] else { return }
            keys.swapAt(parent, child)
            child = parent
        }
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < keys.count else { return }
            if child + 1 < keys.count, keys[child] < keys[child + 1] { child += 1 }
            guard keys[parent] < keys[child] else { return }
            keys.swapAt(parent, child)
            parent = child
        }
    }
}
