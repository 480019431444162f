import Hummingbird

/// What a request carries through the service.
struct ServiceContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The client's own or one made for it; ``RequestMiddleware`` sets it before any route runs.
    var requestID = ""

    init(source: Source) { coreContext = .init(source: source) }
}
