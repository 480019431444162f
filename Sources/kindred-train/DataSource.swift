import Foundation
import ModelBundle
import MovieLens

/// Where the catalogue and the ratings come from.
struct DataSource {
    let locator: DatasetLocator
    let fetcher: Fetcher

    /// A data set and what a bundle says of its origin.
    struct Loaded {
        let dataset: Dataset
        /// SHA-256 over the files, or over the recipe of generated data.
        let checksum: String
        /// Rows that could not be used, as many as `--max-bad-rows` allows.
        let skipped: [MovieLensError]

        init(folder: URL, ratings: URL?, maxBadRows: Int = 0) throws {
            var badRows = BadRows(limit: maxBadRows)
            dataset = try Dataset.read(anyFolder: folder, ratings: ratings, badRows: &badRows)
            checksum = try Checksum.sha256(filesAt: dataset.files)
            skipped = badRows.skipped
        }

        init(_ file: RatingsFile) throws {
            var badRows = BadRows(limit: file.maxBadRows)
            dataset = try Dataset.read(ratings: file.url, layout: file.layout, badRows: &badRows)
            checksum = try Checksum.sha256(filesAt: dataset.files)
            skipped = badRows.skipped
        }

        init(_ synthetic: SyntheticCatalogue) {
            dataset = synthetic.generate()
            checksum = Checksum.sha256(Data(synthetic.recipe.utf8))
            skipped = []
        }
    }

    /// The folder named, the cached download, or a fresh one.
    func folder() async throws -> URL {
        switch try locator.locate() {
        case .folder(let folder): return folder
        case .notDownloaded:
            try await fetcher.fetch()
            Console.note(try fetcher.licence())
            return fetcher.folder
        }
    }

    /// Real data where it can be had; where the network fails, generated data, and nobody can miss that.
    func load(ratings: URL?, maxBadRows: Int) async throws -> Loaded {
        do {
            return try Loaded(folder: try await folder(), ratings: ratings, maxBadRows: maxBadRows)
        } catch let failure as Failure where failure.code == .unavailable && ratings == nil {
            Console.note(failure.message)
            Console.note(
                """

                ****************************************************************************
                *  NOT REAL RATINGS. MovieLens 100k is not here and cannot be downloaded:  *
                *  training goes on with GENERATED movies and ratings. The bundle and its  *
                *  figures say nothing about people; its manifest says "synthetic": true.  *
                ****************************************************************************

                """)
            return Loaded(try SyntheticCatalogue())
        }
    }
}
