/// Why recall cannot be computed from a service's answers.
package struct RecallError: Error, CustomStringConvertible {
    package let description: String
}
