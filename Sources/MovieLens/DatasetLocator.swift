package import Foundation

/// Finds the MovieLens 100k folder: the one named, `MOVIELENS_100K`, or the cached download.
package struct DatasetLocator: Sendable {
    /// The folder a download is unpacked to.
    package let cache: URL
    private let named: String?

    package enum Location: Equatable, Sendable {
        /// A folder to read; it may still turn out to be damaged.
        case folder(URL)
        /// Nothing was named and nothing is cached: download to `cache` first.
        case notDownloaded
    }

    /// - Parameters:
    ///   - folder: the folder asked for, nil when none was.
    ///   - home: the state folder, `.kindred` by default.
    package init(folder: String?, home: String, environment: [String: String]) {
        let variable = environment["MOVIELENS_100K"].flatMap { $0.isEmpty ? nil : $0 }
        named = folder ?? variable
        cache = URL(fileURLWithPath: home).appending(path: "data/ml-100k", directoryHint: .isDirectory)
    }

    /// A folder that was named but is not there is an error: other data would answer another question.
    package func locate() throws -> Location {
        if let named {
            let folder = URL(fileURLWithPath: named)
            guard Dataset.Format.of(folder: folder) != nil else {
                throw MovieLensError(
                    .missing, file: folder.lastPathComponent,
                    reason: "\(folder.path) is not a folder with u.item, movies.dat or movies.csv")
            }
            return .folder(folder)
        }
        return DatasetLocator.holdsCatalogue(cache) ? .folder(cache) : .notDownloaded
    }

    private static func holdsCatalogue(_ folder: URL) -> Bool {
        FileManager.default.fileExists(atPath: folder.appending(path: "u.item").path)
    }
}
