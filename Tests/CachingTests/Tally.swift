import Synchronization

/// A count that many tasks raise.
final class Tally: Sendable {
    private let number = Atomic<Int>(0)

    var value: Int { number.load(ordering: .relaxed) }

    func raise() { number.add(1, ordering: .relaxed) }
}
