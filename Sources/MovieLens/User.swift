/// A row of `u.user`.
package struct User: Sendable, Equatable {
    package let id: Int32
    /// Years.
    package let age: Int
    package let gender: Gender
    package let occupation: String
    /// Text: some have letters (Canada) or leading zeros.
    package let zipCode: String

    package enum Gender: String, Sendable {
        case female = "F"
        case male = "M"
    }

    package init(id: Int32, age: Int, gender: Gender, occupation: String, zipCode: String) {
        self.id = id
        self.age = age
        self.gender = gender
        self.occupation = occupation
        self.zipCode = zipCode
    }
}
