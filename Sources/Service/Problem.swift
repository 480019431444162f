import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTP1
import Postgres
import Retrieval

/// An error as the client sees it: RFC 9457, `application/problem+json`.
package struct Problem: Error, Sendable, Equatable {
    /// Stable identifiers, relative to the service.
    package enum Kind: String, Sendable, CaseIterable {
        case invalidParameter = "/problems/invalid-parameter"
        case unknownParameter = "/problems/unknown-parameter"
        case notFound = "/problems/not-found"
        case overloaded = "/problems/overloaded"
        case unavailable = "/problems/unavailable"
        case notCalibrated = "/problems/not-calibrated"
        case outOfReach = "/problems/out-of-reach"
        case noPredictions = "/problems/no-predictions"
        case internalError = "/problems/internal-error"
        case request = "/problems/bad-request"
        case unauthorized = "/problems/unauthorized"
        case forbidden = "/problems/forbidden"
        case conflict = "/problems/conflict"
        case otherModel = "/problems/other-model"
        case tooManyRequests = "/problems/too-many-requests"
    }

    package let kind: Kind
    package let status: Int
    package let title: String
    package let detail: String
    /// The parameter or header at fault.
    package var field: String?
    /// Seconds after which another attempt makes sense.
    package var retryAfter: Int?
    /// What `WWW-Authenticate` says.
    var challenge: String?
    /// The methods that the path has.
    var allowed: [String]?

    static func invalidParameter(_ field: String, _ detail: String) -> Problem {
        Problem(kind: .invalidParameter, status: 400, title: "Invalid parameter", detail: detail, field: field)
    }

    static func unknownParameter(_ field: String, known: [String]) -> Problem {
        let allowed = known.isEmpty ? "this route takes none" : "known are: \(known.joined(separator: ", "))"
        return Problem(
            kind: .unknownParameter, status: 400, title: "Unknown parameter",
            detail: "there is no parameter '\(field)'; \(allowed)", field: field)
    }

    static func unavailable(_ detail: String, retryAfter: Int? = nil) -> Problem {
        Problem(kind: .unavailable, status: 503, title: "Unavailable", detail: detail, retryAfter: retryAfter)
    }

    static func notFound(_ detail: String) -> Problem {
        Problem(kind: .notFound, status: 404, title: "Not found", detail: detail)
    }

    static func methodNotAllowed(_ allowed: [String]) -> Problem {
        Problem(
            kind: .request, status: 405, title: "Method not allowed",
            detail: "here \(allowed.joined(separator: ", ")) may be asked", allowed: allowed)
    }

    static func otherModel(served: String, generation: Int, wanted: String) -> Problem {
        Problem(
            kind: .otherModel, status: 412, title: "Another model",
            detail: "version \(served) is served, generation \(generation), and not '\(wanted)'", field: ModelPin.name)
    }

    static func overloaded(retryAfter seconds: Int) -> Problem {
        Problem(
            kind: .overloaded, status: 503, title: "Overloaded", detail: "too many requests are under way",
            retryAfter: seconds)
    }

    /// What a client may know of any error; nil when the connection is gone and nobody listens.
    static func describing(_ error: any Error, path: String) -> Problem {
        switch error {
        case let problem as Problem: return problem
        case RetrievalError.unknownItem(let id): return notFound("there is no movie \(id)")
        case RetrievalError.unknownUser(let id): return notFound("there is no user \(id)")
        case RetrievalError.noRatingHead(let generation):
            return invalidParameter(
                "rerank",
                "'rerank=model' needs predicted ratings, and generation \(generation) has none: use distance or none")
        case RetrievalError.noPredictions(let generation):
            return Problem(
                kind: .noPredictions, status: 409, title: "No predictions",
                detail: "generation \(generation) predicts no ratings: it was trained without a rating head")
        case RetrievalError.wrongDimensions(let found, let expected):
            return invalidParameter("vector", "'vector' must have \(expected) numbers, not \(found)")
        case RetrievalError.rerankWithoutUser:
            return invalidParameter(
                "rerank", "'rerank=model' orders by what a user would like, and here is no user: use distance or none")
        case RetrievalError.unknownTag(let tag, let known):
            return invalidParameter(
                "genre", "no movie has the genre '\(tag)'; there are: \(known.joined(separator: ", "))")
        case RetrievalError.notCalibrated(let generation):
            return Problem(
                kind: .notCalibrated, status: 409, title: "Not calibrated",
                detail: "nobody has measured what searches of generation \(generation) find: 'kindred calibrate' does",
                field: "recall_target")
        case RetrievalError.outOfReach(let reach): return outOfReach(reach)
        case RetrievalError.overloaded(let seconds): return overloaded(retryAfter: seconds)
        case let error as PostgresError where error.code == .poolExhausted: return overloaded(retryAfter: 1)
        case let error as PostgresError where error.isAbsence:
            return unavailable("the database, which alone knows this, does not answer", retryAfter: 2)
        case let error as HTTPError where error.status == .notFound:
            return notFound("there is nothing at \(path)")
        case is HTTPParserError: return notHTTP
        case let error as any HTTPResponseError where error.status.code < 500:
            return Problem(
                kind: .request, status: error.status.code, title: error.status.reasonPhrase,
                detail: "the request cannot be answered")
        default:
            // The cause is in the log, under the request id; it is not for strangers.
            return Problem(
                kind: .internalError, status: 500, title: "Internal error",
                detail: "the request failed; the log has the reason under its request id")
        }
    }

    private static func outOfReach(_ reach: RetrievalError.OutOfReach) -> Problem {
        func milliseconds(_ time: Duration) -> String {
            (time / .milliseconds(1)).formatted(.number.precision(.significantDigits(1...3)).grouping(.never))
        }
        let best = reach.bestInTime.map { "; within it the index was measured to find \($0)" } ?? ""
        return Problem(
            kind: .outOfReach, status: 422, title: "Out of reach",
            detail: "a recall of \(reach.target) takes \(milliseconds(reach.fastest)) ms (99th percentile, the fastest "
                + "search measured), and the deadline is in \(milliseconds(reach.patience)) ms\(best)",
            field: "recall_target")
    }

    private struct Body: Encodable {
        let type: String
        let title: String
        let status: Int
        let detail: String
        let field: String?
        let instance: String
    }

    static let contentType = "application/problem+json"

    func body(requestID: String) throws -> ByteBuffer {
        try JSONBody.encode(
            Body(
                type: kind.rawValue, title: title, status: status, detail: detail, field: field,
                instance: "urn:kindred:request:\(requestID)"))
    }

    func response(requestID: String) throws -> Response {
        let body = try body(requestID: requestID)
        var headers: HTTPFields = [.contentType: Self.contentType]
        // An id may come with the next generation; a client that insists is answered without a look-up until then.
        if kind == .notFound { headers[.cacheControl] = "max-age=5" }
        if let retryAfter { headers[.retryAfter] = String(retryAfter) }
        if let challenge { headers[.wwwAuthenticate] = challenge }
        if let allowed { headers[.allow] = allowed.joined(separator: ", ") }
        return Response(
            status: .init(code: status), headers: headers, body: .init(byteBuffer: body))
    }
}
