import Foundation
import Kernels
import ModelBundle
import Testing

@Suite struct StoredRatingHeadTests {
    private let stored: StoredRatingHead

    init() throws { stored = try StoredRatingHead(SmallHead.make()) }

    @Test func `a head that is stored is read again`() throws {
        let head = try stored.head(items: 4)
        #expect(head.constants == SmallHead.make().constants)
        #expect(Array(head.items[0]) == Array(SmallHead.make().items[0]))
        #expect(head.neighbors == SmallHead.make().neighbors)
    }

    @Test func `the bytes are those of the bundle's files`() throws {
        let files = try SmallHead.bundle().manifest.files
        #expect(stored.items.sha256 == files[BundleFile.ratingItems]?.sha256)
        #expect(stored.neighbors.sha256 == files[BundleFile.ratingNeighbors]?.sha256)
    }

    @Test func `JSON that a database has reordered and spaced is the same`() throws {
        let object = try JSONSerialization.jsonObject(with: Data(stored.constants.utf8))
        let pretty = try JSONSerialization.data(withJSONObject: object, options: [.sortedKeys])
        let text = String(decoding: pretty, as: UTF8.self).replacing(",", with: ", ")
        let head = StoredRatingHead(constants: text, items: stored.items, neighbors: stored.neighbors)
        #expect(try head.head(items: 4).constants == SmallHead.make().constants)
    }

    @Test func `a flipped bit is found in either part`() throws {
        let heads = [
            StoredRatingHead(constants: stored.constants, items: flipped(stored.items), neighbors: stored.neighbors),
            StoredRatingHead(constants: stored.constants, items: stored.items, neighbors: flipped(stored.neighbors)),
        ]
        for (head, file) in zip(heads, [BundleFile.ratingItems, BundleFile.ratingNeighbors]) {
            let error = try #require(throws: BundleError.self) { try head.head(items: 4) }
            #expect(error.code == .damaged)
            #expect(error.file == file)
        }
    }

    @Test func `a head of another catalogue is refused`() throws {
        let error = try #require(throws: BundleError.self) { try stored.head(items: 5) }
        #expect(error.description == "rating_items.f32: 96 bytes are not whole rows of this catalogue")
    }

    @Test(arguments: ["", "{}", "{\"version\": 1}"]) func `JSON that is no head is refused`(constants: String) throws {
        let head = StoredRatingHead(constants: constants, items: stored.items, neighbors: stored.neighbors)
        let error = try #require(throws: BundleError.self) { try head.head(items: 4) }
        #expect(error.code == .invalidContent)
        #expect(error.file == BundleFile.ratingHead)
    }

    private func flipped(_ part: StoredRatingHead.Part) -> StoredRatingHead.Part {
        var bytes = part.bytes
        bytes[bytes.startIndex] ^= 1
        return .init(bytes: bytes, sha256: part.sha256)
    }
}
