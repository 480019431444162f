import HTTPTypes
import Hummingbird
import HummingbirdCore
import NIOCore
import Web

/// `/` and what it is made of: the page that people use, and the client that it uses.
struct PageRoutes {
    /// Nothing inline, nothing from elsewhere: what a title holds can neither run nor call out.
    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
        "base-uri 'none'", "form-action 'none'", "frame-ancestors 'none'", "require-trusted-types-for 'script'",
    ].joined(separator: "; ")

    func add(to router: Router<ServiceContext>) {
        for file in WebFile.root {
            add(RouterPath(file.path), to: router) { _ in file }
        }
        // One pattern, so one label in the metrics, however many parts the page has.
        let parts = Dictionary(uniqueKeysWithValues: WebFile.parts.map { ($0.path, $0) })
        add("/page/{file}", to: router) { request in
            guard let part = parts[request.uri.path] else { throw HTTPError(.notFound) }
            return part
        }
    }

    private func add(
        _ path: RouterPath, to router: Router<ServiceContext>, _ find: @escaping @Sendable (Request) throws -> WebFile
    ) {
        router.get(path) { request, _ in Self.response(to: request, with: try find(request)) }
        router.head(path) { request, _ in Self.response(to: request, with: try find(request)).createHeadResponse() }
    }

    /// A browser asks each time and is sent nothing it has: the page is always the program's own.
    private static func response(to request: Request, with file: WebFile) -> Response {
        var headers: HTTPFields = [
            .eTag: file.etag, .cacheControl: "no-cache", .contentSecurityPolicy: policy,
        ]
        if let known = request.headers[.ifNoneMatch], EntityTag.isAmong(known, file.etag) {
            return Response(status: .notModified, headers: headers)
        }
        headers[.contentType] = file.contentType
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }
}
