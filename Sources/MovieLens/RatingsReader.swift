import Foundation

/// Reads a file of ratings as a stream, with ids of any kind.
struct RatingsReader {
    /// Ratings and whom they name.
    struct Result {
        var ratings: [Rating]
        var users: [User]
        /// Ids and, where they are not numbers, their texts; ascending by id.
        var items: [(id: Int32, text: String?)]
    }

    private struct Defect {
        let code: MovieLensError.Code
        let reason: String

        init(_ reason: String, code: MovieLensError.Code = .malformed) {
            self.code = code
            self.reason = reason
        }
    }

    /// Where the four columns are.
    private struct Positions {
        var user = 0
        var item = 1
        var rating = 2
        var timestamp = 3

        var last: Int { max(user, item, rating, timestamp) }
    }

    /// A row before the ids are known.
    private struct Row {
        let user: Int32
        let item: Int32
        let rating: Float
        let line: Int32
        let timestamp: Int64
    }

    private let layout: RatingsLayout
    private let scale: ClosedRange<Double>
    private let hasHeader: Bool
    private var positions = Positions()
    private var users = IDTable()
    private var items = IDTable()
    private var rows: [Row] = []

    /// Nil where ids may be any text.
    private let movies: IDIndex?

    /// - Parameter movies: the catalogue, for a data set whose ids are numbers; a rating of another movie is refused.
    init(_ layout: RatingsLayout, movies: IDIndex? = nil) {
        self.layout = layout
        scale = layout.scale
        hasHeader = layout.columns != nil
        self.movies = movies
    }

    /// - Parameter badRows: takes rows that cannot be read and pairs of user and item that were there before.
    /// - Throws: `MovieLensError`.
    mutating func read(_ url: URL, badRows: inout BadRows) throws -> Result {
        let stream = try LineStream(url)
        var fields = TextFields(layout.separator)
        var isHeader = hasHeader
        // Address space, not memory, until it is written to; no row is shorter than `1,1,1,1`.
        rows.reserveCapacity(min(stream.size / 8 + 1, 200_000_000))
        try stream.forEachLine { number in
            try badRows.skip(
                MovieLensError(.malformed, file: stream.name, line: number, reason: "the line is blank"))
        } _: { number, line in
            let defect = fields.split(line)
            if isHeader {
                isHeader = false
                positions = try header(fields, defect, file: stream.name)
            } else if let defect = defect.map({ Defect($0) }) ?? take(fields, line: number) {
                try badRows.skip(
                    MovieLensError(defect.code, file: stream.name, line: number, reason: defect.reason))
            }
        }
        guard !rows.isEmpty else {
            throw MovieLensError(.empty, file: stream.name, reason: "the file has no ratings")
        }
        try dropDuplicates(file: stream.name, badRows: &badRows)
        return result()
    }

    private func header(_ fields: TextFields, _ defect: String?, file: String) throws -> Positions {
        if let defect { throw MovieLensError(.malformed, file: file, line: 1, reason: defect) }
        var names = (0..<fields.count).map { fields.text($0).trimmingCharacters(in: .whitespaces) }
        if let first = names.first, first.hasPrefix("\u{FEFF}") { names[0] = String(first.dropFirst()) }
        let columns = layout.columns!
        func position(_ name: String) throws -> Int {
            guard let position = names.firstIndex(of: name) else {
                throw MovieLensError(
                    .malformed, file: file, line: 1,
                    reason: "there is no column '\(name)'; the header has \(names.joined(separator: ", "))")
            }
            return position
        }
        return try Positions(
            user: position(columns.user), item: position(columns.item), rating: position(columns.rating),
            timestamp: position(columns.timestamp))
    }

