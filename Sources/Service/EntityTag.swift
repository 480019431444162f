/// RFC 9110, 13.1.2.
enum EntityTag {
    /// Whether a tag is in a list of them, compared weakly; `*` has them all.
    ///
    /// - Parameter header: of `If-None-Match`.
    static func isAmong(_ header: String, _ etag: String) -> Bool {
        header == "*"
            || header.split(separator: ",").contains { tag in
                opaque(tag.drop { $0 == " " }) == opaque(etag[...])
            }
    }

    private static func opaque(_ tag: Substring) -> Substring {
        tag.hasPrefix("W/") ? tag.dropFirst(2) : tag
    }
}
