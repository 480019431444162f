/// Curves or points in one frame, as SVG; colours come from the page's style.
struct Chart {
    struct Series {
        let name: String
        let points: [(x: Double, y: Double)]
    }

    let label: String
    let x: Axis
    let y: Axis
    let series: [Series]
    /// Moments worth a line from top to bottom.
    var marks: [(x: Double, text: String)] = []

    private static let width = 640.0
    private static let height = 300.0
    private static let left = 52.0
    private static let right = 14.0
    private static let top = 22.0
    private static let bottom = 40.0
    /// As many as the style has.
    static let colours = 8

    /// The drawing and, where there are several series, the legend below it.
    var figure: String {
        let legend =
            series.count < 2
            ? ""
            : "<ul class=\"legend\">"
                + series.enumerated().map {
                    "<li><i class=\"b\($0 % Self.colours)\"></i>\(Markup.escape($1.name))</li>"
                }
                .joined() + "</ul>"
        return "<figure><figcaption>\(Markup.escape(label))</figcaption>\n\(svg)\n\(legend)</figure>"
    }

    private var svg: String {
        var parts = [
            "<svg viewBox=\"0 0 \(Int(Self.width)) \(Int(Self.height))\" role=\"img\" aria-label=\"\(Markup.escape(label))\">"
        ]
        parts += grid + marks.enumerated().map { mark(at: $1.x, $1.text, row: $0) }
        for (index, one) in series.enumerated() {
            let colour = index % Self.colours
            if one.points.count > 1 {
                let path = one.points.map { "\(number(horizontal($0.x))),\(number(vertical($0.y)))" }
                parts.append("<polyline class=\"c\(colour)\" points=\"\(path.joined(separator: " "))\"/>")
            }
            if one.points.count <= 40 { parts += one.points.map { dot($0, colour) } }
        }
        return (parts + ["</svg>"]).joined(separator: "\n")
    }

    private var grid: [String] {
        let (leftEnd, rightEnd) = (number(Self.left), number(Self.width - Self.right))
        let floor = Self.height - Self.bottom
        return y.ticks.map { tick in
            let height = vertical(tick.value)
            return
                "<line class=\"grid\" x1=\"\(leftEnd)\" x2=\"\(rightEnd)\" y1=\"\(number(height))\" y2=\"\(number(height))\"/>"
                + "<text x=\"\(number(Self.left - 6))\" y=\"\(number(height + 4))\" class=\"end\">\(tick.text)</text>"
        }
            + x.ticks.map { tick in
                "<text x=\"\(number(horizontal(tick.value)))\" y=\"\(number(floor + 16))\" class=\"middle\">\(tick.text)</text>"
            }
            + [
                "<text x=\"\(number((Self.left + Self.width - Self.right) / 2))\" y=\"\(number(Self.height - 5))\" "
                    + "class=\"middle\">\(Markup.escape(x.title))</text>",
                "<text x=\"4\" y=\"12\" class=\"start\">\(Markup.escape(y.title))</text>",
            ]
    }

    /// Every other text one line lower, so that neighbours can both be read.
    private func mark(at value: Double, _ text: String, row: Int) -> String {
        let place = number(horizontal(value))
        let isRight = x.share(value) > 0.7
        return
            "<line class=\"mark\" x1=\"\(place)\" x2=\"\(place)\" y1=\"\(number(Self.top))\" y2=\"\(number(Self.height - Self.bottom))\"/>"
            + "<text x=\"\(number(horizontal(value) + (isRight ? -4 : 4)))\" y=\"\(number(Self.top + 10 + Double(row % 2) * 13))\" "
            + "class=\"\(isRight ? "end" : "start")\">\(Markup.escape(text))</text>"
    }

    private func dot(_ point: (x: Double, y: Double), _ colour: Int) -> String {
        "<circle class=\"b\(colour)\" cx=\"\(number(horizontal(point.x)))\" cy=\"\(number(vertical(point.y)))\" r=\"3\"/>"
    }

    private func horizontal(_ value: Double) -> Double {
        Self.left + x.share(value) * (Self.width - Self.left - Self.right)
    }

    private func vertical(_ value: Double) -> Double {
        Self.height - Self.bottom - y.share(value) * (Self.height - Self.top - Self.bottom)
    }

    private func number(_ value: Double) -> String { Text.number(value, 1) }
}
