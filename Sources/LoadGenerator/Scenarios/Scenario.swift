package import Foundation

/// A load test as a file: what is asked, how often, what happens meanwhile, and what must hold.
package struct Scenario: Sendable {
    package let name: String
    package let description: String
    package let requests: [RequestTemplate]
    package let shape: LoadShape
    package let objective: Objective
    package let actions: [Action]

    /// - Throws: `ScenarioError` that names the file and the field.
    package init(file path: String) throws {
        let data: Data
        do {
            data = try Data(contentsOf: URL(fileURLWithPath: path))
        } catch {
            throw ScenarioError(file: path, reason: "it cannot be read: \(error.localizedDescription)")
        }
        try self.init(data, file: path)
    }

    package init(_ data: Data, file path: String) throws {
        do {
            self = try JSONDecoder().decode(Scenario.self, from: data)
        } catch let error as DecodingError {
            throw ScenarioError(file: path, decoding: error)
        }
        for action in actions where action.at > shape.duration {
            throw ScenarioError(file: path, reason: "the action '\(action.name)' comes after the end of the run")
        }
    }
}

extension Scenario: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, description, requests, load, slo, actions
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        description = try container.decode(String.self, forKey: .description)
        requests = try container.decode([RequestTemplate].self, forKey: .requests)
        guard !requests.isEmpty else {
            throw DecodingError.dataCorruptedError(
                forKey: .requests, in: container, debugDescription: "there is no request to send")
        }
        shape = try container.decode(LoadShape.self, forKey: .load)
        objective = try container.decode(Objective.self, forKey: .slo)
        actions = try container.decodeIfPresent([Action].self, forKey: .actions) ?? []
    }
}
