import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// Transport errors under the few names by which they are counted.
enum TransportErrorKind {
    static func name(_ error: any Error) -> String {
        switch error {
        case HTTPParserError.invalidEOFState: "incomplete"
        case is HTTPParserError: "protocol"
        case ChannelError.connectTimeout: "connect timeout"
        case let error as IOError: name(errno: error.errnoCode)
        case let error as NIOConnectionError:
            error.connectionErrors.first.map { name($0.error) } ?? "name resolution"
        default: "other"
        }
    }

    private static func name(errno code: CInt) -> String {
        switch code {
        case ECONNREFUSED: "refused"
        case ECONNRESET, EPIPE: "reset"
        case ETIMEDOUT: "connect timeout"
        case EHOSTUNREACH, ENETUNREACH: "no route"
        case EMFILE, ENFILE, EADDRNOTAVAIL: "out of sockets"
        default: "errno \(code)"
        }
    }
}
