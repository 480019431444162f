import NIOCore
import Synchronization

/// A token bucket for each client, in bounded memory.
///
/// A bucket is one number, the moment at which it will be full again (the generic cell rate algorithm, ITU-T I.371): a
/// full bucket needs no memory, and nothing has to be refilled.
final class RateLimiter: Sendable {
    enum Client: Hashable, Sendable {
        /// By its place among the keys.
        case key(AccessKeys.Holder)
        case address(ClientAddress)
    }

    private struct Buckets {
        /// Nanoseconds. Two tables instead of an order: what is used goes to the younger one, and when that has grown
        /// to its bound the older one goes, with every bucket that was not used for as long as it took.
        var younger: [Client: Int64] = [:]
        var older: [Client: Int64] = [:]

        mutating func store(_ full: Int64, for client: Client, most: Int) {
            if younger.count >= most, younger[client] == nil {
                older = younger
                younger = [:]
            }
            younger[client] = full
        }
    }

    let limit: RateLimit
    private let mostClients: Int
    private let now: @Sendable () -> Int64
    private let buckets = Mutex(Buckets())

    /// - Parameters:
    ///   - mostClients: most buckets held; each takes about 50 bytes.
    ///   - now: nanoseconds that never go back.
    init(
        _ limit: RateLimit, mostClients: Int = 131_072,
        now: @escaping @Sendable () -> Int64 = { Int64(NIODeadline.now().uptimeNanoseconds) }
    ) {
        self.limit = limit
        self.mostClients = mostClients
        self.now = now
    }

    /// Buckets held.
    var clients: Int { buckets.withLock { $0.younger.count + $0.older.count } }

    /// Takes a token where there is one; a refused request costs nothing. O(1).
    func take(for client: Client) -> RateAllowance {
        let interval = limit.interval
        let capacity = interval * Int64(limit.burst)
        let now = now()
        let (full, isGranted) = buckets.withLock { buckets in
            let former = max(now, buckets.younger[client] ?? buckets.older[client] ?? now)
            let wanted = former + interval
            let isGranted = wanted - now <= capacity
            let full = isGranted ? wanted : former
            buckets.store(full, for: client, most: max(1, mostClients / 2))
            return (full, isGranted)
        }
        let free = capacity - (full - now)
        return RateAllowance(
            isGranted: isGranted, remaining: Int(max(0, free) / interval), secondsUntilFull: Self.seconds(full - now),
            retryAfter: isGranted ? 0 : max(1, Self.seconds(interval - free)))
    }

    private static func seconds(_ nanoseconds: Int64) -> Int {
        Int((max(0, nanoseconds) + 999_999_999) / 1_000_000_000)
    }
}
