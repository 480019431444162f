import Kernels

extension Retriever {
    /// The request with everything chosen that it leaves open: `engine=auto`, and what a wanted recall needs.
    ///
    /// - Throws: ``RetrievalError``.
    package func resolved(
        _ request: SearchRequest, deadline: ContinuousClock.Instant
    ) throws(RetrievalError) -> SearchRequest {
        var request = request
        if let person = request.person { request.revision = histories.revision(of: person) }
        let hasStandardTarget = takeStandardTarget(&request)
        guard request.options.engine == .auto || request.options.recallTarget != nil,
            case .search(let search) = try asked(request).outcome
        else { return request }
        let planner = SearchPlanner(
            generation: snapshot.generation.id, calibration: calibration, index: settings.index(of: snapshot.generation)
        )
        let shape = SearchPlanner.Shape(
            space: search.space, limit: limit(search, count: candidates(request)), isFiltered: search.allowed != nil,
            rows: search.comparedRows, isGathered: search.comparedRows < search.column.matrix.rows,
            isBrief: search.isBrief)
        // Whoever did not ask for a recall is answered late rather than refused.
        let patience = hasStandardTarget ? .seconds(Int32.max) : ContinuousClock.now.duration(to: deadline)
        return try planner.resolved(request, shape, within: patience)
    }

    /// The service's own target, for a request that says nothing of how it is searched for, where what the service is set to
    /// was measured to miss it; a generation that was not calibrated goes without.
    private func takeStandardTarget(_ request: inout SearchRequest) -> Bool {
        let options = request.options
        guard options.recallTarget == nil, options.efSearch == nil, options.probes == nil, options.engine != .memory,
            !options.isExact, standardRecall.isMissed(request.route, request.count)
        else { return false }
        request.options.recallTarget = settings.recallTarget
        return true
    }
}
