import Foundation
import Testing

/// A temporary folder with a tiny data set in MovieLens' format; a test damages one file of it.
struct MovieLensFolder {
    let url: URL

    static let genres = "unknown|0\nAction|1\nDrama|2\n\n"
    static let items = """
        1|First (1994)|01-Jan-1994||http://example.org/1|0|1|0
        2|unknown||||1|0|0
        3|First (1994)|4-Feb-1971|||0|1|1

        """
    static let users = "1|24|M|technician|85711\n2|53|F|other|V1G4L\n"
    static let ratings = "1\t1\t5\t881250949\n2\t3\t1\t881250950\n"

    init(
        genres: String = genres, items: String = items, users: String = users, ratings: String = ratings
    ) throws {
        url = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
        for (name, text) in [("u.genre", genres), ("u.item", items), ("u.user", users), ("u.data", ratings)] {
            try #require(text.data(using: .isoLatin1)).write(to: url.appending(path: name))
        }
    }

    func remove() { try? FileManager.default.removeItem(at: url) }
}
