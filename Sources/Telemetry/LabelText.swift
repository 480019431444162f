/// Labels as the text between the braces of a sample, rendered once.
enum LabelText {
    /// `method="GET",route="similar"`: sorted by name, so that the order of writing does not matter.
    static func render(_ labels: KeyValuePairs<String, String>) -> String {
        let sorted = labels.sorted { $0.key < $1.key }
        for (label, next) in zip(sorted, sorted.dropFirst()) {
            precondition(label.key != next.key, "the label \(label.key) is given twice")
        }
        return sorted.map { "\($0.key)=\"\(escape($0.value))\"" }.joined(separator: ",")
    }

    private static func escape(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }
}
