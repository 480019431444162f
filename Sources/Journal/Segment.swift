/// A file of records, as far as it is known to be on the disk.
struct Segment {
    /// The sequence number it is named by.
    let first: UInt64
    /// Bytes that are synchronised; what lies behind them was never acknowledged.
    var size: Int
    /// Records that are not confirmed.
    var unread: Int
}
