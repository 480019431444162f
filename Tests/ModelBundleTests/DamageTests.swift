import Foundation
import ModelBundle
import Testing

/// Every file of a bundle, damaged in every way: each is refused with its name and the reason.
@Suite struct DamageTests {
    /// Writes a good bundle, lets `damage` spoil it, and returns the error of reading it.
    private func refusal(_ damage: (URL) throws -> Void) throws -> BundleError {
        var error: BundleError?
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            try SmallBundle.make().write(to: place)
            try damage(place)
            error = try #require(throws: BundleError.self) { try ModelBundle.read(at: place) }
        }
        return try #require(error)
    }

    /// Replaces a file and makes the manifest's checksums agree, as a buggy writer would.
    private func forge(
        _ name: String, in folder: URL, _ change: (inout Data) -> Void = { _ in },
        manifest manifestChange: (inout BundleManifest) -> Void = { _ in }
    ) throws {
        var data = try Data(contentsOf: folder.appending(path: name))
        change(&data)
        try data.write(to: folder.appending(path: name))
        try rewriteManifest(in: folder) { manifest in
            manifest.files[name]?.bytes = data.count
            manifest.files[name]?.sha256 = Checksum.sha256(data)
            manifestChange(&manifest)
        }
    }

    private func rewriteManifest(in folder: URL, _ change: (inout BundleManifest) -> Void) throws {
        var manifest = try ModelBundle.readManifest(at: folder)
        change(&manifest)
        manifest.contentHash = try manifest.computedContentHash()
        let encoder = JSONEncoder()
        encoder.dateEncodingStrategy = .iso8601
        try encoder.encode(manifest).write(to: folder.appending(path: BundleFile.manifest))
    }

    private func put(_ value: Float, at element: Int, of data: inout Data) {
        withUnsafeBytes(of: value) { data.replaceSubrange(element * 4..<element * 4 + 4, with: $0) }
    }

    @Test(arguments: BundleFile.content) func `a flipped byte is found`(name: String) throws {
        let error = try refusal { folder in
            var data = try Data(contentsOf: folder.appending(path: name))
            data[data.count / 2] ^= 1
            try data.write(to: folder.appending(path: name))
        }
        #expect(error.code == .damaged)
        #expect(error.file == name)
        #expect(error.reason.hasPrefix("sha256 is "))
    }

    @Test(arguments: BundleFile.content) func `a truncated file is found`(name: String) throws {
        let error = try refusal { folder in
            let data = try Data(contentsOf: folder.appending(path: name))
            try data.dropLast().write(to: folder.appending(path: name))
        }
        #expect(error.code == .damaged)
        #expect(error.file == name)
        #expect(error.reason.contains("bytes, manifest says"))
    }

    @Test(arguments: BundleFile.content) func `a missing file is found`(name: String) throws {
        let error = try refusal { try FileManager.default.removeItem(at: $0.appending(path: name)) }
        #expect(error == BundleError(.damaged, file: name, reason: "is missing, the manifest lists it"))
    }

    @Test(arguments: [
        BundleFile.itemVectors, BundleFile.similarity, BundleFile.userVectors, BundleFile.encoder,
        BundleFile.genreRows,
    ])
    func `a NaN with a right checksum is found`(name: String) throws {
        let error = try refusal { folder in try forge(name, in: folder) { put(.nan, at: 0, of: &$0) } }
        #expect(error == BundleError(.invalidContent, file: name, reason: "row 0, column 0 is not a finite number"))
    }

    @Test(arguments: [
        BundleFile.itemVectors, BundleFile.similarity, BundleFile.userVectors, BundleFile.encoder,
        BundleFile.genreRows,
    ])
    func `a wrong shape with a right checksum is found`(name: String) throws {
        let error = try refusal { folder in
            try forge(name, in: folder, { $0.removeLast($0.count / 4) }, manifest: { $0.files[name]?.rows -= 1 })
        }
        #expect(error.code == .invalidContent)
        #expect(error.file == name)
    }

    @Test func `a shape that does not fit the bytes is found`() throws {
        let name = BundleFile.similarity
        let error = try refusal { folder in try forge(name, in: folder, manifest: { $0.files[name]?.rows = .max }) }
        #expect(error.code == .invalidContent)
        #expect(error.file == name)
    }

    @Test func `a wrong norm is found`() throws {
        let item = try refusal { folder in
            try forge(BundleFile.itemVectors, in: folder) { put(4, at: 0, of: &$0) }
        }
        #expect(item.description.hasPrefix("item_vectors.f32: row 0 has norm 5.65"))
        let similar = try refusal { folder in
            try forge(BundleFile.similarity, in: folder) { put(1.01, at: 0, of: &$0) }
        }
        #expect(similar.description.hasPrefix("similarity.f32: row 0 has norm 1.0"))
    }

    @Test func `a user vector that does not end with 0 is found`() throws {
        let error = try refusal { folder in
            try forge(BundleFile.userVectors, in: folder) { data in
                put(0, at: 0, of: &data)
                put(5, at: 3, of: &data)
            }
        }
        #expect(error.description == "user_vectors.f32: row 0 does not end with 0")
    }

    @Test func `a cold row with values, or a zero row that is not listed, is found`() throws {
        let filled = try refusal { folder in
            try forge(BundleFile.itemVectors, in: folder) { put(5, at: 12, of: &$0) }
        }
        #expect(filled.description.contains("not the ones the manifest lists as coldItems"))
        let unlisted = try refusal { folder in try rewriteManifest(in: folder) { $0.coldUsers = [] } }
        #expect(unlisted.description.contains("not the ones the manifest lists as coldUsers"))
        let similar = try refusal { folder in try rewriteManifest(in: folder) { $0.itemsWithoutSimilarity = [1, 4] } }
        #expect(similar.description.contains("not the ones the manifest lists as itemsWithoutSimilarity"))
    }

    @Test func `a folder without a manifest is not a bundle`() throws {
        let error = try refusal { folder in
            try FileManager.default.removeItem(at: folder.appending(path: BundleFile.manifest))
        }
        #expect(error.code == .notABundle)
        #expect(error.description.hasPrefix("manifest.json: is missing"))
        #expect(error.description.hasSuffix("half-written or not a bundle"))
    }

    @Test func `a manifest that was edited is found`() throws {
        let error = try refusal { folder in
            let url = folder.appending(path: BundleFile.manifest)
            let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
            try Data(text.replacing("\"ndcg\" : 0.1", with: "\"ndcg\" : 0.9").utf8).write(to: url)
        }
        #expect(error.code == .damaged)
        #expect(error.reason.hasPrefix("contentHash is "))
    }

    @Test func `a manifest that is not one is found`() throws {
        let error = try refusal { try Data("{".utf8).write(to: $0.appending(path: BundleFile.manifest)) }
        #expect(error.code == .invalidContent)
        #expect(error.file == BundleFile.manifest)
    }

    @Test func `a newer format is named`() throws {
        let error = try refusal { folder in
            try Data(#"{"formatVersion": 3}"#.utf8).write(to: folder.appending(path: BundleFile.manifest))
        }
        #expect(error.code == .unsupportedFormat)
        #expect(error.reason == "formatVersion is 3, this version of Kindred reads 2")
    }

    @Test func `constants that do not fit are found`() throws {
        let error = try refusal { folder in try rewriteManifest(in: folder) { $0.geometry.base = [] } }
        #expect(
            error.description == "manifest.json: geometry: prior, base or a covariance has the wrong number of values")
    }

    @Test func `a damaged bundle is not taken for the one to write`() throws {
        try withTemporaryFolder { folder in
            let place = folder.appending(path: "small")
            try SmallBundle.make().write(to: place)
            try Data(count: 32).write(to: place.appending(path: BundleFile.similarity))
            let error = try #require(throws: BundleError.self) { try SmallBundle.make().write(to: place) }
            #expect(error.code == .damaged)
        }
    }
}
