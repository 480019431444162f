import Kernels
import ModelBundle
import Training

/// The movies on a plane, near each other where people like them together.
struct MapSection {
    let bundle: ModelBundle
    let counts: [Int]

    /// More points than this cannot be told apart.
    private static let most = 3_000
    private static let colours = 8
    private static let size = 360.0
    private static let margin = 8.0

    var markup: String {
        get throws {
            let hasVector = bundle.hasSimilarityVector
            let known = bundle.items.indices.filter { hasVector[$0] }
                .sorted { (-counts[$0], $0) < (-counts[$1], $1) }
            // The least rated are drawn first and the famous ones on top of them.
            let rows = Array(known.prefix(MapSection.most).reversed())
            guard !rows.isEmpty, bundle.similarity.columns >= 2 else {
                return Markup.section("Map of the movies", "<p>No movie has a similarity vector.</p>")
            }
            let components = try PrincipalComponents(of: bundle.similarity, rows: rows, count: 2)
            let genres = commonGenres
            let shares = components.shares.map(Markup.percent).joined(separator: " and ")
            let left = known.count > rows.count ? " The \(Markup.count(rows.count)) most rated are shown." : ""
            return Markup.section(
                "Map of the movies",
                """
                <figure>\(svg(rows, components.coordinates, genres))
                <p id="movie" aria-live="polite">Point at a movie, or tap one, for its title.</p>
                \(legend(genres))
                <figcaption>The two main directions of the similarity vectors (\(shares) of their variance): what is \
                far apart is unlike, what is near may still differ in the other directions. Colour: of these genres the \
                movie’s rarest. Size: ratings.\(left)</figcaption></figure>
                """)
        }
    }

    /// The most frequent genres, most frequent first, with how many movies have them.
    private var commonGenres: [(name: String, movies: Int)] {
        var movies: [String: Int] = [:]
        for item in bundle.items {
            for tag in item.tags { movies[tag, default: 0] += 1 }
        }
        return movies.sorted { (-$0.value, $0.key) < (-$1.value, $1.key) }.prefix(MapSection.colours)
            .map { ($0.key, $0.value) }
    }

    private func svg(_ rows: [Int], _ coordinates: Matrix, _ genres: [(name: String, movies: Int)]) -> String {
        let scales = (0..<2).map { axis in
            let values = rows.indices.map { coordinates[$0, axis] }
            let (low, high) = (values.min()!, values.max()!)
            return { (value: Double) in
                let share = high > low ? (value - low) / (high - low) : 0.5
                return MapSection.margin + share * (MapSection.size - 2 * MapSection.margin)
            }
        }
        let colour = Dictionary(uniqueKeysWithValues: genres.enumerated().map { ($0.element.name, $0.offset) })
        let largest = Double(max(counts.max() ?? 1, 1))
        let circles = rows.enumerated().map { index, row in
            let item = bundle.items[row]
            // Later in the list is rarer.
            let group = item.tags.compactMap { colour[$0] }.max().map { "g\($0)" } ?? "none"
            let radius = 1.4 + 3.2 * (Double(counts[row]) / largest).squareRoot()
            let genres = item.tags.isEmpty ? "" : " · " + item.tags.joined(separator: ", ")
            return "<circle class=\"\(group)\" cx=\"\(Markup.number(scales[0](coordinates[index, 0])))\" "
                + "cy=\"\(Markup.number(MapSection.size - scales[1](coordinates[index, 1])))\" "
                + "r=\"\(Markup.number(radius))\"><title>\(Markup.escape(item.title + genres))</title></circle>"
        }
        return "<svg id=\"map\" viewBox=\"0 0 360 360\" role=\"img\" aria-label=\"Map of the movies\">"
            + circles.joined(separator: "\n") + "</svg>"
    }

    private func legend(_ genres: [(name: String, movies: Int)]) -> String {
        let entries = genres.enumerated().map { ("g\($0.offset)", $0.element.name) } + [("none", "other")]
        return "<ul class=\"legend\">"
            + entries.map { "<li><i class=\"\($0)\"></i>\(Markup.escape($1))</li>" }.joined() + "</ul>"
    }
}
