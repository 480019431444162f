/// Where the service's own `ef_search` or `probes` was measured to find less than it is set to find. Looked up by every
/// request, so it is worked out once.
struct StandardRecall: Sendable {
    /// By route, in the order of their cases: the numbers of results that were measured, ascending.
    private let measured: [[(count: Int, isMissed: Bool)]]

    init(_ settings: SearchSettings, _ generation: ActiveGeneration, _ calibration: Calibration) {
        guard let target = settings.recallTarget, let index = settings.index(of: generation) else {
            measured = RetrievalMetrics.Route.allCases.map { _ in [] }
            return
        }
        measured = RetrievalMetrics.Route.allCases.map { route in
            let points = calibration.points.filter {
                $0.parameter == index.parameter && $0.space == route.space && $0.value <= index.standard
            }
            return Set(points.map(\.count)).sorted().map { count in
                // What was measured of less speaks for it where it was not measured itself.
                let nearest = points.filter { $0.count == count }.max { $0.value < $1.value }!
                return (count, nearest.recall < target)
            }
        }
    }

    /// What was measured for more results stands for fewer. False where nothing was measured.
    func isMissed(_ route: RetrievalMetrics.Route, _ count: Int) -> Bool {
        let measured = measured[route.index]
        return (measured.first { $0.count >= count } ?? measured.last)?.isMissed ?? false
    }
}
