import Foundation
import MovieLens
import Testing

/// The published layouts and any CSV, from small generated files.
@Suite struct FormatTests {
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "kindred-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    private func write(_ name: String, _ text: String) throws -> URL {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let url = folder.appending(path: name)
        try Data(text.utf8).write(to: url)
        return url
    }

    private func read(maxBadRows: Int = 0) throws -> (dataset: Dataset, skipped: [String]) {
        var badRows = BadRows(limit: maxBadRows)
        let dataset = try Dataset.read(anyFolder: folder, badRows: &badRows)
        return (dataset, badRows.skipped.map(\.description))
    }

    private func readCSV(
        _ text: String, maxBadRows: Int = 0, layout: RatingsLayout = .csv()
    ) throws -> (dataset: Dataset, skipped: [String]) {
        defer { try? FileManager.default.removeItem(at: folder) }
        var badRows = BadRows(limit: maxBadRows)
        let dataset = try Dataset.read(ratings: write("r.csv", text), layout: layout, badRows: &badRows)
        return (dataset, badRows.skipped.map(\.description))
    }

    private func reason(_ text: String) -> String? {
        #expect(throws: MovieLensError.self) { try readCSV(text) }?.description
    }

    private let header = "userId,movieId,rating,timestamp\n"

    @Test func `1M and 10M are separated by two colons`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try write(
            "movies.dat", "1::Toy Story (1995)::Animation|Comedy\n7::Mission: Impossible::(no genres listed)\n")
        _ = try write("ratings.dat", "5::7::3.5::978300760\n2::1::5::978302109")
        let dataset = try read().dataset
        #expect(dataset.movies.map(\.title) == ["Toy Story (1995)", "Mission: Impossible"])
        #expect(dataset.movies.map(\.genres) == [["Animation", "Comedy"], []])
        #expect(dataset.genres == ["Animation", "Comedy"])
        #expect(dataset.users == [User(id: 2), User(id: 5)])
        #expect(
            dataset.ratings == [
                Rating(user: 5, item: 7, value: 3.5, timestamp: 978_300_760),
                Rating(user: 2, item: 1, value: 5, timestamp: 978_302_109),
            ])
    }

    @Test func `titles that are not UTF-8 are ISO 8859-1`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data("1::Caf".utf8 + [0xE9] + "::Drama\n2::Ünlü::Drama\n".utf8).write(
            to: folder.appending(path: "movies.dat"))
        _ = try write("ratings.dat", "1::1::4::0\n")
        #expect(try read().dataset.movies.map(\.title) == ["Café", "Ünlü"])
    }

    @Test func `20M to 32M are CSV with quoted titles and CRLF`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try write(
            "movies.csv",
            "movieId,title,genres\r\n11,\"American President, The (1995)\",Comedy|Drama\r\n"
                + "12,\"\"\"Great\"\" Thing, A\",(no genres listed)\r\n")
        _ = try write(
            "ratings.csv", "userId,movieId,rating,timestamp\r\n1,11,0.5,1112486027\r\n1,12,4.5,1112484676\r\n")
        let dataset = try read().dataset
        #expect(dataset.movies.map(\.title) == ["American President, The (1995)", "\"Great\" Thing, A"])
        #expect(dataset.ratings.map(\.value) == [0.5, 4.5])
        #expect(dataset.genres == ["Comedy", "Drama"])
    }

    @Test func `a rating of an unknown movie is refused with its line, or skipped`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        _ = try write("movies.csv", "movieId,title,genres\n11,One,Comedy\n")
        _ = try write("ratings.csv", header + "1,11,4,1\n1,12,4,1\nx,11,4,1\n")
        let error = #expect(throws: MovieLensError.self) { try read() }
        #expect(error?.description == "ratings.csv:3: movie 12 is not in the file of movies")
        #expect(error?.code == .unknownReference)
        let (dataset, skipped) = try read(maxBadRows: 2)
        #expect(dataset.ratings.count == 1)
        #expect(skipped.last == "ratings.csv:4: user id 'x' is not a number from 1 to 2147483647")
    }

    @Test func `a folder of no known layout is refused`() throws {
        defer { try? FileManager.default.removeItem(at: folder) }
        #expect(throws: MovieLensError.self) { try read() }
    }

    @Test func `columns are found by name, whatever their order`() throws {
        let columns = RatingsLayout.Columns(user: "who", item: "what", rating: "stars", timestamp: "at")
        let (dataset, _) = try readCSV(
            "at;extra;what;stars;who\n100;x;7;4;3\n", layout: .csv(columns, separator: ";", scale: 1...5))
        #expect(dataset.ratings == [Rating(user: 3, item: 7, value: 4, timestamp: 100)])
        #expect(dataset.movies[0].title == "7")
        let absent = #expect(throws: MovieLensError.self) { try readCSV("a,b\n1,2\n") }
        #expect(absent?.description == "r.csv:1: there is no column 'userId'; the header has a, b")
    }

    @Test func `ids that are texts become numbers in their own order and are kept`() throws {
        let forward = try readCSV(header + "bob,b-2,4,1\n\"ann, x\",a-1,3,2\n").dataset
        let backward = try readCSV(header + "\"ann, x\",a-1,3,2\nbob,b-2,4,1\n").dataset
        #expect(forward.users == [User(id: 1, externalID: "ann, x"), User(id: 2, externalID: "bob")])
        #expect(forward.movies.map(\.externalID) == ["a-1", "b-2"])
        #expect(forward.ratings[0] == backward.ratings[1])
        #expect(forward.users == backward.users)
    }

    @Test func `ids that are numbers stay`() throws {
        let dataset = try readCSV(header + "70,2147483647,4,1\n5,9,3,2\n").dataset
        #expect(dataset.users == [User(id: 5), User(id: 70)])
        #expect(dataset.movies.map(\.id) == [9, 2_147_483_647])
        // One that is too large, zero or padded makes all of them texts.
        for id in ["2147483648", "0", "07"] {
            #expect(try readCSV(header + "\(id),1,4,1\n5,2,3,2\n").dataset.users.count { $0.externalID != nil } == 2)
        }
    }

    @Test(arguments: [
        ("1,1,4\n", "3 columns where 4 are expected"),
        ("1,1,NaN,5\n", "rating 'NaN' is not a number"),
        ("1,1,nan,5\n", "rating 'nan' is not a number"),
        ("1,1,1e999,5\n", "rating '1e999' is not a number"),
        ("1,1,5.5,5\n", "rating 5.5 is outside the scale 0.5…5.0"),
        ("1,1,0,5\n", "rating 0 is outside the scale 0.5…5.0"),
        ("1,1,4,x\n", "timestamp 'x' is not seconds since 1970"),
        ("1,1,4,-1\n", "timestamp '-1' is not seconds since 1970"),
        (",1,4,1\n", "the user id is empty"),
        ("1,,4,1\n", "the item id is empty"),
        ("1,\"a,4,1\n", "a quote is not closed"),
        ("1,\"a\"b,4,1\n", "text follows a closing quote"),
        ("\n1,1,4,1\n", "the line is blank"),
        ("3,3,3,3\n", "this user has rated this item before"),
    ])
    func `a bad row is named by file and line`(row: String, reason: String) throws {
        // The third line, after the header and a good row.
        #expect(self.reason(header + "3,3,3,3\n" + row) == "r.csv:3: \(reason)")
    }

    @Test func `as many bad rows as allowed are skipped and listed`() throws {
        let text = header + "1,1,4,1\n1,2,9,1\n1,1,5,2\n2,1,,1\n2,2,3,1\n"
        let (dataset, skipped) = try readCSV(text, maxBadRows: 3)
        #expect(dataset.ratings.map(\.value) == [4, 3])
        #expect(
            skipped == [
                "r.csv:3: rating 9 is outside the scale 0.5…5.0", "r.csv:5: rating '' is not a number",
                "r.csv:4: this user has rated this item before",
            ])
    }

    @Test func `one bad row more than allowed ends it`() {
        let error = #expect(throws: MovieLensError.self) {
            try readCSV(header + "1,1,9,1\n1,2,9,1\n1,3,4,1\n", maxBadRows: 1)
        }
        #expect(error?.line == 3)
        #expect(error?.reason.contains("1 bad rows were skipped before") == true)
    }

    @Test func `a file without ratings is empty`() {
        for text in ["", header, "\n\n"] {
            let error = #expect(throws: MovieLensError.self) { try readCSV(text) }
            #expect(error?.code == .empty)
        }
    }

    @Test func `a missing final newline, blank lines at the end and a byte order mark are fine`() throws {
        #expect(try readCSV(header + "1,1,4,1").dataset.ratings.count == 1)
        #expect(try readCSV(header + "1,1,4,1\r\n\r\n\n").dataset.ratings.count == 1)
        #expect(try readCSV("\u{FEFF}" + header + "1,1,4,1\n").dataset.ratings.count == 1)
    }

    @Test func `lines across the reader's chunks are whole`() throws {
        // 4 MB are read at a time; this is a little more.
        let rows = (0..<260_000).map { "\($0 % 500 + 1),\($0 / 500 + 1),3.5,1112486027\n" }
        let dataset = try readCSV(header + rows.joined()).dataset
        #expect(dataset.ratings.count == 260_000)
        #expect(dataset.ratings[259_999] == Rating(user: 500, item: 520, value: 3.5, timestamp: 1_112_486_027))
        #expect(dataset.users.count == 500)
    }
}
