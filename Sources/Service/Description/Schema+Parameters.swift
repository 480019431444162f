extension Schema {
    /// A body of its own fields and of parameters that are also there in queries.
    static func parameters(
        _ rules: [any ParameterRule], beside required: [String: Schema], optional: [String: Schema] = [:]
    ) -> Schema {
        let parameters = Dictionary(uniqueKeysWithValues: rules.map { ($0.name, $0.schema.orNull.saying($0.says)) })
        return .object(required, optional: optional.merging(parameters) { own, _ in own })
    }

    /// A body as one request of a batch, which says of what kind it is.
    func inBatch(as kind: String) -> Schema {
        adding(["kind": .oneOf([kind])])
    }
}
