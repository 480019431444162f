package import Foundation

/// Records to be dealt with and then confirmed together.
package struct JournalBatch: Sendable {
    /// The payloads, in the order they were appended.
    package let payloads: [Data]
    let last: UInt64
    /// Where the batch ends in the segment.
    let end: Int
}
