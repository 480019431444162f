import Retrieval

/// A body of `POST /v1/search`: a vector of a named space, and the parameters that lists have.
struct VectorBody: Decodable {
    private enum Space: String, CaseIterable {
        case recommendation
        case similarity
    }

    private static let fields: [String: Schema] = [
        "space": .oneOf(Space.allCases.map(\.rawValue)).saying(
            "`recommendation` holds users and movies, `similarity` movies by their likeness."),
        "vector": Schema.list(of: .number, from: 1).saying("As many numbers as the space has dimensions."),
    ]
    static let schema = Schema.parameters(SearchParameters.rules(of: .similar), beside: fields)

    /// By name, as in a query.
    let parameters: [String: ParameterValue]
    let space: SearchSpace
    private let vector: [Double]

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: FieldName.self)
        parameters = try container.listParameters(
            beside: Self.fields.keys.sorted() + decoder.entryFields, known: SearchParameters.rules(of: .similar))
        let name: String = try container.value("space")
        guard let space = Space(rawValue: name) else {
            let names = Space.allCases.map(\.rawValue).joined(separator: ", ")
            throw Problem.invalidParameter("space", "'space' must be one of \(names), not '\(name)'")
        }
        self.space = space == .similarity ? .similarity : .embedding
        vector = try container.value("vector")
    }

    var subject: SearchRequest.Subject {
        get throws {
            let floats = vector.map(Float.init)
            if let place = floats.firstIndex(where: { !$0.isFinite }) {
                throw Problem.invalidParameter(
                    "vector[\(place)]", "'vector[\(place)]' is too large for single precision: \(vector[place])")
            }
            return .vector(space, floats)
        }
    }
}
