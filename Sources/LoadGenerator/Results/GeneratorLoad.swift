/// What the generator itself did while it measured, and whether that can be trusted.
package struct GeneratorLoad: Sendable, Codable {
    /// Of one core; 1 is all that its single loop can use.
    package let cpuShare: Double
    package let pacingP50Ms: Double?
    package let pacingP99Ms: Double?
    package let scheduling: Scheduling
    /// Why the generator, not the service, may have set the result; nil when it did not.
    package let bottleneck: String?

    /// From here on requests queue inside the generator itself.
    package static let cpuShareBound = 0.9
    /// A pacing error above it is no longer small beside the latencies that a service level objective speaks of.
    package static let pacingBoundMs = 1.0

    init(cpuShare: Double, pacingP50Ms: Double?, pacingP99Ms: Double?, scheduling: Scheduling) {
        self.cpuShare = cpuShare
        self.pacingP50Ms = pacingP50Ms
        self.pacingP99Ms = pacingP99Ms
        self.scheduling = scheduling
        var reasons: [String] = []
        if cpuShare >= Self.cpuShareBound {
            reasons.append("it used \(Text.number(cpuShare * 100, 0)) % of one core (bound 90 %)")
        }
        if let pacingP99Ms, pacingP99Ms > Self.pacingBoundMs {
            reasons.append("its own delay had a p99 of \(Text.number(pacingP99Ms, 3)) ms (bound 1 ms)")
        }
        bottleneck = reasons.isEmpty ? nil : "the generator was the bottleneck: " + reasons.joined(separator: ", ")
    }

    private enum CodingKeys: String, CodingKey {
        case cpuShare = "cpu_share"
        case pacingP50Ms = "pacing_p50_ms"
        case pacingP99Ms = "pacing_p99_ms"
        case scheduling, bottleneck
    }
}
