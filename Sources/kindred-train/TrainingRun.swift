/// What `train --json` prints.
struct TrainingRun: Encodable {
    /// The bundle's folder.
    let bundle: String
    let name: String
    let version: String
    let contentHash: String
    /// True when the same bundle had been written before.
    let alreadyThere: Bool
    let synthetic: Bool
    let users: Int
    let items: Int
    let interactions: Int
    let skippedRows: Int
    /// The most memory the process has had resident.
    let peakBytes: Int
    let metrics: [String: Double]
    /// Seconds by stage.
    let timings: [String: Double]

    enum CodingKeys: String, CodingKey {
        case bundle, name, version, synthetic, users, items, interactions, metrics, timings
        case contentHash = "content_hash"
        case skippedRows = "skipped_rows"
        case peakBytes = "peak_bytes"
        case alreadyThere = "already_there"
    }
}
