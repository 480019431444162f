/// Runs a scenario: the load and, at their times, the actions.
package enum ScenarioRun {
    /// - Throws: what `LoadTest.run` throws.
    package static func run(_ plan: LoadPlan, actions: [Action]) async throws -> (LoadReport, [ActionRecord]) {
        guard !actions.isEmpty else { return (try await LoadTest.run(plan), []) }
        // The load begins once its connections stand; on a loopback that is milliseconds after this.
        let runner = ActionRunner(actions: actions, origin: .now + .seconds(plan.shape.warmup))
        let acting = Task { try await runner.run() }
        do {
            let report = try await LoadTest.run(plan)
            return (report, try await acting.value)
        } catch {
            // What is not begun must not happen to a service that is not under load.
            acting.cancel()
            throw error
        }
    }
}
