import Foundation
import Testing

@testable import Service

@Suite struct AccessKeysTests {
    private static let reader = "reader-0123456789abcdef"
    private static let admin = "admin-0123456789abcdef"

    private func configuration(_ change: (inout AccessConfiguration) -> Void) -> AccessConfiguration {
        var configuration = AccessConfiguration()
        change(&configuration)
        return configuration
    }

    private func file(_ text: String) throws -> String {
        let path = FileManager.default.temporaryDirectory.appending(path: "keys-\(UUID())").path
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return path
    }

    @Test("a key is known by all of its bytes, and by nothing less or more")
    func exact() throws {
        let keys = try AccessKeys(
            configuration {
                $0.readKey = Self.reader
                $0.adminKey = Self.admin
            })
        #expect(keys.holder(of: Self.reader[...].utf8)?.role == .read)
        #expect(keys.holder(of: Self.admin[...].utf8)?.role == .admin)
        for wrong in [
            "", "r", String(Self.reader.dropLast()), Self.reader + "0", Self.reader + Self.reader,
            Self.reader.uppercased(),
            String(Self.reader.reversed()), "x" + Self.reader.dropFirst(),
        ] {
            #expect(keys.holder(of: wrong[...].utf8) == nil, "\(wrong)")
        }
    }

    @Test("a file holds keys one a line, with comments and empty lines between them, and is read anew when it is told")
    func files() throws {
        let path = try file("# since March\n\(Self.reader)\n\n  \(Self.admin)  \r\n")
        let ring = try #require(try KeyRing(configuration { $0.readKeyFile = path }))
        #expect(ring.look(at: "Bearer \(Self.reader)").holder?.role == .read)
        #expect(ring.look(at: "bearer  \(Self.admin)").holder?.role == .read)
        #expect(ring.look(at: nil).needsKey)
        for wrong in ["Basic \(Self.reader)", Self.reader, "Bearer", "Bearer ", "Bearer\(Self.reader)"] {
            #expect(ring.look(at: wrong).holder == nil, "\(wrong)")
        }

        try "another-key-of-sixteen\n".write(toFile: path, atomically: true, encoding: .utf8)
        try ring.reload()
        #expect(ring.look(at: "Bearer \(Self.reader)").holder == nil)
        #expect(ring.look(at: "Bearer another-key-of-sixteen").holder?.role == .read)

        // A file that has gone bad must not lock everybody out, nor let everybody in.
        try "".write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: AccessError.self) { try ring.reload() }
        #expect(ring.look(at: "Bearer another-key-of-sixteen").holder?.role == .read)
        #expect(ring.look(at: nil).needsKey)
    }

    @Test("keys that could be guessed, lost or mistaken for each other stop the start, without being shown")
    func refused() throws {
        let wrong: [(inout AccessConfiguration) -> Void] = [
            { $0.readKey = "short" }, { $0.readKey = "with a space in the middle" },
            { $0.readKey = "sechzehn-Zeichen-ü" },
            { $0.readKeyFile = "/nonexistent/keys" }, { $0.readKeyFile = "/dev/null" },
            {
                $0.readKey = Self.reader
                $0.adminKey = Self.reader
            },
        ]
        for change in wrong {
            let error = #expect(throws: AccessError.self) { try AccessKeys(configuration(change)) }
            #expect(error.map { !"\($0)".contains(Self.reader) } == true)
        }
        #expect(try KeyRing(AccessConfiguration()) == nil)
    }

    @Test("neither printing nor dumping shows a key")
    func hidden() throws {
        let keys = try AccessKeys(configuration { $0.readKey = Self.reader })
        var dumped = ""
        dump(keys, to: &dumped)
        for text in ["\(keys)", String(reflecting: keys), dumped] {
            #expect(!text.contains(Self.reader) && !text.contains(String(Self.reader.utf8.first!)), "\(text)")
        }
    }
}
