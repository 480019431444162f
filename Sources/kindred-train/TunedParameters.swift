import Foundation
import Training

/// The file that `tune` writes and the other commands read.
struct TunedParameters: Codable {
    /// By the names of `Hyperparameters.tunable`.
    let parameters: [String: Double]
    /// nDCG@10 of these on validation ratings carved from train, mean over the carvings.
    let validationNDCG: Double
    /// The same of the recipe as it comes.
    let startNDCG: Double
    let trials: Int
    let seed: Int

    enum CodingKeys: String, CodingKey {
        case parameters, trials, seed
        case validationNDCG = "validation_ndcg"
        case startNDCG = "start_ndcg"
    }

    /// What a bundle records of the tuning, beside the values themselves.
    var record: [String: Double] {
        ["tuned_validation_ndcg": validationNDCG, "tuned_trials": Double(trials), "tuned_seed": Double(seed)]
    }

    func write(to file: URL) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
        do {
            try FileManager.default.createDirectory(
                at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
            try (encoder.encode(self) + Data("\n".utf8)).write(to: file, options: .atomic)
        } catch {
            throw Failure(.cannotWrite, "cannot write \(file.path): \(error.localizedDescription)")
        }
    }

    static func read(_ path: String) throws -> TunedParameters {
        let url = URL(fileURLWithPath: path)
        guard let data = FileManager.default.contents(atPath: url.path) else {
            throw Failure(.missingInput, "\(path) cannot be read: name what kindred-train tune has written")
        }
        do {
            return try JSONDecoder().decode(TunedParameters.self, from: data)
        } catch {
            throw Failure(.badData, "\(path) is not what kindred-train tune writes: \(error)")
        }
    }

    /// The recipe with what this file changes.
    func applied() throws -> Hyperparameters {
        try Hyperparameters().setting(parameters)
    }

    /// The recipe, or what the file makes of it.
    static func parameters(_ path: String?) throws -> Hyperparameters {
        guard let path else { return Hyperparameters() }
        return try read(path).applied()
    }
}
