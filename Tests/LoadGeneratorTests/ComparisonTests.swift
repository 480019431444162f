import LoadGenerator
import Testing

@Suite struct ComparisonTests {
    @Test("the gate says whether the whole interval is on one side of the bound")
    func gate() {
        func gate(_ low: Double, _ median: Double, _ high: Double) -> Comparison.Gate {
            Comparison.gate(
                .init(median: median, interval: Interval(low: low, high: high, confidence: 0.95)), bound: 1.1)
        }
        #expect(gate(0.9, 1, 1.1) == .held)
        #expect(gate(1, 1.05, 1.2) == .probablyHeld)
        #expect(gate(1, 1.15, 1.2) == .probablyBroken)
        #expect(gate(1.11, 1.15, 1.2) == .broken)
        #expect([Comparison.Gate.held, .probablyHeld].allSatisfy { $0.passes })
        #expect(![Comparison.Gate.broken, .probablyBroken].contains { $0.passes })
        #expect(Comparison.gate(.init(median: 1.2, interval: nil), bound: 1.1) == .broken)
    }
}
