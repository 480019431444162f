import NIOHTTP1

/// Draws the requests of a mix; the same seed gives the same requests in the same order, whatever their times.
struct RequestSource {
    private let mix: [RequestTemplate]
    private let methods: [HTTPMethod]
    private let prefix: String
    /// The upper ends of the templates' shares of 0 ..< 1.
    private let shares: [Double]
    private var samplers: [IDSampler]
    private var generator: SeededGenerator

    struct Request {
        let template: Int
        let id: Int
        let method: HTTPMethod
        let path: String
        let body: String?
    }

    init(_ plan: LoadPlan) {
        mix = plan.mix
        methods = mix.map { HTTPMethod(rawValue: $0.method) }
        prefix = plan.endpoint.prefix
        let total = mix.reduce(0) { $0 + $1.weight }
        var sum = 0.0
        shares = mix.map {
            sum += $0.weight
            return sum / total
        }
        // Seeds of their own: the same ids follow each other whatever the arrivals.
        let seed = ~plan.shape.seed
        samplers = mix.enumerated().map {
            IDSampler($0.element.distribution, ids: $0.element.ids, seed: seed &- UInt64($0.offset))
        }
        generator = SeededGenerator(seed: seed ^ 0x5bd1_e995)
    }

    mutating func next() -> Request {
        var template = 0
        if mix.count > 1 {
            let drawn = generator.unit()
            template = shares.firstIndex { drawn < $0 } ?? mix.count - 1
        }
        let id = samplers[template].next()
        return Request(
            template: template, id: id, method: methods[template],
            path: prefix + mix[template].pathTemplate.render(id: id, from: &samplers[template]),
            body: mix[template].bodyTemplate?.render(id: id, from: &samplers[template]))
    }
}
