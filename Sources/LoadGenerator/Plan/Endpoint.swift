import Foundation

/// A service as requests reach it.
package struct Endpoint: Sendable, Equatable {
    /// As it is connected to, without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    /// As the Host header says it.
    package let authority: String
    /// What goes before every path; empty or from a slash on, without one at the end.
    package let prefix: String

    /// - Parameter url: `http://host[:port][/prefix]`.
    package init(url: String) throws(LoadPlanError) {
        guard let components = URLComponents(string: url), let host = components.host, !host.isEmpty else {
            throw .invalid("'\(url)' is not a URL such as http://127.0.0.1:8080")
        }
        guard components.scheme == "http" else {
            throw .invalid("'\(url)': only http is spoken, not \(components.scheme ?? "nothing")")
        }
        guard components.query == nil, components.fragment == nil else {
            throw .invalid("'\(url)': what follows the ? or # belongs to the path")
        }
        port = components.port ?? 80
        guard (1...65_535).contains(port) else { throw .invalid("'\(url)': there is no port \(port)") }
        authority = components.port.map { "\(host):\($0)" } ?? host
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let base = components.percentEncodedPath
        prefix = base.hasSuffix("/") ? String(base.dropLast()) : base
    }
}
