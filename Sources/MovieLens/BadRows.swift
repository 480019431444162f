/// Rows that were skipped, up to as many as the caller allows.
package struct BadRows: Sendable {
    /// In the order they were met.
    package private(set) var skipped: [MovieLensError] = []
    private let limit: Int

    package init(limit: Int = 0) { self.limit = limit }

    /// Takes note of a bad row.
    ///
    /// - Throws: the error itself once there are more than `limit`.
    mutating func skip(_ error: MovieLensError) throws {
        guard skipped.count < limit else {
            guard limit > 0 else { throw error }
            throw MovieLensError(
                error.code, file: error.file, line: error.line,
                reason: "\(error.reason); \(limit) bad rows were skipped before, which is all that is allowed")
        }
        skipped.append(error)
    }
}
