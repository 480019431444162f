import Foundation

/// A file of results of any kind.
package enum ResultDocument: Sendable {
    case run(RunResult)
    case sweep(SweepResult)
    case maxRate(MaxRateResult)
    case recall(RecallResult)
    case comparison(Comparison)

    /// - Throws: `ResultFileError` that names the file.
    package init(file path: String) throws {
        struct Kind: Decodable {
            let kind: String
        }
        do {
            let data = try Data(contentsOf: URL(fileURLWithPath: path))
            let decoder = JSONDecoder()
            switch try decoder.decode(Kind.self, from: data).kind {
            case RunResult.kind: self = .run(try decoder.decode(RunResult.self, from: data))
            case SweepResult.kind: self = .sweep(try decoder.decode(SweepResult.self, from: data))
            case MaxRateResult.kind: self = .maxRate(try decoder.decode(MaxRateResult.self, from: data))
            case RecallResult.kind: self = .recall(try decoder.decode(RecallResult.self, from: data))
            case Comparison.kind: self = .comparison(try decoder.decode(Comparison.self, from: data))
            case let other: throw ResultFileError(file: path, reason: "'\(other)' is no kind of result")
            }
        } catch let error as DecodingError {
            throw ResultFileError(file: path, reason: ScenarioError(file: "not a result", decoding: error).description)
        } catch let error as CocoaError {
            throw ResultFileError(file: path, reason: "it cannot be read: \(error.localizedDescription)")
        }
    }
}
