import ArgumentParser
import Foundation
import MovieLens
import Settings

/// A CSV of ratings that comes without a catalogue.
struct RatingsFile {
    let url: URL
    let layout: RatingsLayout
    let maxBadRows: Int

    /// The flags that describe one.
    struct Options: ParsableArguments {
        @Option(
            help: "The column with the user in a CSV given by --ratings; naming a column means there is no catalogue.")
        var csvUser: String?

        @Option(help: "The column with the item (default movieId).")
        var csvItem: String?

        @Option(help: "The column with the rating (default rating).")
        var csvRating: String?

        @Option(help: "The column with the seconds since 1970 (default timestamp).")
        var csvTimestamp: String?

        @Option(help: "What separates the columns: one ASCII character (default a comma).")
        var csvSeparator: String?

        @Option(help: "The lowest rating of the CSV's scale (default 0.5).")
        var ratingMin: Double?

        @Option(help: "The highest rating of the CSV's scale (default 5).")
        var ratingMax: Double?
    }

    /// Nil when no column is named: then the ratings belong to a folder.
    init?(_ options: Options, file: String?, maxBadRows: Int, _ settings: Settings) throws {
        let user = try settings.string("csv.user", flag: options.csvUser)
        let item = try settings.string("csv.item", flag: options.csvItem)
        let rating = try settings.string("csv.rating", flag: options.csvRating)
        let timestamp = try settings.string("csv.timestamp", flag: options.csvTimestamp)
        guard user != nil || item != nil || rating != nil || timestamp != nil else { return nil }
        guard let file else { throw Failure(.usage, "--csv-… names columns, but --ratings names no file") }
        var columns = RatingsLayout.Columns()
        columns.user = user ?? columns.user
        columns.item = item ?? columns.item
        columns.rating = rating ?? columns.rating
        columns.timestamp = timestamp ?? columns.timestamp
        let separator = try settings.string("csv.separator", flag: options.csvSeparator) ?? ","
        guard separator.count == 1, let character = separator.first, character.asciiValue != nil,
            character != "\"", !character.isNewline
        else { throw Failure(.usage, "--csv-separator '\(separator)' is not one ASCII character") }
        let range = -1e6...1e6
        let least = try settings.double("rating.min", flag: options.ratingMin, default: 0.5, in: range)
        let most = try settings.double("rating.max", flag: options.ratingMax, default: 5, in: range)
        guard least < most else { throw Failure(.usage, "--rating-min \(least) is not below --rating-max \(most)") }
        url = URL(fileURLWithPath: file)
        layout = .csv(columns, separator: character, scale: least...most)
        self.maxBadRows = maxBadRows
    }
}
