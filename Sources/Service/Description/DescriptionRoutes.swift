import HTTPTypes
import Hummingbird
import NIOCore

/// `/openapi.json`: what the routes take and answer. `/docs`, which is part of the page, shows it.
struct DescriptionRoutes {
    private let document: EncodedAnswer

    /// - Parameter router: one that has all the routes that are to be described.
    init(of router: Router<ServiceContext>) throws {
        let described = Operations.all.filter { operation in
            router.routes.contains { $0.method == operation.method && $0.path.description == operation.path }
        }
        document = try EncodedAnswer(OpenAPIDocument.make(of: described), isKept: true)
    }

    func add(to router: Router<ServiceContext>) {
        router.get("/openapi.json") { [document] request, _ in
            document.response(to: request, isPersonal: false)
        }
    }
}
