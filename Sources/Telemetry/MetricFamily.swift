/// All series of one name.
struct MetricFamily: Sendable {
    private struct Series {
        let labels: String
        let metric: Metric
    }

    private let name: String
    private let type: MetricType
    private let labelNames: [String]
    private let header: String
    private var series: [Series] = []

    init(name: String, help: String, type: MetricType, labelNames: [String]) {
        precondition(Self.isName(name, colon: true), "'\(name)' is not a name of a metric")
        for label in labelNames {
            let isReserved = label.hasPrefix("__") || (type == .histogram && label == "le")
            precondition(Self.isName(label, colon: false) && !isReserved, "'\(label)' is not a name of a label")
        }
        self.name = name
        self.type = type
        self.labelNames = labelNames
        let escaped = help.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        header = "# HELP \(name) \(escaped)\n# TYPE \(name) \(type.rawValue)\n"
    }

    func check(type: MetricType, labelNames: [String]) {
        precondition(type == self.type, "\(name) is a \(self.type.rawValue), not a \(type.rawValue)")
        precondition(labelNames == self.labelNames, "\(name) has the labels \(self.labelNames), not \(labelNames)")
    }

    /// The metric with these labels, made when there is none. O(series).
    mutating func metric(_ labels: String, make: () -> Metric) -> Metric {
        if let found = series.first(where: { $0.labels == labels }) { return found.metric }
        let metric = make()
        series.append(Series(labels: labels, metric: metric))
        return metric
    }

    mutating func remove(_ labels: String) {
        series.removeAll { $0.labels == labels }
    }

    func render(into text: inout ExpositionText) {
        guard !series.isEmpty else { return }
        text.append(header)
        for one in series {
            switch one.metric {
            case .counter(let counter): text.sample(name, one.labels, "\(counter.value)")
            case .gauge(let gauge): text.sample(name, one.labels, ExpositionText.number(gauge.value))
            case .reading(let read): text.sample(name, one.labels, ExpositionText.number(read()))
            case .histogram(let histogram): text.histogram(name, one.labels, histogram)
            }
        }
    }

    /// A letter or underscore (in a metric's name a colon too), then these and digits.
    private static func isName(_ name: String, colon: Bool) -> Bool {
        guard let first = name.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
        return name.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "_": true
            case ":": colon
            default: false
            }
        }
    }
}
