import NIOHTTP1
import Synchronization

/// The keys that hold now; they can be read anew while the service runs.
final class KeyRing: Sendable {
    private let configuration: AccessConfiguration
    private let keys: Mutex<AccessKeys>

    /// Nil where no key is set.
    init?(_ configuration: AccessConfiguration) throws(AccessError) {
        let keys = try AccessKeys(configuration)
        guard keys.hasReadKeys || keys.hasAdminKeys else { return nil }
        self.configuration = configuration
        self.keys = Mutex(keys)
    }

    var hasAdminKeys: Bool { keys.withLock { $0.hasAdminKeys } }

    /// Reads the files again; when it throws, the former keys hold on.
    func reload() throws(AccessError) {
        let fresh = try AccessKeys(configuration)
        keys.withLock { $0 = fresh }
    }

    /// Whose key came with the request, and whether anybody may read without one.
    ///
    /// - Parameter authorization: the value of the header.
    func look(at authorization: String?) -> (holder: AccessKeys.Holder?, needsKey: Bool) {
        let key = authorization.flatMap(Self.key)
        return keys.withLock { keys in (key.flatMap { keys.holder(of: $0) }, keys.hasReadKeys) }
    }

    /// RFC 6750, 2.1: the scheme in any case, one or more spaces, the key.
    private static func key(_ authorization: String) -> Substring.UTF8View? {
        let scheme = "bearer ".utf8
        guard authorization.utf8.count > scheme.count, zip(authorization.utf8, scheme).allSatisfy({ $0 | 0x20 == $1 })
        else { return nil }
        return authorization.utf8.dropFirst(scheme.count).drop { $0 == UInt8(ascii: " ") }
    }
}
