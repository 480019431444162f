/// Someone who rates: a row of `u.user`, or an id that ratings name where a data set has no profiles.
package struct User: Sendable, Equatable {
    package let id: Int32
    /// Years. This and the next three are nil in data sets without profiles.
    package let age: Int?
    package let gender: Gender?
    package let occupation: String?
    /// Text: some have letters (Canada) or leading zeros.
    package let zipCode: String?
    /// The data set's own id, where it is not a number that `id` could be.
    package let externalID: String?

    package enum Gender: String, Sendable {
        case female = "F"
        case male = "M"
    }

    package init(
        id: Int32, age: Int? = nil, gender: Gender? = nil, occupation: String? = nil, zipCode: String? = nil,
        externalID: String? = nil
    ) {
        self.id = id
        self.age = age
        self.gender = gender
        self.occupation = occupation
        self.zipCode = zipCode
        self.externalID = externalID
    }
}
