/// A column in which few values repeat many times: each is kept once, and a row takes four bytes.
struct Interned<Value: Hashable & Sendable>: Sendable, Equatable {
    /// In the order in which they came first.
    private(set) var values: [Value] = []
    /// By row: where in `values` it is.
    private(set) var places: [Int32] = []
    private var known: [Value: Int32] = [:]

    mutating func reserveCapacity(_ count: Int) { places.reserveCapacity(count) }

    mutating func append(_ value: Value) {
        if let place = known[value] {
            places.append(place)
        } else {
            let place = Int32(values.count)
            known[value] = place
            places.append(place)
            values.append(value)
        }
    }

    subscript(row: Int) -> Value { values[Int(places[row])] }
}
