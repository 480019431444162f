import Foundation
import Kernels
import ModelBundle
import Testing

@Suite struct RatingHeadTests {
    @Test func `a head that is written is read again`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            let bundle = try SmallHead.bundle()
            try bundle.write(to: place)
            let read = try ModelBundle.read(at: place)
            let head = try #require(read.ratingHead)
            #expect(read.manifest == bundle.manifest)
            #expect(read.manifest.predictsRatings)
            #expect(head.constants == SmallHead.make().constants)
            #expect(Array(head.items[0]) == [0.5, 1, 1, 1994, 0.25, -0.5])
            #expect(head.neighbors == SmallHead.make().neighbors)
        }
    }

    @Test func `a bundle without a head is read and says so`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            try SmallBundle.make().write(to: place)
            let read = try ModelBundle.read(at: place)
            #expect(!read.manifest.predictsRatings)
            #expect(read.ratingHead == nil)
            #expect(RatingPredictor(read) == nil)
        }
    }

    @Test func `the content hash covers the head`() throws {
        let other = SmallHead.make(weights: [(SmallHead.one, SmallHead.one, 3.5)])
        let hashes = Set(
            try [SmallBundle.make(), SmallHead.bundle(), SmallHead.bundle(other)].map(\.manifest.contentHash))
        #expect(hashes.count == 3)
    }

    @Test(arguments: BundleFile.head) func `a flipped byte is found`(name: String) throws {
        let error = try refusal { folder in
            var data = try Data(contentsOf: folder.appending(path: name))
            data[data.count / 2] ^= 1
            try data.write(to: folder.appending(path: name))
        }
        #expect(error.code == .damaged)
        #expect(error.file == name)
    }

    @Test(arguments: BundleFile.head) func `a missing file is found`(name: String) throws {
        let error = try refusal { try FileManager.default.removeItem(at: $0.appending(path: name)) }
        #expect(error == BundleError(.damaged, file: name, reason: "is missing, the manifest lists it"))
    }

    @Test(arguments: BundleFile.head) func `a part of a head is not a head`(name: String) throws {
        let error = try refusal { folder in try rewriteManifest(in: folder) { $0.files[name] = nil } }
        #expect(error.description == "manifest.json: does not list \(name)")
    }

    @Test(arguments: [0, -3, 2, 3_000_000]) func `neighbours that are no lists are found`(columns: Int) throws {
        let error = try refusal { folder in
            try rewriteManifest(in: folder) { $0.files[BundleFile.ratingNeighbors]?.columns = columns }
        }
        #expect(error.description == "rating_neighbors.bin: \(columns) columns are not 3 lists")
    }

    @Test func `rows that do not fit the bytes are found`() throws {
        let error = try refusal { folder in
            try rewriteManifest(in: folder) { $0.files[BundleFile.ratingNeighbors]?.rows = .max }
        }
        #expect(error.code == .invalidContent)
        #expect(error.file == BundleFile.ratingNeighbors)
    }

    @Test func `parameters that break a rule make no bundle`() throws {
        let breaches: [(change: (inout RatingHead) -> Void, message: String)] = [
            ({ $0.constants.mean = 7 }, "rating_head.json: mean 7.0 is not in the scale"),
            ({ $0.constants.featureDeviations[2] = 0 }, "rating_head.json: a feature's deviation is not positive"),
            (
                { $0.constants.weights.removeLast() },
                "rating_head.json: the numbers of means, deviations and weights are not those of the features"
            ),
            (
                { $0.constants.yearDecay = 1 },
                "rating_head.json: a shrinkage is not positive, or yearDecay is not 0..<1"
            ),
            ({ $0.constants.groups[1] = "gender=F" }, "rating_head.json: a group is named twice"),
            ({ $0.constants.groups.append("x") }, "rating_items.f32: is 4 × 6, manifest says 4 × 7"),
            (
                { $0.items = put(.infinity, at: 7, in: $0.items) },
                "rating_items.f32: row 1, column 1 is not a finite number"
            ),
            (
                { $0.items = put(-1, at: 1, in: $0.items) },
                "rating_items.f32: row 0: a count or deviation is negative, or the year is not 0…9999"
            ),
            (
                { $0.neighbors = put(.init(row: 4, similarity: 1), at: 0, in: $0.neighbors) },
                "rating_neighbors.bin: row 0: neighbour 4 follows -1: rows ascend, end with blanks and are below 4"
            ),
            (
                { $0.neighbors = put(.init(row: 1, similarity: .nan), at: 0, in: $0.neighbors) },
                "rating_neighbors.bin: row 0: a similarity is negative or not finite"
            ),
        ]
        for breach in breaches {
            var head = SmallHead.make()
            breach.change(&head)
            let error = try #require(throws: BundleError.self) { try SmallHead.bundle(head) }
            #expect(error.description == breach.message)
        }
    }

    @Test func `a weight that is not finite makes no bundle`() throws {
        let head = SmallHead.make(weights: [(0, 1, .nan)])
        let error = try #require(throws: BundleError.self) { try SmallHead.bundle(head) }
        #expect(error.code == .invalidContent)
        #expect(error.file == BundleFile.ratingHead)
    }

    @Test func `a newer head is named`() throws {
        var head = SmallHead.make()
        head.constants.version = 2
        let error = try #require(throws: BundleError.self) { try SmallHead.bundle(head) }
        #expect(error.code == .unsupportedFormat)
        #expect(error.description == "rating_head.json: version is 2, this version of Kindred reads 1")
    }

    private func refusal(_ damage: (URL) throws -> Void) throws -> BundleError {
        var error: BundleError?
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            try SmallHead.bundle().write(to: place)
            try damage(place)
            error = try #require(throws: BundleError.self) { try ModelBundle.read(at: place) }
        }
        return try #require(error)
    }

    private func rewriteManifest(in folder: URL, _ change: (inout BundleManifest) -> Void) throws {
        var manifest = try ModelBundle.readManifest(at: folder)
        change(&manifest)
        manifest.contentHash = try manifest.computedContentHash()
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        try encoder.encode(manifest).write(to: folder.appending(path: BundleFile.manifest))
    }

    private func put(_ value: Float, at position: Int, in matrix: FloatMatrix) -> FloatMatrix {
        var values = matrix.withUnsafeBufferPointer { Array($0) }
        values[position] = value
        return FloatMatrix(rows: matrix.rows, columns: matrix.columns, values: values)
    }

    private func put(
        _ neighbor: RatingNeighbors.Neighbor, at position: Int, in neighbors: RatingNeighbors
    ) -> RatingNeighbors {
        var all = neighbors.all
        all[position] = neighbor
        return RatingNeighbors(items: neighbors.items, count: neighbors.count, all: all)
    }
}
