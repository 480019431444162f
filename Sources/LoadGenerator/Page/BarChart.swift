/// Values side by side with their intervals, as SVG.
struct BarChart {
    struct Bar {
        let name: String
        let value: Double
        let interval: Interval?
    }

    let label: String
    let bars: [Bar]

    private static let width = 640.0
    private static let row = 34.0
    private static let valueWidth = 70.0

    var figure: String {
        let height = Double(bars.count) * Self.row + 4
        let most = bars.map { max($0.value, $0.interval?.high ?? 0) }.max() ?? 1
        let room = (Self.width - Self.valueWidth) / max(most, 1e-9)
        let parts = bars.enumerated().map { index, bar in
            let top = Double(index) * Self.row
            let middle = Text.number(top + 24, 1)
            var text =
                "<text x=\"0\" y=\"\(Text.number(top + 12, 1))\" class=\"start\">\(Markup.escape(bar.name))</text>"
            text +=
                "<rect class=\"b\(index % Chart.colours)\" x=\"0\" y=\"\(Text.number(top + 17, 1))\" "
                + "width=\"\(Text.number(bar.value * room, 1))\" height=\"14\"/>"
            if let interval = bar.interval {
                text +=
                    "<line class=\"whisker\" x1=\"\(Text.number(interval.low * room, 1))\" "
                    + "x2=\"\(Text.number(interval.high * room, 1))\" y1=\"\(middle)\" y2=\"\(middle)\"/>"
            }
            let end = max(bar.value, bar.interval?.high ?? 0) * room + 6
            return text
                + "<text x=\"\(Text.number(end, 1))\" y=\"\(Text.number(top + 28, 1))\" class=\"start\">\(Text.short(bar.value))</text>"
        }
        return """
            <figure><figcaption>\(Markup.escape(label))</figcaption>
            <svg viewBox="0 0 \(Int(Self.width)) \(Int(height))" role="img" aria-label="\(Markup.escape(label))">
            \(parts.joined(separator: "\n"))
            </svg></figure>
            """
    }
}
