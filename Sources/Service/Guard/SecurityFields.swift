import NIOHTTP1

/// What every answer tells a browser not to do with it.
enum SecurityFields {
    /// For what is no page: nothing in it may load, run or be framed.
    private static let plain: [(String, String)] = [
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Referrer-Policy", "no-referrer"),
        ("X-Content-Type-Options", "nosniff"),
    ]

    static var count: Int { plain.count }

    static func add(to headers: inout HTTPHeaders) {
        for (name, value) in plain { headers.add(name: name, value: value) }
    }

    /// Leaves what the route has said for itself, as a page does of what it loads.
    static func addMissing(to headers: inout HTTPHeaders) {
        if headers.contains(name: "Content-Security-Policy") {
            headers.replaceOrAdd(name: "X-Frame-Options", value: "DENY")
        }
        for (name, value) in plain where !headers.contains(name: name) { headers.add(name: name, value: value) }
    }
}
