import Hummingbird
import Retrieval

/// `GET /v1/movies`: the catalogue listed, looked through by title, or by id.
struct CatalogueRoutes {
    let current: CurrentRetriever

    func add(to router: some RouterMethods<ServiceContext>) {
        router.on(Operations.catalogue) { request, _, parameters in
            let page = try await current.retriever.page(try CatalogueParameters(parameters).query)
            return try EncodedAnswer(CatalogueBody(page), isKept: !page.isDegraded)
                .response(to: request, isPersonal: false)
        }
    }
}
