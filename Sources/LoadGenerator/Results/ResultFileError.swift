/// A file of results that cannot be used.
package struct ResultFileError: Error, CustomStringConvertible {
    package let description: String

    package init(file: String, reason: String) {
        description = "\(file): \(reason)"
    }
}
