import Synchronization

/// A number that only rises; raising it is one relaxed atomic addition.
package final class Counter: Sendable {
    private let number = Atomic<UInt64>(0)

    init() {}

    package func increment(by amount: UInt64 = 1) {
        number.wrappingAdd(amount, ordering: .relaxed)
    }

    package var value: UInt64 { number.load(ordering: .relaxed) }
}
