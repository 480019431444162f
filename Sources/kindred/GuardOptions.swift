import ArgumentParser
import Service
import Settings

/// How long a client of the port may take, and how much it may send.
struct GuardOptions: ParsableArguments {
    @Option(help: "Seconds in which a request's head must be complete, 1 to 3600 (default: 10).")
    var httpHeaderSeconds: Int?

    @Option(help: "Seconds in which a body must come, and an answer be taken, 1 to 3600 (default: 30).")
    var httpBodySeconds: Int?

    @Option(help: "Seconds for which a connection may be idle between requests, 1 to 86400 (default: 75).")
    var httpIdleSeconds: Int?

    @Option(help: "Bytes of a request's target and header fields, 1024 to 1048576 (default: 32768).")
    var httpHeaderBytes: Int?

    func limits(_ settings: Settings) throws -> ConnectionLimits {
        var limits = ConnectionLimits()
        limits.headerSeconds = try settings.int(
            "http.header.seconds", flag: httpHeaderSeconds, default: limits.headerSeconds, in: 1...3600)
        limits.bodySeconds = try settings.int(
            "http.body.seconds", flag: httpBodySeconds, default: limits.bodySeconds, in: 1...3600)
        limits.idleSeconds = try settings.int(
            "http.idle.seconds", flag: httpIdleSeconds, default: limits.idleSeconds, in: 1...86_400)
        limits.headerBytes = try settings.int(
            "http.header.bytes", flag: httpHeaderBytes, default: limits.headerBytes, in: 1024...(1 << 20))
        return limits
    }
}
