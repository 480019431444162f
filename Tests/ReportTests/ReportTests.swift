import Foundation
import Kernels
import ModelBundle
import MovieLens
import Report
import Testing
import Training

@Suite struct ReportTests {
    private let dataset: Dataset

    /// Movie 1 has no ratings and no date, movies 2 and 3 one title, and that title is not fit for HTML.
    init() throws {
        let generated = try SyntheticCatalogue(users: 60, movies: 90, ratings: 1_500, seed: 3).generate()
        let title = "<Tom> & \"Jerry's\""
        dataset = Dataset(
            name: "test",
            movies: generated.movies.map { movie in
                Movie(
                    id: movie.id, title: [2, 3].contains(movie.id) ? title : movie.title,
                    releaseDate: movie.id == 1 ? nil : CivilDate(year: 1995, month: 1, day: 1), imdbURL: nil,
                    genres: movie.genres)
            },
            users: generated.users, ratings: generated.ratings.filter { $0.item != 1 }, genres: generated.genres,
            files: [], isSynthetic: true)
    }

    private func bundle(metrics: [String: Double] = [:]) throws -> ModelBundle {
        let trainer = Trainer()
        return try trainer.bundle(
            trainer.vectors(of: dataset), of: dataset, metrics: metrics, labels: .init(name: "test", checksum: ""))
    }

    private func count(_ text: String, in page: String) -> Int {
        page.components(separatedBy: text).count - 1
    }

    @Test func `the page needs nothing from outside`() throws {
        let page = try Report(bundle()).html()
        for reference in ["http:", "https:", "src=", "href=", "url(", "@import", "<link"] {
            #expect(!page.contains(reference), "\(reference)")
        }
        for tag in ["svg", "section", "figure", "ul", "table", "details"] {
            #expect(count("<\(tag)", in: page) == count("</\(tag)>", in: page), "\(tag)")
        }
    }

    @Test func `every movie with a similarity vector is on the map with its title`() throws {
        let bundle = try bundle()
        let page = try Report(bundle).html()
        let shown = bundle.items.count - bundle.itemsWithoutSimilarity.count
        #expect(count("<circle ", in: page) == shown)
        #expect(page.contains("<title>\(bundle.items[10].title)"))
    }

    @Test func `titles are escaped`() throws {
        let page = try Report(bundle()).html()
        #expect(page.contains("&lt;Tom&gt; &amp; &quot;Jerry&#39;s&quot;"))
        #expect(!page.contains("<Tom>"))
    }

    @Test func `oddities are counted`() throws {
        let page = try Report(bundle()).html()
        #expect(page.contains("1 titles with several ids"))
        #expect(page.contains("Jerry&#39;s&quot;: 2, 3"))
        #expect(page.contains("1 movies without a rating"))
        #expect(page.contains("1 movies without a release date"))
        #expect(page.contains("these ratings are not from people"))
    }

    @Test func `metrics stand beside the baseline with their interval`() throws {
        let metrics = [
            "holdout_ndcg": 0.5, "holdout_ndcg_low": 0.48, "holdout_ndcg_high": 0.52, "holdout_popularity_ndcg": 0.25,
        ]
        let page = try Report(bundle(metrics: metrics)).html()
        #expect(page.contains("This bundle: 0.5000"))
        #expect(page.contains("Most watched: 0.2500"))
        #expect(count("class=\"whisker\"", in: page) == 1)
    }

    @Test func `other models replace the recorded baseline`() throws {
        let others = try Baseline.read(
            Data(
                """
                [{"name": "EASE", "metrics": {"ndcg": 0.48, "users": 943}, "interval": {"ndcg": {"low": 0.46, \
                "high": 0.5}}, "seconds": 0.61, "settings": "regularization 500"}]
                """.utf8))
        let page = try Report(
            bundle(metrics: ["holdout_ndcg": 0.5, "holdout_popularity_ndcg": 0.25]), baselines: others
        ).html()
        #expect(page.contains("EASE: 0.4800"))
        #expect(!page.contains("Most watched"))
        #expect(page.contains("0.61 s"))
    }

    @Test func `a bundle without measurements or singular values says so`() throws {
        let whole = try bundle()
        #expect(try Report(whole).html().contains("no measurements"))
        #expect(try !Report(whole).html().contains("does not record them"))
        let bare = try ModelBundle(
            name: "bare", dataset: whole.manifest.dataset, geometry: whole.manifest.geometry, content: whole.content)
        #expect(try Report(bare).html().contains("does not record them"))
    }

    @Test func `a longer list covers more and what is seen is not shown`() throws {
        let bundle = try bundle()
        let curve = CoverageCurve(bundle, longest: 90)
        #expect(curve.users == bundle.users.count - bundle.coldUsers.count)
        #expect(zip(curve.shares, curve.shares.dropFirst()).allSatisfy { $0 <= $1 })
        // Nobody is shown the movie without ratings; with lists this long, all others are shown to someone.
        #expect(abs(curve.shares[89] - 89.0 / 90) < 1e-12)
        #expect(CoverageCurve(bundle, longest: 5, limit: 7).users == 7)
    }

    @Test func `principal components find the long direction`() throws {
        let line = FloatMatrix(rows: 4, columns: 2, values: [0, 0, 3, 4, 6, 8, 100, -100])
        let components = try PrincipalComponents(of: line, rows: [0, 1, 2], count: 2)
        #expect(abs(components.shares[0] - 1) < 1e-12)
        #expect(abs(abs(components.coordinates[0, 0]) - 5) < 1e-9)
        #expect(abs(components.coordinates[1, 0]) < 1e-9)
    }
}
