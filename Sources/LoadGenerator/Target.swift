import Foundation

/// Where requests go and how their paths are made.
package struct Target: Sendable, Equatable {
    /// As it is connected to, without the brackets of an IPv6 address.
    package let host: String
    package let port: Int
    /// As the Host header says it.
    package let authority: String
    private let pathParts: [String]

    /// - Parameters:
    ///   - url: `http://host[:port]`, with a path that goes before every request's, if any.
    ///   - path: from the first slash on; every `{id}` in it stands for the id of a request.
    package init(url: String, path: String) throws(LoadPlanError) {
        guard let components = URLComponents(string: url), let host = components.host, !host.isEmpty else {
            throw .invalid("'\(url)' is not a URL such as http://127.0.0.1:8080")
        }
        guard components.scheme == "http" else {
            throw .invalid("'\(url)': only http is spoken, not \(components.scheme ?? "nothing")")
        }
        guard components.query == nil, components.fragment == nil else {
            throw .invalid("'\(url)': what follows the ? or # belongs to the path")
        }
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .invalid("the path '\(path)' must begin with / and be percent-encoded")
        }
        port = components.port ?? 80
        guard (1...65_535).contains(port) else { throw .invalid("'\(url)': there is no port \(port)") }
        authority = components.port.map { "\(host):\($0)" } ?? host
        self.host = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
        let base = components.percentEncodedPath
        pathParts = ((base.hasSuffix("/") ? String(base.dropLast()) : base) + path)
            .split(separator: "{id}", omittingEmptySubsequences: false).map(String.init)
    }

    package func path(id: Int) -> String {
        pathParts.count == 1 ? pathParts[0] : pathParts.joined(separator: String(id))
    }
}
