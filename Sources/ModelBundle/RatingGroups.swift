/// The groups of users whose taste a predicted rating may lean on, from the attributes of a `CatalogueUser`.
package enum RatingGroups {
    /// The lower ends of the age groups, in years: those of MovieLens 1M.
    private static let ages = [0, 18, 25, 35, 45, 50, 56]

    /// The attributes that take part.
    package static let attributes = ["age", "gender", "occupation"]

    /// `age=25` (to 34), `gender=F`, `occupation=writer`; none for what is not known.
    package static func names(_ attributes: [String: String]) -> [String] {
        var names: [String] = []
        if let age = attributes["age"].flatMap({ Int($0) }), let start = ages.last(where: { $0 <= age }) {
            names.append("age=\(start)")
        }
        for key in ["gender", "occupation"] {
            if let value = attributes[key] { names.append("\(key)=\(value)") }
        }
        return names
    }
}
