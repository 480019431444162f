import HTTPTypes
import Hummingbird

extension EncodedAnswer {
    static let contentType = "application/json; charset=utf-8"

    /// 304 where the client has this very answer.
    ///
    /// - Parameter isPersonal: of one user: no shared cache may keep it, and it is asked for again each time.
    func response(to request: Request, isPersonal: Bool) -> Response {
        var headers: HTTPFields = [.cacheControl: cacheControl(isPersonal: isPersonal)]
        if let etag { headers[.eTag] = etag }
        // What a cache keeps of one model must not answer who insists on another.
        if !isPersonal { headers[.vary] = ModelPin.name }
        if let known = request.headers[.ifNoneMatch], isAmong(tags: known) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = Self.contentType
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: body))
    }

    /// The answer to a request that is no GET, and so nobody's to keep.
    var unkept: Response {
        Response(
            status: .ok, headers: [.contentType: Self.contentType, .cacheControl: "no-store"],
            body: .init(byteBuffer: body))
    }

    /// - Parameter isPersonal: of one user.
    func cacheControl(isPersonal: Bool) -> String {
        guard etag != nil else { return "no-store" }
        return isPersonal ? "private, no-cache" : "public, max-age=60"
    }

    /// - Parameter header: of `If-None-Match`.
    func isAmong(tags header: String) -> Bool {
        etag.map { EntityTag.isAmong(header, $0) } ?? false
    }
}
