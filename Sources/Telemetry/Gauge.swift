import Synchronization

/// A number that rises and falls.
package final class Gauge: Sendable {
    /// The number's bits: there is no atomic floating-point number.
    private let bits = Atomic<UInt64>(Double(0).bitPattern)

    init() {}

    package func set(_ value: Double) {
        bits.store(value.bitPattern, ordering: .relaxed)
    }

    package func add(_ amount: Double) {
        var former = bits.load(ordering: .relaxed)
        while true {
            let sum = Double(bitPattern: former) + amount
            let (exchanged, original) = bits.weakCompareExchange(
                expected: former, desired: sum.bitPattern, ordering: .relaxed)
            if exchanged { return }
            former = original
        }
    }

    package var value: Double { Double(bitPattern: bits.load(ordering: .relaxed)) }
}
