import Foundation
import Synchronization

/// People read standard error; standard output carries results only.
enum Console {
    /// What stands in the terminal's last line and is written anew below every note; empty for nothing.
    private static let live = Mutex("")

    /// Back to the start of the line, and erase it.
    private static let clear = "\r\u{1B}[K"

    static let isTerminal = isatty(STDERR_FILENO) == 1

    static func note(_ text: String) {
        live.withLock { live in write((live.isEmpty ? "" : clear) + text + "\n" + live) }
    }

    /// Replaces the live line, only on a terminal. Whoever shows one ends with an empty one.
    static func show(live text: String) {
        guard isTerminal else { return }
        live.withLock { live in
            live = text
            write(clear + text)
        }
    }

    static func output(_ text: String) {
        FileHandle.standardOutput.write(Data((text + "\n").utf8))
    }

    /// One line of JSON with sorted keys.
    static func output(json value: some Encodable) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        output(String(decoding: try encoder.encode(value), as: UTF8.self))
    }

    /// `0.412 s`.
    static func seconds(_ duration: Duration) -> String {
        String(format: "%.3f s", duration / .seconds(1))
    }

    private static func write(_ text: String) {
        FileHandle.standardError.write(Data(text.utf8))
    }
}
