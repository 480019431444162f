import Foundation
import MovieLens

/// A generated catalogue in the files of MovieLens 100k, and a split of its ratings; removed with the value.
final class SmallFolder {
    let folder: URL
    var path: String { folder.path }
    var train: String { folder.appending(path: "train.tsv").path }
    var test: String { folder.appending(path: "test.tsv").path }
    /// Says where the catalogue and the split are.
    var split: [String] { ["--data", path, "--train", train, "--test", test] }
    let dataset: Dataset

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        dataset = try SyntheticCatalogue(users: 60, movies: 90, ratings: 1_500, seed: 3).generate()
        let flags = ["unknown"] + dataset.genres
        try write("u.genre", flags.enumerated().map { "\($0.element)|\($0.offset)" })
        try write(
            "u.item",
            dataset.movies.map { movie in
                let marks = flags.map { movie.genres.contains($0) ? "1" : "0" }.joined(separator: "|")
                return "\(movie.id)|\(movie.title)|01-Jan-1995|||\(marks)"
            })
        try write(
            "u.user",
            dataset.users.map { user in
                let (age, gender) = (user.age.map(String.init) ?? "", user.gender?.rawValue ?? "")
                return "\(user.id)|\(age)|\(gender)|\(user.occupation ?? "")|\(user.zipCode ?? "")"
            })
        let split = ItemStratifiedSplit(dataset.ratings)
        try write("u.data", dataset.ratings)
        try write("train.tsv", split.train)
        try write("test.tsv", split.test)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    func write(_ name: String, _ ratings: [Rating]) throws {
        try write(name, ratings.map { "\($0.user)\t\($0.item)\t\(Int($0.value))\t\($0.timestamp)" })
    }

    func write(_ name: String, _ lines: [String]) throws {
        try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: folder.appending(path: name))
    }
}
