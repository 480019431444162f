/// One load test, checked.
package struct LoadPlan: Sendable {
    package let endpoint: Endpoint
    /// Not empty.
    package let mix: [RequestTemplate]
    package let shape: LoadShape
    /// Ends after so many requests, even before the time is over; nil for the time alone.
    package let requestLimit: Int?

    /// - Throws: `LoadPlanError` that says which value cannot be used and why.
    package init(endpoint: Endpoint, mix: [RequestTemplate], shape: LoadShape, requestLimit: Int? = nil)
        throws(LoadPlanError)
    {
        try shape.check()
        guard !mix.isEmpty else { throw .invalid("there is no request to send") }
        self.endpoint = endpoint
        self.mix = mix
        self.shape = shape
        self.requestLimit = requestLimit
    }

    /// The same requests to the same service under another load.
    package func with(_ change: (inout LoadShape) -> Void) throws(LoadPlanError) -> LoadPlan {
        var shape = shape
        change(&shape)
        return try LoadPlan(endpoint: endpoint, mix: mix, shape: shape, requestLimit: requestLimit)
    }
}
