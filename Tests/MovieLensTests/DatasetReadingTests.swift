import Foundation
import MovieLens
import Testing

@Suite struct DatasetReadingTests {
    @Test func `a folder is read with its gaps`() throws {
        let folder = try MovieLensFolder()
        defer { folder.remove() }
        let dataset = try Dataset.read(folder: folder.url)
        #expect(dataset.genres == ["Action", "Drama"])
        #expect(dataset.movies.map(\.id) == [1, 2, 3])
        #expect(dataset.movies[0].releaseDate == CivilDate(year: 1994, month: 1, day: 1))
        #expect(dataset.movies[0].imdbURL == "http://example.org/1")
        #expect(dataset.movies[1].releaseDate == nil)
        #expect(dataset.movies[1].imdbURL == nil)
        #expect(dataset.movies[1].genres.isEmpty)
        #expect(dataset.movies[2].releaseDate?.description == "1971-02-04")
        #expect(dataset.movies[2].genres == ["Action", "Drama"])
        #expect(dataset.users[1] == User(id: 2, age: 53, gender: .female, occupation: "other", zipCode: "V1G4L"))
        #expect(dataset.ratings[0] == Rating(user: 1, item: 1, value: 5, timestamp: 881_250_949))
        #expect(dataset.duplicateTitles.map(\.ids) == [[1, 3]])
        #expect(dataset.unratedMovies == [2])
        #expect(dataset.silentUsers.isEmpty)
        #expect(dataset.files.map(\.lastPathComponent) == ["u.genre", "u.item", "u.user", "u.data"])
        #expect(!dataset.isSynthetic)
    }

    @Test func `lines that end with CRLF, or not at all, are read alike`() throws {
        let windows = MovieLensFolder.items.replacing("\n", with: "\r\n")
        let folder = try MovieLensFolder(
            items: windows, ratings: "1\t1\t5\t881250949\r\n2\t3\t1\t881250950")
        defer { folder.remove() }
        let dataset = try Dataset.read(folder: folder.url)
        #expect(dataset.movies.count == 3)
        #expect(dataset.ratings.count == 2)
    }

    @Test func `titles are ISO 8859-1`() throws {
        let folder = try MovieLensFolder(
            items: "1|Misérables, Les (1995) |01-Jan-1995|||0|0|1\n", ratings: "1\t1\t3\t0\n")
        defer { folder.remove() }
        #expect(try Dataset.read(folder: folder.url).movies[0].title == "Misérables, Les (1995) ")
    }

    @Test(arguments: [
        ("1\t1\t5\n", "u.data:1: 3 columns where 4 are expected"),
        ("1\t1\t5\t0\t0\n", "u.data:1: 5 columns where 4 are expected"),
        ("1\t1\t5\t0\n\n2\t1\t5\t0\n", "u.data:2: the line is blank"),
        ("1\t1\tNaN\t0\n", "u.data:1: rating 'NaN' is not a whole number from 1 to 5"),
        ("1\t1\t6\t0\n", "u.data:1: rating '6' is not a whole number from 1 to 5"),
        ("1\t1\t0\t0\n", "u.data:1: rating '0' is not a whole number from 1 to 5"),
        ("1\t1\t\t0\n", "u.data:1: rating '' is not a whole number from 1 to 5"),
        ("1\t1\t4\t-1\n", "u.data:1: timestamp '-1' is not a whole number from 0 to 4294967295"),
        ("x\t1\t4\t0\n", "u.data:1: user id 'x' is not a whole number from 1 to 2147483647"),
        ("9999999999\t1\t4\t0\n", "u.data:1: user id '9999999999' is not a whole number from 1 to 2147483647"),
        ("1\t9\t4\t0\n", "u.data:1: movie 9 is not in u.item"),
        ("9\t1\t4\t0\n", "u.data:1: user 9 is not in u.user"),
        ("1\t1\t4\t0\n1\t1\t4\t5\n", "u.data:2: user 1 has rated movie 1 before"),
        ("", "u.data: the file has no rows"),
        ("\n", "u.data: the file has no rows"),
    ])
    func `a wrong line of ratings is named`(ratings: String, message: String) throws {
        let folder = try MovieLensFolder(ratings: ratings)
        defer { folder.remove() }
        let error = try #require(throws: MovieLensError.self) { try Dataset.read(folder: folder.url) }
        #expect(error.description == message)
    }

    @Test(arguments: [
        ("1|A|01-Jan-1994||u|0|1\n", "u.item:1: 7 columns where 8 are expected"),
        ("1|A|32-Jan-1994||u|0|1|0\n", "u.item:1: release date '32-Jan-1994' is not a day such as 01-Jan-1995"),
        ("1|A|29-Feb-1995||u|0|1|0\n", "u.item:1: release date '29-Feb-1995' is not a day such as 01-Jan-1995"),
        ("1|A|1994-01-01||u|0|1|0\n", "u.item:1: release date '1994-01-01' is not a day such as 01-Jan-1995"),
        ("1|A|01-Jan-1994||u|0|2|0\n", "u.item:1: flag 'Action' '2' is not a whole number from 0 to 1"),
        ("1||01-Jan-1994||u|0|1|0\n", "u.item:1: title is empty"),
        ("1|A|||u|0|1|0\n1|B|||u|0|1|0\n", "u.item:2: movie 1 appears twice"),
    ])
    func `a wrong movie is named`(items: String, message: String) throws {
        let folder = try MovieLensFolder(items: items)
        defer { folder.remove() }
        let error = try #require(throws: MovieLensError.self) { try Dataset.read(folder: folder.url) }
        #expect(error.description == message)
    }

    @Test(arguments: [
        ("1|24|X|technician|85711\n", "u.user:1: gender 'X' is not F or M"),
        ("1|x|M|technician|85711\n", "u.user:1: age 'x' is not a whole number from 1 to 130"),
        ("1|24|M|technician|1\n1|24|M|technician|1\n", "u.user:2: user 1 appears twice"),
    ])
    func `a wrong user is named`(users: String, message: String) throws {
        let folder = try MovieLensFolder(users: users)
        defer { folder.remove() }
        let error = try #require(throws: MovieLensError.self) { try Dataset.read(folder: folder.url) }
        #expect(error.description == message)
    }

    @Test func `a missing file is named`() throws {
        let folder = try MovieLensFolder()
        defer { folder.remove() }
        try FileManager.default.removeItem(at: folder.url.appending(path: "u.user"))
        let error = try #require(throws: MovieLensError.self) { try Dataset.read(folder: folder.url) }
        #expect(error.code == .missing)
        #expect(error.file == "u.user")
    }
}
