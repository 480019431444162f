import Foundation
import ModelBundle
import Training

/// How uneven the ratings are, and how much of the catalogue is shown.
struct CurvesSection {
    let bundle: ModelBundle
    /// Rating counts by item row.
    let counts: [Int]

    var markup: String {
        Markup.section("Popularity and coverage", popularity + coverage)
    }

    private var popularity: String {
        let sorted = counts.sorted(by: >)
        let total = Double(sorted.reduce(0, +))
        guard total > 0 else { return "<p>There are no ratings.</p>" }
        var sum = 0.0
        let cumulative = sorted.map { count in
            sum += Double(count) / total
            return sum
        }
        // At most 200 points: more cannot be seen.
        let steps = min(200, sorted.count)
        let points =
            [(x: 0.0, y: 0.0)]
            + (1...steps).map { step in
                let index = step * sorted.count / steps
                return (x: Double(index) / Double(sorted.count), y: cumulative[index - 1])
            }
        let fifth = cumulative[max(sorted.count / 5, 1) - 1]
        let chart = LineChart(
            label: "Share of the ratings that the most rated movies have", xTitle: "most rated movies, share of all",
            points: points, xRange: 0...1, yRange: 0...1, xTicks: CurvesSection.shares, yTicks: CurvesSection.shares,
            reference: [(0, 0), (1, 1)])
        return "<figure>\(chart.svg)<figcaption>Popularity: the most rated fifth of the movies has "
            + "\(Markup.percent(fifth)) of the ratings. The straight line would be even.</figcaption></figure>"
    }

    private var coverage: String {
        let curve = CoverageCurve(bundle)
        guard curve.users > 0 else { return "<p>No user has a vector: nobody is shown anything.</p>" }
        let most = max(curve.shares.last!, 0.01)
        let top = (most * 10).rounded(.up) / 10
        let points = curve.shares.enumerated().map { (x: Double($0.offset + 1), y: $0.element) }
        let chart = LineChart(
            label: "Share of the catalogue in any user's list, by length of list", xTitle: "length of the lists",
            points: points, xRange: 1...Double(curve.shares.count), yRange: 0...top,
            xTicks: [(1, "1"), (10, "10"), (25, "25"), (50, "50"), (100, "100")],
            yTicks: (0...2).map { (top * Double($0) / 2, Markup.percent(top * Double($0) / 2)) })
        let whole = bundle.users.count - bundle.coldUsers.count
        let users = curve.users == whole ? "all \(Markup.count(whole)) users" : "\(Markup.count(curve.users)) users"
        return "<figure>\(chart.svg)<figcaption>Coverage: \(Markup.percent(curve.shares[9])) of the catalogue is in "
            + "somebody’s first ten, \(Markup.percent(curve.shares.last!)) in somebody’s first hundred (\(users), "
            + "what they have seen left out).</figcaption></figure>"
    }

    private static let shares: [(value: Double, text: String)] = [
        (0, "0"), (0.2, "20 %"), (0.5, "50 %"), (0.8, "80 %"), (1, "100 %"),
    ]
}
