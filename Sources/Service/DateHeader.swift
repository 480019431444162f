import Foundation
import Synchronization

/// The value of the `Date` header, formatted once a second.
final class DateHeader: Sendable {
    private let latest = Mutex<(second: time_t, text: String)>((0, ""))

    /// RFC 9110, 5.6.7.
    var now: String {
        let second = time(nil)
        return latest.withLock { latest in
            if latest.second != second { latest = (second, Self.text(second)) }
            return latest.text
        }
    }

    private static func text(_ second: time_t) -> String {
        var second = second
        var parts = tm()
        gmtime_r(&second, &parts)
        // The C library's names of days and months are English as long as nobody sets a locale.
        return withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { text in
            strftime(text.baseAddress!, text.count, "%a, %d %b %Y %H:%M:%S GMT", &parts)
            return String(cString: text.baseAddress!)
        }
    }
}
