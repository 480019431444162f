import Foundation

/// One direction of a chart: which values lie where, and what is written beside them.
struct Axis {
    enum Scale {
        case linear
        case logarithmic
    }

    let title: String
    let scale: Scale
    let range: ClosedRange<Double>
    let ticks: [(value: Double, text: String)]

    /// Wide enough for the values, to round numbers.
    init(_ title: String, _ scale: Scale, over values: [Double]) {
        self.title = title
        self.scale = scale
        let low = values.min() ?? 1
        let high = values.max() ?? 1
        switch scale {
        case .linear:
            let step = Self.step(max(high, 1e-9) / 5)
            let top = max((high / step).rounded(.up), 1)
            range = 0...(top * step)
            ticks = (0...Int(top)).map { (Double($0) * step, Self.plain(Double($0) * step)) }
        case .logarithmic:
            // A whole decade and the marks 1, 2, 5 in each, as far as the values reach.
            let floor = pow(10, log10(max(low, 1e-3)).rounded(.down))
            let marks = (0...8).flatMap { decade in [1, 2, 5].map { $0 * floor * pow(10, Double(decade)) } }
            let first = marks.last { $0 <= max(low, 1e-3) } ?? floor
            let last = marks.first { $0 >= high && $0 > first } ?? high
            let inside = marks.filter { (first...last).contains($0) }
            range = first...last
            ticks = inside.filter { inside.count <= 8 || "\($0)".contains("1") }.map { ($0, Self.plain($0)) }
        }
    }

    init(_ title: String, range: ClosedRange<Double>, ticks: [(value: Double, text: String)]) {
        self.title = title
        scale = .linear
        self.range = range
        self.ticks = ticks
    }

    /// 0 at the lower end, 1 at the upper.
    func share(_ value: Double) -> Double {
        func place(_ value: Double) -> Double { scale == .linear ? value : log10(max(value, 1e-9)) }
        let (low, high) = (place(range.lowerBound), place(range.upperBound))
        return min(max((place(value) - low) / (high - low), 0), 1)
    }

    private static func step(_ rough: Double) -> Double {
        let decade = pow(10, log10(rough).rounded(.down))
        return ([1, 2, 5].first { $0 * decade >= rough } ?? 10) * decade
    }

    /// 0.05, 1, 200: without zeros that say nothing.
    private static func plain(_ value: Double) -> String {
        value >= 10_000 ? Text.short(value) : String(format: "%g", value)
    }
}
