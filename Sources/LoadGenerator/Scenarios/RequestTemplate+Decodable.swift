extension RequestTemplate: Decodable {
    private enum CodingKeys: String, CodingKey, CaseIterable {
        case name, method, path, body, ids, distribution, weight, needs
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.strictContainer(keyedBy: CodingKeys.self)
        let distribution = try container.decodeIfPresent(Distribution.self, forKey: .distribution) ?? .uniform
        let weight = try container.decodeIfPresent(Double.self, forKey: .weight) ?? 1
        do {
            try self.init(
                name: container.decode(String.self, forKey: .name),
                method: container.decodeIfPresent(String.self, forKey: .method) ?? "GET",
                path: container.decode(String.self, forKey: .path),
                body: container.decodeIfPresent(String.self, forKey: .body),
                ids: Self.ids(container), distribution: distribution, weight: weight,
                needs: container.decodeIfPresent(String.self, forKey: .needs))
        } catch let error as LoadPlanError {
            throw DecodingError.dataCorrupted(
                .init(codingPath: container.codingPath, debugDescription: error.description))
        }
    }

    /// A range as a text, or a list of numbers.
    private static func ids(_ container: KeyedDecodingContainer<CodingKeys>) throws -> IDSet {
        guard container.contains(.ids) else { return .range(1...1) }
        if let list = try? container.decode([Int].self, forKey: .ids) { return try IDSet(list) }
        return try IDSet(container.decode(String.self, forKey: .ids))
    }
}
