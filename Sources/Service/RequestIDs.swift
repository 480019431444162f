import Synchronization

/// Makes ids for requests that bring none: random for the process, counted within it.
///
/// A `UUID` opens `/dev/urandom` each time, which costs more than finding an answer in the cache.
final class RequestIDs: Sendable {
    private let process = RequestIDs.hex(UInt64.random(in: 0...UInt64.max))
    private let count = Atomic<UInt64>(0)

    /// 16 hexadecimal digits of the process, a hyphen, 16 of the request.
    func next() -> String {
        "\(process)-\(RequestIDs.hex(count.wrappingAdd(1, ordering: .relaxed).newValue))"
    }

    /// A client's own id, if it can stand in a log line: 1 to 128 letters, digits and `-_.:/`.
    static func acceptable(_ id: String?) -> String? {
        guard let id, (1...128).contains(id.utf8.count),
            id.utf8.allSatisfy({ byte in
                switch UInt8(byte) {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: ":"), UInt8(ascii: "-")...UInt8(ascii: "/"), UInt8(ascii: "_"):
                    true
                default: false
                }
            })
        else { return nil }
        return id
    }

    private static func hex(_ value: UInt64) -> String {
        String(unsafeUninitializedCapacity: 16) { bytes in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: value >> UInt64(60 - 4 * place)) & 15
                bytes[place] = digit + (digit < 10 ? UInt8(ascii: "0") : UInt8(ascii: "a") - 10)
            }
            return 16
        }
    }
}
