package import MovieLens

extension User {
    /// As a bundle keeps them; what the data set does not say is left out.
    package var attributes: [String: String] {
        let known = [
            "age": age.map(String.init), "gender": gender?.rawValue, "occupation": occupation, "zip_code": zipCode,
            "external_id": externalID,
        ]
        return known.compactMapValues(\.self)
    }
}
