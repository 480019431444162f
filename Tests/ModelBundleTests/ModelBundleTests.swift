import Foundation
import Kernels
import ModelBundle
import Testing

@Suite struct ModelBundleTests {
    @Test func `what is written is read again`() throws {
        try withTemporaryFolder { folder in
            let bundle = try SmallBundle.make()
            let place = folder.appending(path: "deep/small")
            #expect(try bundle.write(to: place) == .written)
            let read = try ModelBundle.read(at: place)
            #expect(read.manifest == bundle.manifest)
            #expect(read.items == bundle.items)
            #expect(read.users == bundle.users)
            #expect(read.interactions == bundle.interactions)
            #expect(Array(read.itemVectors[2]) == [1, 2, 2, 4])
            #expect(Array(read.similarity[1]) == [0.6, 0.8])
            #expect(Array(read.userVectors[1]) == [3, 0, 4, 0])
            #expect(Array(read.encoder[2]) == [5, 6])
            #expect(Array(read.genreRows[0]) == [1])
        }
    }

    @Test func `cold items and users are listed`() throws {
        let bundle = try SmallBundle.make()
        #expect(bundle.coldItems == [4])
        #expect(bundle.itemsWithoutSimilarity == [4])
        #expect(bundle.coldUsers == [9])
        #expect(bundle.hasRecommendationVector == [true, true, true, false])
        #expect(bundle.hasSimilarityVector == [true, true, true, false])
        #expect(bundle.hasUserVector == [true, true, false])
    }

    @Test func `the content hash is about content, not about when and by which commit`() throws {
        let bundle = try SmallBundle.make()
        let later = try SmallBundle.make(created: Date(), gitRevision: nil, version: "2")
        #expect(bundle.manifest.contentHash == later.manifest.contentHash)
        #expect(bundle.manifest.version == String(bundle.manifest.contentHash.prefix(12)))
        #expect(try SmallBundle.make(metrics: [:]).manifest.contentHash != bundle.manifest.contentHash)
        var content = SmallBundle.content
        content.interactions[0].timestamp += 1
        #expect(try SmallBundle.make(content: content).manifest.contentHash != bundle.manifest.contentHash)
    }

    @Test func `the same bundle is not written twice`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            try SmallBundle.make().write(to: place)
            let manifest = try Data(contentsOf: place.appending(path: BundleFile.manifest))
            #expect(try SmallBundle.make(created: Date()).write(to: place) == .alreadyThere)
            #expect(try Data(contentsOf: place.appending(path: BundleFile.manifest)) == manifest)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["small"])
        }
    }

    @Test func `another bundle is never overwritten`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            let first = try SmallBundle.make()
            try first.write(to: place)
            let error = try #require(throws: BundleError.self) {
                try SmallBundle.make(metrics: ["ndcg": 0.2]).write(to: place)
            }
            #expect(error.code == .conflict)
            #expect(try ModelBundle.read(at: place).manifest == first.manifest)
        }
    }

    @Test func `a folder that is no bundle is never overwritten`() throws {
        try withTemporaryFolder { folder in
            try Data("mine".utf8).write(to: folder.appending(path: "letter.txt"))
            let error = try #require(throws: BundleError.self) { try SmallBundle.make().write(to: folder) }
            #expect(error.code == .conflict)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["letter.txt"])
        }
    }

    @Test func `a place that cannot be written is an error and leaves nothing`() throws {
        try withTemporaryFolder { folder in
            let file = folder.appending(path: "file")
            try Data().write(to: file)
            let error = try #require(throws: BundleError.self) {
                try SmallBundle.make().write(to: file.appending(path: "small"))
            }
            #expect(error.code == .cannotWrite)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["file"])
        }
    }

    @Test func `content that breaks a rule makes no bundle`() throws {
        let breaches: [(change: (inout ModelBundle.Content) -> Void, message: String)] = [
            ({ $0.items[1].id = 1 }, "items.jsonl: id 1 follows 1: ids are unique and ascending"),
            ({ $0.interactions[1].item = 99 }, "interactions.bin: row 1: item 99 is not in items.jsonl"),
            ({ $0.interactions[1].user = 99 }, "interactions.bin: row 1: user 99 is not in users.jsonl"),
            ({ $0.interactions[0].value = .nan }, "interactions.bin: row 0: the value is not finite"),
            ({ $0.encoder = zeros(rows: 3, columns: 2) }, "encoder.f32: is 3 × 2, manifest says 4 × 2"),
            ({ $0.itemVectors = zeros(rows: 3, columns: 4) }, "item_vectors.f32: is 3 × 4, manifest says 4 × 4"),
        ]
        for breach in breaches {
            var content = SmallBundle.content
            breach.change(&content)
            let error = try #require(throws: BundleError.self) { try SmallBundle.make(content: content) }
            #expect(error.description == breach.message)
        }
    }

    @Test func `metrics that are not finite make no bundle`() throws {
        let error = try #require(throws: BundleError.self) { try SmallBundle.make(metrics: ["ndcg": .nan]) }
        #expect(error.code == .invalidContent)
    }

    private func zeros(rows: Int, columns: Int) -> FloatMatrix {
        FloatMatrix(rows: rows, columns: columns, values: [Float](repeating: 0, count: rows * columns))
    }
}
