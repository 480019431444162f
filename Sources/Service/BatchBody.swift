import Retrieval

/// A body of `POST /v1/batch`: requests of other routes, each with its kind.
struct BatchBody: Decodable {
    static let mostRequests = 100

    static let schema = Schema.object([
        "requests": .list(
            of: .any(of: [
                TasteBody.schema.inBatch(as: Kind.recommendations.rawValue),
                SimilarBody.schema.inBatch(as: Kind.similar.rawValue),
                VectorBody.schema.inBatch(as: Kind.search.rawValue),
                PredictionBody.schema.inBatch(as: Kind.predict.rawValue),
                Schema.anything.saying("Whatever else there is has its own problem for an answer."),
            ]), from: 1, to: mostRequests)
    ])

    enum Entry {
        case similar(SimilarBody)
        case recommendations(TasteBody)
        case search(VectorBody)
        case predict(PredictionBody)
    }

    private enum Kind: String, CaseIterable {
        case similar, recommendations, search, predict
    }

    /// What is wrong with one request is its own problem.
    private struct Decoded: Decodable {
        let entry: Result<Entry, any Error>

        init(from decoder: any Decoder) throws {
            do {
                entry = .success(try Self.entry(from: decoder))
            } catch let error as DecodingError {
                entry = .failure(error.problem)
            } catch {
                entry = .failure(error)
            }
        }

        private static func entry(from decoder: any Decoder) throws -> Entry {
            let name: String = try decoder.container(keyedBy: FieldName.self).value("kind")
            switch Kind(rawValue: name) {
            case .similar: return .similar(try SimilarBody(from: decoder))
            case .recommendations: return .recommendations(try TasteBody(from: decoder))
            case .search: return .search(try VectorBody(from: decoder))
            case .predict: return .predict(try PredictionBody(from: decoder))
            case nil:
                let kinds = Kind.allCases.map(\.rawValue).joined(separator: ", ")
                throw Problem.invalidParameter("kind", "'kind' must be one of \(kinds), not '\(name)'")
            }
        }
    }

    let requests: [Result<Entry, any Error>]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        try container.refuseUnknown(["requests"])
        let decoded: [Decoded] = try container.value("requests")
        guard (1...Self.mostRequests).contains(decoded.count) else {
            throw Problem.invalidParameter(
                "requests", "'requests' must have 1 to \(Self.mostRequests) requests, not \(decoded.count)")
        }
        requests = decoded.map(\.entry)
    }
}

extension Decoder {
    /// Fields that a body has where it is one of a batch.
    var entryFields: [String] { codingPath.isEmpty ? [] : ["kind"] }
}

/// A request of a batch for the movies that are like one.
struct SimilarBody: Decodable {
    static let schema = Schema.parameters(SearchParameters.rules(of: .similar), beside: ["movie_id": .id])

    let movieID: Int32
    /// By name, as in a query.
    let parameters: [String: ParameterValue]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        parameters = try container.listParameters(
            beside: ["movie_id"] + decoder.entryFields, known: SearchParameters.rules(of: .similar))
        movieID = try container.value("movie_id")
        guard movieID >= 1 else {
            throw Problem.invalidParameter(
                "movie_id", "'movie_id' must be a whole number from 1 to \(Int32.max), not '\(movieID)'")
        }
    }
}
