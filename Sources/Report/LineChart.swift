import Foundation

/// One curve in a frame, 360 units wide: at the width of a telephone its text has the size of the page's.
struct LineChart {
    let label: String
    let xTitle: String
    /// Ascending in x, at least one.
    let points: [(x: Double, y: Double)]
    let xRange: ClosedRange<Double>
    let yRange: ClosedRange<Double>
    let xTicks: [(value: Double, text: String)]
    let yTicks: [(value: Double, text: String)]
    /// A second, fainter line, such as what would be even.
    var reference: [(x: Double, y: Double)] = []
    var isFilled = true

    private static let width = 360.0
    private static let height = 200.0
    private static let left = 44.0
    private static let right = 10.0
    private static let top = 10.0
    private static let bottom = 36.0

    var svg: String {
        let size = "0 0 \(Int(LineChart.width)) \(Int(LineChart.height))"
        var parts = ["<svg viewBox=\"\(size)\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"]
        let floor = y(yRange.lowerBound)
        for tick in yTicks {
            let height = text(y(tick.value))
            parts.append(
                "<line class=\"grid\" x1=\"\(text(LineChart.left))\" x2=\"\(text(LineChart.width - LineChart.right))\" "
                    + "y1=\"\(height)\" y2=\"\(height)\"/>"
                    + "<text x=\"\(text(LineChart.left - 5))\" y=\"\(text(y(tick.value) + 3.5))\" class=\"end\">"
                    + "\(Markup.escape(tick.text))</text>")
        }
        for tick in xTicks {
            parts.append(
                "<text x=\"\(text(x(tick.value)))\" y=\"\(text(floor + 14))\" class=\"middle\">"
                    + "\(Markup.escape(tick.text))</text>")
        }
        parts.append(
            "<text x=\"\(text((LineChart.left + LineChart.width - LineChart.right) / 2))\" "
                + "y=\"\(text(LineChart.height - 4))\" class=\"middle\">\(Markup.escape(xTitle))</text>")
        if isFilled, let first = points.first, let last = points.last {
            let area = "\(text(x(first.x))),\(text(floor)) \(path(points)) \(text(x(last.x))),\(text(floor))"
            parts.append("<polygon class=\"area\" points=\"\(area)\"/>")
        }
        if !reference.isEmpty { parts.append("<polyline class=\"reference\" points=\"\(path(reference))\"/>") }
        parts.append("<polyline class=\"line\" points=\"\(path(points))\"/></svg>")
        return parts.joined(separator: "\n")
    }

    private func path(_ points: [(x: Double, y: Double)]) -> String {
        points.map { "\(text(x($0.x))),\(text(y($0.y)))" }.joined(separator: " ")
    }

    private func x(_ value: Double) -> Double {
        let share = (value - xRange.lowerBound) / (xRange.upperBound - xRange.lowerBound)
        return LineChart.left + share * (LineChart.width - LineChart.left - LineChart.right)
    }

    private func y(_ value: Double) -> Double {
        let share = (value - yRange.lowerBound) / (yRange.upperBound - yRange.lowerBound)
        return LineChart.height - LineChart.bottom - share * (LineChart.height - LineChart.top - LineChart.bottom)
    }

    private func text(_ value: Double) -> String { Markup.number(value) }
}
