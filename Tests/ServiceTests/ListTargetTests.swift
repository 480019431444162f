import Retrieval
import Testing

@testable import Service

@Suite struct ListTargetTests {
    @Test(
        "a plain target is read",
        arguments: [
            ("/v1/movies/1/similar", RetrievalMetrics.Route.similar, 1, 10, SearchOptions.Engine.pgvector),
            ("/v1/movies/2147483647/similar?k=100", .similar, .max, 100, .pgvector),
            ("/v1/users/42/recommendations?k=7&engine=memory", .recommendations, 42, 7, .memory),
            ("/v1/users/42/recommendations?engine=pgvector&k=1", .recommendations, 42, 1, .pgvector),
            ("/v1/movies/007/similar?engine=memory", .similar, 7, 10, .memory),
        ])
    func plain(target: String, route: RetrievalMetrics.Route, id: Int32, count: Int, engine: SearchOptions.Engine) {
        var options = SearchOptions()
        options.engine = engine
        #expect(ListTarget(target)?.request == SearchRequest(route, of: id, count: count, options: options))
    }

    @Test(
        "every other target is the router's",
        arguments: [
            "", "/", "/v1/movies/", "/v1/movies/1", "/v1/movies//similar", "/v1/movies/0/similar",
            "/v1/movies/-1/similar", "/v1/movies/+1/similar", "/v1/movies/2147483648/similar",
            "/v1/movies/99999999999999999999/similar", "/v1/movies/1/similar/", "/v1/movies/1/similar?",
            "/v1/movies/1/similar?k", "/v1/movies/1/similar?k=", "/v1/movies/1/similar?k=0",
            "/v1/movies/1/similar?k=101", "/v1/movies/1/similar?k=1&", "/v1/movies/1/similar?k=1&k=1",
            "/v1/movies/1/similar?&k=1", "/v1/movies/1/similar?k=1;engine=memory", "/v1/movies/1/similar?k=%31",
            "/v1/movies/1/similar?engine=memories", "/v1/movies/1/similar?engine=memory&engine=memory",
            "/v1/movies/1/similar?engine=Memory", "/v1/movies/1/similar?exact=true", "/v1/movies/1/similar#k",
            "/v1/movies/1/recommendations", "/v1/users/1/similar", "/V1/movies/1/similar",
            "http://host/v1/movies/1/similar", "/v1/movies/1/similar?k=1 ", "/v1/movies/１/similar", "*",
        ])
    func unusual(target: String) {
        #expect(ListTarget(target) == nil)
    }
}
