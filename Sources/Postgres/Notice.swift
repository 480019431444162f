import CPostgres
import Synchronization

/// A message the server sent beside a result: never an error, never to be lost.
package struct Notice: Sendable, Equatable, CustomStringConvertible {
    /// `NOTICE`, `WARNING`, … in English whatever the server's language.
    package let severity: String
    package let message: String
    package let sqlState: String?
    package let hint: String?

    package var description: String { "\(severity): \(message)" + (hint.map { " (hint: \($0))" } ?? "") }
}

/// Where libpq's notice receiver leaves what it is handed, until the lessee takes it.
final class NoticeBox: Sendable {
    private let notices = Mutex<[Notice]>([])

    func take() -> [Notice] {
        notices.withLock { notices in
            defer { notices = [] }
            return notices
        }
    }

    /// The box must outlive the connection; `Connection` holds it until after `PQfinish`.
    func attach(to handle: OpaquePointer) {
        PQsetNoticeReceiver(
            handle,
            { box, result in
                guard let box, let result else { return }
                Unmanaged<NoticeBox>.fromOpaque(box).takeUnretainedValue().receive(result)
            }, Unmanaged.passUnretained(self).toOpaque())
    }

    private func receive(_ result: OpaquePointer) {
        let notice = Notice(
            severity: errorField(result, "V") ?? "NOTICE", message: errorField(result, "M") ?? "",
            sqlState: errorField(result, "C"), hint: errorField(result, "H"))
        notices.withLock { $0.append(notice) }
    }
}

/// One field of an error or notice, by its letter in the protocol (`PG_DIAG_…` are C macros of characters).
func errorField(_ result: OpaquePointer, _ letter: Unicode.Scalar) -> String? {
    PQresultErrorField(result, Int32(letter.value)).map { String(cString: $0) }
}
