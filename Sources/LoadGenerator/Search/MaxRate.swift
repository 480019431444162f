/// Searches for the highest rate at which p99 stays within an objective and every answer is right.
package struct MaxRate: Sendable {
    package let plan: LoadPlan
    package let objectiveP99Ms: Double
    /// How often the whole search is done, for the interval.
    package let repeats: Int
    package let precision: Double

    package init(plan: LoadPlan, objectiveP99Ms: Double, repeats: Int, precision: Double) throws(LoadPlanError) {
        guard plan.shape.mode == .open else { throw .invalid("only an open loop has a rate to search for") }
        guard objectiveP99Ms > 0 else { throw .invalid("the objective must be above 0 ms, not \(objectiveP99Ms)") }
        guard (1...100).contains(repeats) else { throw .invalid("repeats must be from 1 to 100, not \(repeats)") }
        guard (0.001...1).contains(precision) else {
            throw .invalid("the precision must be from 0.001 to 1, not \(precision)")
        }
        self.plan = plan
        self.objectiveP99Ms = objectiveP99Ms
        self.repeats = repeats
        self.precision = precision
    }

    /// - Parameter progress: called after each step.
    package func run(progress: (MaxRateResult.Step) -> Void) async throws -> ([Double], [MaxRateResult.Step]) {
        var rates: [Double] = []
        var steps: [MaxRateResult.Step] = []
        for number in 1...repeats {
            // Later searches begin where the first ended, so that they look at the knee and not at the way to it.
            var search = RateSearch(start: rates.last.map { max($0, 1) } ?? plan.shape.rate, precision: precision)
            while let rate = search.next {
                let report = try await LoadTest.run(
                    plan.with {
                        $0.rate = rate
                        // Other arrivals each time: a search must not learn one burst by heart.
                        $0.seed = plan.shape.seed &+ UInt64(steps.count)
                    })
                let bottleneck = report.generator.bottleneck
                let held = report.isFaultless && (report.p99Ms ?? .infinity) <= objectiveP99Ms
                let step = MaxRateResult.Step(
                    search: number, rate: rate, p99Ms: report.p99Ms, held: held, bottleneck: bottleneck)
                steps.append(step)
                progress(step)
                search.record(rate, held: held)
            }
            rates.append(search.highestHeld)
        }
        return (rates, steps)
    }
}
