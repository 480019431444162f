import Crypto
package import Foundation

/// SHA-256 in lower-case hex.
package enum Checksum {
    package static func sha256(_ data: Data) -> String {
        hex(SHA256.hash(data: data))
    }

    /// One checksum over several files: each one's name and size, then its bytes, in the given order.
    package static func sha256(filesAt urls: [URL]) throws(BundleError) -> String {
        var hash = SHA256()
        for url in urls {
            let data = try Checksum.map(url)
            hash.update(data: Data("\(url.lastPathComponent)\n\(data.count)\n".utf8))
            hash.update(data: data)
        }
        return hex(hash.finalize())
    }

    static func read(_ url: URL) throws(BundleError) -> Data {
        try contents(of: url, options: [])
    }

    /// For a file that is read once from its start to its end, whatever its size.
    private static func map(_ url: URL) throws(BundleError) -> Data {
        try contents(of: url, options: .mappedIfSafe)
    }

    private static func contents(of url: URL, options: Data.ReadingOptions) throws(BundleError) -> Data {
        do {
            return try Data(contentsOf: url, options: options)
        } catch {
            throw BundleError(
                .unreadable, file: url.lastPathComponent, reason: "cannot be read: \(error.localizedDescription)")
        }
    }

    private static func hex(_ digest: SHA256.Digest) -> String {
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
