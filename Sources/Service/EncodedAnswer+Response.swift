import HTTPTypes
import Hummingbird

extension EncodedAnswer {
    private static let contentType = "application/json; charset=utf-8"

    /// 304 where the client has this very answer.
    ///
    /// - Parameter isPersonal: of one user: no shared cache may keep it, and it is asked for again each time.
    func response(to request: Request, isPersonal: Bool) -> Response {
        guard let etag else {
            return Response(
                status: .ok, headers: [.contentType: Self.contentType, .cacheControl: "no-store"],
                body: .init(byteBuffer: body))
        }
        let keeping = isPersonal ? "private, no-cache" : "public, max-age=60"
        if let known = request.headers[.ifNoneMatch], Self.matches(known, etag) {
            return Response(status: .notModified, headers: [.eTag: etag, .cacheControl: keeping])
        }
        return Response(
            status: .ok, headers: [.contentType: Self.contentType, .eTag: etag, .cacheControl: keeping],
            body: .init(byteBuffer: body))
    }

    /// RFC 9110, 13.1.2: a list of tags, compared weakly, or `*`.
    private static func matches(_ header: String, _ etag: String) -> Bool {
        header == "*"
            || header.split(separator: ",").contains { tag in
                let tag = tag.drop { $0 == " " }
                return tag == etag || "W/\(tag)" == etag
            }
    }
}
