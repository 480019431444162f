import Foundation

extension RatingMatrix {
    /// countᵉ, with counts of at least 1.
    func powers(_ counts: [Int], _ exponent: Double) -> [Double] {
        counts.map { pow(Double(max($0, 1)), exponent) }
    }
}

func logOfOnePlus(_ value: Double) -> Double { log(1 + value) }

func power(_ base: Double, _ exponent: Double) -> Double { pow(base, exponent) }
