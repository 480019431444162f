import Foundation
import MovieLens
import Testing

@Suite struct DatasetLocatorTests {
    @Test func `the folder asked for wins over the variable`() throws {
        let asked = try MovieLensFolder()
        let other = try MovieLensFolder()
        defer {
            asked.remove()
            other.remove()
        }
        let locator = DatasetLocator(
            folder: asked.url.path, home: "/nonexistent", environment: ["MOVIELENS_100K": other.url.path])
        #expect(try locator.locate() == .folder(URL(fileURLWithPath: asked.url.path)))
        let byVariable = DatasetLocator(
            folder: nil, home: "/nonexistent", environment: ["MOVIELENS_100K": other.url.path])
        #expect(try byVariable.locate() == .folder(URL(fileURLWithPath: other.url.path)))
    }

    @Test func `a named folder that is not there never gives way to other data`() {
        let locator = DatasetLocator(folder: nil, home: ".", environment: ["MOVIELENS_100K": "/nonexistent"])
        #expect(throws: MovieLensError.self) { try locator.locate() }
    }

    @Test func `without a name and a download there is nothing`() throws {
        let locator = DatasetLocator(folder: nil, home: "/nonexistent", environment: ["MOVIELENS_100K": ""])
        #expect(try locator.locate() == .notDownloaded)
        #expect(locator.cache.path == "/nonexistent/data/ml-100k")
    }
}
