import Foundation

/// The keys that open the service.
///
/// They are compared in a time that depends on what was sent and on nothing that is kept, and never shown.
struct AccessKeys: Sendable, CustomStringConvertible, CustomReflectable {
    enum Role: Sendable { case read, admin }

    /// Whose key it is that came with a request.
    struct Holder: Sendable, Hashable {
        let role: Role
        let index: Int
    }

    /// Shorter keys can be guessed, and so can those of few different characters; the second is the operator's to know.
    private static let lengths = 16...512

    private let keys: [(role: Role, bytes: [UInt8])]

    var hasReadKeys: Bool { keys.contains { $0.role == .read } }
    var hasAdminKeys: Bool { keys.contains { $0.role == .admin } }

    var description: String { "\(keys.count) keys" }
    var customMirror: Mirror { Mirror(self, children: [:]) }

    /// Reads the files, if there are any; blocks meanwhile.
    init(_ configuration: AccessConfiguration) throws(AccessError) {
        var keys: [(Role, [UInt8])] = []
        let sources: [(Role, String, String?, String?)] = [
            (.read, "read.key", configuration.readKey, configuration.readKeyFile),
            (.admin, "admin.key", configuration.adminKey, configuration.adminKeyFile),
        ]
        for (role, name, key, file) in sources {
            if let key { keys.append((role, try Self.checked(key, of: name))) }
            guard let file else { continue }
            let lines = try Self.lines(of: file, name)
            for line in lines { keys.append((role, try Self.checked(line, of: "\(name).file \(file)"))) }
        }
        let texts = keys.map { $0.1 }
        guard Set(texts).count == texts.count else {
            throw AccessError(description: "a key is given twice: every reader and every admin needs one of its own")
        }
        self.keys = keys.map { (role: $0.0, bytes: $0.1) }
    }

    /// Whose key that is; nil for nobody's.
    func holder(of presented: Substring.UTF8View) -> Holder? {
        var found: Holder?
        for (index, key) in keys.enumerated() where Self.isEqual(presented, key.bytes) {
            found = Holder(role: key.role, index: index)
        }
        return found
    }

    /// Looks at every byte that was sent, whether or not one differed before it.
    private static func isEqual(_ presented: Substring.UTF8View, _ key: [UInt8]) -> Bool {
        var (difference, count) = (UInt8(0), 0)
        for byte in presented {
            difference |= byte ^ key[count % key.count]
            count += 1
        }
        return difference == 0 && count == key.count
    }

    private static func lines(of file: String, _ name: String) throws(AccessError) -> [String] {
        let text: String
        do {
            text = try String(contentsOfFile: file, encoding: .utf8)
        } catch {
            throw AccessError(description: "\(name).file \(file) cannot be read: \(error.localizedDescription)")
        }
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        // An empty file must not open what a key was meant to close.
        guard !lines.isEmpty else { throw AccessError(description: "\(name).file \(file) has no key") }
        return lines
    }

    private static func checked(_ key: String, of source: String) throws(AccessError) -> [UInt8] {
        let bytes = Array(key.utf8)
        guard lengths.contains(bytes.count), bytes.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw AccessError(
                description: "\(source): a key is \(lengths.lowerBound) to \(lengths.upperBound) printable ASCII "
                    + "characters without spaces: `openssl rand -hex 32` makes one")
        }
        return bytes
    }
}
