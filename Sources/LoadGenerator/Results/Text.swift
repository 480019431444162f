import Foundation

/// Numbers for people.
enum Text {
    static func number(_ value: Double, _ digits: Int = 2) -> String {
        String(format: "%.\(digits)f", value)
    }

    static func milliseconds(_ value: Double?) -> String {
        value.map { String(format: "%.3f ms", $0) } ?? "–"
    }

    /// As many digits as a figure needs: 12,345, 123.4, 1.23.
    static func short(_ value: Double) -> String {
        switch abs(value) {
        case 10_000...: grouped(Int(value.rounded()))
        case 100...: number(value, 0)
        case 10...: number(value, 1)
        default: number(value, 2)
        }
    }

    private static func grouped(_ value: Int) -> String {
        let digits = String(value)
        var result = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, digit != "-", (digits.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        return result
    }

    static func interval(_ interval: Interval?, _ digits: Int = 3) -> String {
        guard let interval else { return "no interval (one round)" }
        let confidence = number(interval.confidence * 100, interval.confidence > 0.99 ? 1 : 0)
        return "\(number(interval.low, digits))…\(number(interval.high, digits)) (\(confidence) %)"
    }

    /// Columns as wide as their widest cell; the first to the left, the others to the right.
    static func table(_ rows: [[String]]) -> String {
        let widths = (0..<(rows.first?.count ?? 0)).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            row.enumerated().map { column, cell in
                let space = String(repeating: " ", count: widths[column] - cell.count)
                return column == 0 ? cell + space : space + cell
            }.joined(separator: "  ")
        }.joined(separator: "\n")
    }
}
