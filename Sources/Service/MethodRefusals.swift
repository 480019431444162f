import HTTPTypes
import Hummingbird

/// 405 with `Allow` for the methods that a path has no route for; 404 would deny that there is the path.
enum MethodRefusals {
    private static let methods: [HTTPRequest.Method] = [
        .get, .head, .post, .put, .patch, .delete, .options, .trace, .init("QUERY")!,
    ]

    /// - Parameter router: one that has all its routes.
    static func add(to router: Router<ServiceContext>) {
        for (path, routes) in Dictionary(grouping: router.routes, by: { $0.path.description }) {
            var allowed = Set(routes.map(\.method))
            // The router makes it of GET.
            if allowed.contains(.get) { allowed.insert(.head) }
            let refusal = Problem.methodNotAllowed(allowed.map(\.rawValue).sorted())
            for method in methods where !allowed.contains(method) {
                router.on(RouterPath(path), method: method) { _, _ -> Response in throw refusal }
            }
        }
    }
}
