import Foundation
import MovieLens
import TestSupport
import Testing

@Suite struct CommandTests {
    private let data: SmallFolder

    init() throws { data = try SmallFolder() }

    private let keys: Set<String> = [
        "ndcg", "recall", "precision", "map", "map_at_k", "coverage", "gini", "novelty", "users",
    ]

    @Test func `evaluate prints one object with the agreed keys`() async throws {
        let run = try await Program(["evaluate", "--json"] + data.split)
        #expect(run.status == 0, "\(run.errors)")
        let object = try run.json()
        #expect(Set(object.keys) == keys.union(["interval"]))
        for key in keys { #expect(object[key] is NSNumber, "\(key)") }
        let interval = try #require(object["interval"] as? [String: [String: Double]])
        let ndcg = try #require(object["ndcg"] as? Double)
        #expect(try #require(interval["ndcg"]?["low"]) < ndcg && ndcg < #require(interval["ndcg"]?["high"]))
        #expect(run.output.filter { $0 == "\n" }.count == 1)
    }

    @Test func `evaluate-similar prints one object with the agreed keys`() async throws {
        let run = try await Program(["evaluate-similar", "--json"] + data.split)
        #expect(run.status == 0, "\(run.errors)")
        #expect(Set(try run.json().keys) == ["taste_auc", "genre_jaccard", "co_liked_lift"])
    }

    @Test func `evaluate-folded prints the same keys and the cut histories`() async throws {
        let run = try await Program(["evaluate-folded", "--json", "--user-folds", "2"] + data.split)
        #expect(run.status == 0, "\(run.errors)")
        let object = try run.json()
        #expect(Set(object.keys) == keys.union(["interval", "histories"]))
        let histories = try #require(object["histories"] as? [String: [String: Any]])
        #expect(Set(histories.keys) == ["3", "5", "10", "20"])
        #expect(Set(try #require(histories["3"]).keys) == keys.union(["interval"]))
    }

    @Test func `split by time keeps the future out of training and counts who is absent`() async throws {
        let out = data.folder.appending(path: "splits")
        let run = try await Program(
            ["split", "--protocol", "temporal", "--share", "0.25", "--data", data.path, "--out", out.path])
        #expect(run.status == 0, "\(run.errors)")
        let files = run.output.split(separator: "\n").map(String.init)
        #expect(files.count == 2)
        let times = try files.map { file in
            try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map {
                try #require(Int($0.split(separator: "\t")[3]))
            }
        }
        #expect(times[0].count + times[1].count == 1_500)
        #expect(try #require(times[0].max()) < #require(times[1].min()))
        let measured = try await Program(
            ["evaluate", "--json", "--data", data.path, "--train", files[0], "--test", files[1]])
        #expect(measured.status == 0, "\(measured.errors)")
    }

    @Test func `a test user without training is counted, and left out on demand`() async throws {
        let train = data.dataset.ratings.filter { $0.user > 2 && $0.item > 1 && $0.item.isMultiple(of: 2) }
        try data.write("train.tsv", train)
        try data.write("test.tsv", data.dataset.ratings.filter { $0.user < 10 && !$0.item.isMultiple(of: 2) })
        let all = try await Program(["evaluate", "--json"] + data.split)
        #expect(all.errors.contains("2 of 9 test users are not in training"))
        #expect(all.errors.contains("test movies are not in training"))
        #expect(try all.json()["users"] as? Int == 9)
        let known = try await Program(["evaluate", "--json", "--known-users"] + data.split)
        #expect(try known.json()["users"] as? Int == 7)
    }

    @Test func `what tune writes is what train uses and records`() async throws {
        let tuned = data.folder.appending(path: "tuned.json").path
        let run = try await Program(
            ["tune", "--data", data.path, "--train", data.train, "--trials", "3", "--out", tuned, "--json"])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json()["trials"] as? Int == 3)
        // A value that is not the recipe's, so that its use can be told.
        var file = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: tuned))) as? [String: Any])
        var parameters = try #require(file["parameters"] as? [String: Double])
        parameters["filter_cut"] = 8
        file["parameters"] = parameters
        try JSONSerialization.data(withJSONObject: file).write(to: URL(fileURLWithPath: tuned))

        let bundle = data.folder.appending(path: "bundle")
        let trained = try await Program(["train", "--data", data.path, "--tuned", tuned, "--out", bundle.path])
        #expect(trained.status == 0, "\(trained.errors)")
        let manifest = try #require(
            try JSONSerialization.jsonObject(with: Data(contentsOf: bundle.appending(path: "manifest.json")))
                as? [String: Any])
        let recorded = try #require(manifest["hyperparameters"] as? [String: Double])
        #expect(recorded["filter_cut"] == 8)
        #expect(recorded["tuned_trials"] == 3)
        #expect(try #require(manifest["singularValues"] as? [Double]).count > 8)

        let page = data.folder.appending(path: "page.html")
        let report = try await Program(["report", bundle.path, "--out", page.path])
        #expect(report.status == 0, "\(report.errors)")
        #expect(try String(contentsOf: page, encoding: .utf8).contains("</html>"))
    }

    @Test func `train writes one plain line a stage where there is no terminal`() async throws {
        let run = try await Program([
            "train", "--data", data.path, "--out", data.folder.appending(path: "bundle").path, "--json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let lines = run.errors.split(separator: "\n")
        for stage in ["read", "index", "recommendation", "similarity", "holdout", "bundle", "write"] {
            let own = lines.filter { $0.hasPrefix("  \(stage) ") }
            #expect(own.count == 1, "\(stage)")
            #expect(own.first?.contains(" MB") == true)
        }
        #expect(!run.errors.contains("\r") && !run.errors.contains("\u{1B}"))
    }

    @Test func `synthesize draws a bundle, and the same one again`() async throws {
        let out = data.folder.appending(path: "drawn")
        let command = ["synthesize", "--movies", "400", "--users", "5", "--dimensions", "24", "--out", out.path]
        for words in ["the bundle is written", "already there"] {
            let run = try await Program(command)
            #expect(run.status == 0 && run.errors.contains(words), "\(run.errors)")
            #expect(run.output == out.path + "\n")
        }
        let other = try await Program(command + ["--seed", "43"])
        #expect(other.status == 73 && other.errors.contains("another bundle"), "\(other.errors)")
        let small = try await Program(["synthesize", "--movies", "59"])
        #expect(small.status == 64 && small.errors.contains("59 items"), "\(small.errors)")
    }

    @Test func `what cannot be measured is refused with the reason`() async throws {
        let cases: [(arguments: [String], status: Int32, reason: String)] = [
            (["evaluate", "--k", "91"] + data.split, 64, "only 90 movies"),
            (["evaluate", "--data", data.path, "--train", data.train, "--test", data.train], 65, "both files"),
            (["evaluate", "--data", data.path, "--train", data.train], 64, "--test"),
            (["evaluate", "--tuned", "/nowhere"] + data.split, 66, "/nowhere"),
            (["evaluate-folded", "--user-folds", "61"] + data.split, 65, "61 folds"),
            (["split", "--before", "1998-03-01", "--data", data.path], 64, "temporal"),
            (["split", "--protocol", "temporal", "--before", "1998-02-30", "--data", data.path], 64, "1998-02-30"),
            (["split", "--protocol", "temporal", "--before", "1950-01-01", "--data", data.path], 65, "no ratings"),
            (["report", data.path], 66, "manifest"),
        ]
        for (arguments, status, reason) in cases {
            let run = try await Program(arguments)
            #expect(run.status == status, "\(arguments) \(run.errors)")
            #expect(run.errors.contains(reason), "\(arguments) \(run.errors)")
            #expect(run.output.isEmpty)
        }
    }

    @Test func `bad ratings are refused with file, line and reason, on either side of a split`() async throws {
        let cases: [(name: String, rows: [String], reason: String)] = [
            ("empty", [], "empty: the file has no rows"),
            ("scale", ["1\t1\t4\t0", "1\t2\t7\t0"], "scale:2: rating '7' is not a whole number from 1 to 5"),
            ("nan", ["1\t1\tnan\t0"], "nan:1: rating 'nan' is not a whole number"),
            ("twice", ["1\t1\t5\t0", "1\t1\t4\t9"], "twice:2: user 1 has rated movie 1 before"),
            ("stranger", ["1\t999\t5\t0"], "stranger:1: movie 999 is not in u.item"),
        ]
        for (name, rows, reason) in cases {
            let file = data.folder.appending(path: name)
            try Data(rows.map { $0 + "\n" }.joined().utf8).write(to: file)
            for split in [["--train", file.path, "--test", data.test], ["--train", data.train, "--test", file.path]] {
                let run = try await Program(["evaluate", "--data", data.path] + split)
                #expect(run.status == 65 && run.output.isEmpty, "\(name): \(run.errors)")
                #expect(run.errors.contains(reason), "\(run.errors)")
            }
        }
    }

    @Test func `one user is enough to train on and to measure`() async throws {
        let ratings = data.dataset.ratings.filter { $0.user == 5 }
        try data.write("train.tsv", Array(ratings.dropLast(3)))
        try data.write("test.tsv", ratings.suffix(3))
        let run = try await Program(["evaluate", "--json"] + data.split)
        #expect(run.status == 0, "\(run.errors)")
        let object = try run.json()
        // Whatever this user has not seen nobody has rated: there is nothing to recommend.
        #expect(object["users"] as? Int == 1 && object["ndcg"] as? Double == 0)
        #expect(run.errors.contains("3 test movies are not in training"), "\(run.errors)")
    }

    @Test func `other MovieLens formats are split and measured too, half stars included`() async throws {
        let folder = data.folder.appending(path: "ml-1m")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let half = { (rating: Rating) in rating.value - (rating.timestamp.isMultiple(of: 2) ? 0.5 : 0) }
        try data.write(
            "ml-1m/ratings.dat",
            data.dataset.ratings.map { "\($0.user)::\($0.item)::\(half($0))::\($0.timestamp)" })
        try data.write(
            "ml-1m/movies.dat",
            data.dataset.movies.map { "\($0.id)::\($0.title)::\($0.genres.joined(separator: "|"))" })
        let split = try await Program(["split", "--data", folder.path, "--out", folder.path])
        #expect(split.status == 0, "\(split.errors)")
        let files = split.output.split(separator: "\n").map(String.init)
        let text = try files.map { try String(contentsOfFile: $0, encoding: .utf8) }
        #expect(text.map { $0.count { $0 == "\n" } }.reduce(0, +) == data.dataset.ratings.count)
        #expect(text[0].contains("3.5\t") && text[0].contains("\t4\t"))
        let run = try await Program(
            ["evaluate", "--json", "--data", folder.path, "--train", files[0], "--test", files[1]])
        #expect(run.status == 0, "\(run.errors)")
        #expect(try run.json()["users"] as? Int == Set(try testUsers(text[1])).count)
        #expect(try #require(try run.json()["ndcg"] as? Double) > 0)
    }

    private func testUsers(_ text: String) throws -> [Substring] {
        try text.split(separator: "\n").map { try #require($0.split(separator: "\t").first) }
    }
}
