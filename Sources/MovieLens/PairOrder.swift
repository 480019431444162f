/// The order of entries by (user, item), as positions.
package enum PairOrder {
    /// Two stable counting sorts. O(entries + users + items).
    package static func make(
        users: [Int32], among userCount: Int, items: [Int32], among itemCount: Int
    ) -> [Int32] {
        let byItem = sorted((0..<Int32(users.count)).map { $0 }, by: items, among: itemCount)
        return sorted(byItem, by: users, among: userCount)
    }

    private static func sorted(_ positions: [Int32], by keys: [Int32], among count: Int) -> [Int32] {
        var next = [Int](repeating: 0, count: count + 1)
        for key in keys { next[Int(key) + 1] += 1 }
        for key in 0..<count { next[key + 1] += next[key] }
        var result = [Int32](repeating: 0, count: positions.count)
        result.withUnsafeMutableBufferPointer { result in
            for position in positions {
                let key = Int(keys[Int(position)])
                result[next[key]] = position
                next[key] += 1
            }
        }
        return result
    }
}
