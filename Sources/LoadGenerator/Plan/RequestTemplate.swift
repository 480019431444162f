import Foundation

/// One kind of request in a load's mix.
package struct RequestTemplate: Sendable {
    package let name: String
    /// An HTTP method in capitals.
    package let method: String
    /// As it was written, with its places for ids.
    package let path: String
    package let body: String?
    package let ids: IDSet
    package let distribution: Distribution
    /// How often it is sent, relative to the others of the mix.
    package let weight: Double
    /// What a service must be able to do to answer it; nil when any can.
    package let needs: String?

    let pathTemplate: TextTemplate
    let bodyTemplate: TextTemplate?

    /// - Throws: `LoadPlanError` that says what cannot be sent.
    package init(
        name: String = "request", method: String = "GET", path: String, body: String? = nil, ids: IDSet = .range(1...1),
        distribution: Distribution = .uniform, weight: Double = 1, needs: String? = nil
    ) throws(LoadPlanError) {
        guard ["GET", "POST", "PUT", "PATCH", "DELETE"].contains(method) else {
            throw .invalid("the method '\(method)' is none of GET, POST, PUT, PATCH, DELETE")
        }
        guard body == nil || method != "GET" else { throw .invalid("a GET request has no body") }
        guard path.hasPrefix("/"), path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7f }) else {
            throw .invalid("the path '\(path)' must begin with / and be percent-encoded")
        }
        guard weight > 0, weight.isFinite else { throw .invalid("the weight must be above 0, not \(weight)") }
        self.name = name
        self.method = method
        self.path = path
        self.body = body
        self.ids = ids
        self.distribution = distribution
        self.weight = weight
        self.needs = needs
        pathTemplate = try TextTemplate(path)
        bodyTemplate = try body.map { text throws(LoadPlanError) in try TextTemplate(text) }
        var sampler = IDSampler(distribution, ids: ids, seed: 0)
        let example = pathTemplate.render(id: ids[0], from: &sampler)
        guard !example.contains(where: { "{}".contains($0) }) else {
            throw .invalid("the path '\(path)' has braces around something else than id or ids:NUMBER")
        }
        if let bodyTemplate {
            let text = bodyTemplate.render(id: ids[0], from: &sampler)
            let isJSON = (try? JSONSerialization.jsonObject(with: Data(text.utf8))) != nil
            guard isJSON else { throw .invalid("the body is not JSON once its ids stand in it: \(text)") }
        }
    }
}