    /// Keeps a row, or says why it cannot.
    private mutating func take(_ fields: TextFields, line: Int) -> Defect? {
        let least = positions.last + 1
        guard fields.count >= least, hasHeader || fields.count == least else {
            return Defect("\(fields.count) columns where \(least) are expected")
        }
        let user = fields[positions.user]
        let item = fields[positions.item]
        if let defect = idDefect(fields, user: user, item: item) { return defect }
        guard let value = TextNumber.decimal(fields[positions.rating]) else {
            return Defect("rating '\(fields.text(positions.rating))' is not a number")
        }
        guard scale.contains(value) else {
            return Defect(
                "rating \(fields.text(positions.rating)) is outside the scale "
                    + "\(scale.lowerBound)…\(scale.upperBound)")
        }
        guard let timestamp = TextNumber.integer(fields[positions.timestamp]), timestamp >= 0 else {
            return Defect("timestamp '\(fields.text(positions.timestamp))' is not seconds since 1970")
        }
        rows.append(
            Row(
                user: users.number(of: user), item: items.number(of: item), rating: Float(value),
                line: Int32(truncatingIfNeeded: line), timestamp: Int64(timestamp)))
        return nil
    }

    private func idDefect(
        _ fields: TextFields, user: UnsafeBufferPointer<UInt8>, item: UnsafeBufferPointer<UInt8>
    ) -> Defect? {
        guard !user.isEmpty else { return Defect("the user id is empty") }
        guard !item.isEmpty else { return Defect("the item id is empty") }
        guard let movies else { return nil }
        guard RatingsReader.id(user) != nil else {
            return Defect("user id '\(fields.text(positions.user))' is not a number from 1 to 2147483647")
        }
        guard let id = RatingsReader.id(item) else {
            return Defect("movie id '\(fields.text(positions.item))' is not a number from 1 to 2147483647")
        }
        guard movies.row(of: id) != nil else {
            return Defect("movie \(id) is not in the file of movies", code: .unknownReference)
        }
        return nil
    }

    /// A positive number without leading zeros: `7` and `07` would be two texts of one id.
    private static func id(_ bytes: UnsafeBufferPointer<UInt8>) -> Int32? {
        guard bytes.first != UInt8(ascii: "0"), let value = TextNumber.integer(bytes), value > 0 else { return nil }
        return Int32(exactly: value)
    }

    /// Keeps the first rating of each (user, item) pair.
    private mutating func dropDuplicates(file: String, badRows: inout BadRows) throws {
        if isFreeOfDuplicates() { return }
        let order = PairOrder.make(
            users: rows.map(\.user), among: users.count, items: rows.map(\.item), among: items.count)
        var duplicates: [Int32] = []
        for position in order.indices.dropFirst() {
            let row = rows[Int(order[position])]
            let previous = rows[Int(order[position - 1])]
            if row.user == previous.user, row.item == previous.item { duplicates.append(order[position]) }
        }
        guard !duplicates.isEmpty else { return }
        duplicates.sort()
        for position in duplicates {
            try badRows.skip(
                MovieLensError(
                    .duplicate, file: file, line: Int(rows[Int(position)].line),
                    reason: "this user has rated this item before"))
        }
        var next = duplicates[...]
        rows = rows.enumerated().filter { index, _ in
            guard let first = next.first, Int(first) == index else { return true }
            next = next.dropFirst()
            return false
        }.map(\.element)
    }

    /// True only when it is easily seen: each user's rows follow each other, as in the published files, and no item
    /// comes twice among them.
    private func isFreeOfDuplicates() -> Bool {
        var lastUser = [Int32](repeating: -1, count: items.count)
        var newest: Int32 = -1
        for row in rows {
            // Users are numbered as they appear, so one who returns has a lower number than the newest.
            guard row.user >= newest, lastUser[Int(row.item)] != row.user else { return false }
            newest = row.user
            lastUser[Int(row.item)] = row.user
        }
        return true
    }

    private mutating func result() -> Result {
        let users = users.resolved()
        let items = items.resolved()
        let ratings = rows.map { row in
            Rating(
                user: users.ids[Int(row.user)], item: items.ids[Int(row.item)], value: row.rating,
                timestamp: row.timestamp)
        }
        rows = []
        return Result(
            ratings: ratings, users: zip(users.ids, users.texts).map { User(id: $0, externalID: $1) },
            items: zip(items.ids, items.texts).map { (id: $0, text: $1) }.sorted { $0.id < $1.id })
    }
}
