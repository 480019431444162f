import Foundation
import NIOCore

/// Where a client is, as far as it cannot choose it at will: an IPv4 address, or the /64 of an IPv6 one.
struct ClientAddress: Hashable, Sendable {
    private let network: UInt64

    /// Everybody whose address is not known, as over a Unix socket, is one client.
    init(_ address: SocketAddress?) {
        switch address {
        case .v4(let address):
            network = UInt64(UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            let bytes = withUnsafeBytes(of: address.address.sin6_addr) { Array($0) }
            // ::ffff:a.b.c.d, an IPv4 client of a socket that listens on both.
            let isMapped = bytes[..<10].allSatisfy { $0 == 0 } && bytes[10] == 0xff && bytes[11] == 0xff
            network = (isMapped ? bytes[12...] : bytes[..<8]).reduce(0) { $0 << 8 | UInt64($1) }
        case .unixDomainSocket, nil: network = 0
        }
    }
}
