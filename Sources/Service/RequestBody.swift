import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Reads the JSON that a request brings.
enum RequestBody {
    /// - Parameters:
    ///   - types: media types that are taken for JSON.
    ///   - advice: what to do with more than `maximumBytes`.
    /// - Throws: ``Problem``.
    static func json(
        of request: Request, upTo maximumBytes: Int, types: [String] = ["application/json"], advice: String
    ) async throws -> Data {
        let type = request.headers[.contentType] ?? ""
        let media = type.prefix { $0 != ";" }.lowercased().filter { $0 != " " }
        guard types.contains(media) else {
            throw Problem(
                kind: .request, status: 415, title: "Unsupported media type",
                detail: "send JSON as \(types.joined(separator: " or ")), not '\(type)'", field: "Content-Type")
        }
        do {
            return Data(try await request.body.collect(upTo: maximumBytes).readableBytesView)
        } catch is NIOTooManyBytesError {
            throw Problem(
                kind: .request, status: 413, title: "Content too large",
                detail: "a request holds at most \(maximumBytes) bytes: \(advice)")
        }
    }
}
