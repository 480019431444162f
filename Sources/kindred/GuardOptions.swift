import ArgumentParser
import Service
import Settings

/// Who may use the port, how often, and how long they may take.
///
/// The keys themselves are no flags, which `ps` would show: they come from the environment, the settings file or a file
/// of their own.
struct GuardOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Keys that /v1 needs, one a line (default: none is needed).", valueName: "file"))
    var readKeyFile: String?

    @Option(help: ArgumentHelp("Keys of the admin routes, one a line (default: no admin routes).", valueName: "file"))
    var adminKeyFile: String?

    @Option(help: ArgumentHelp("Certificate chain, PEM (default: none, plain HTTP).", valueName: "file"))
    var tlsCertificateFile: String?

    @Option(help: ArgumentHelp("The certificate's private key, PEM (default: none).", valueName: "file"))
    var tlsKeyFile: String?

    @Option(help: "Origins whose pages may read the answers, with commas between them, or * (default: none).")
    var corsOrigins: String?

    @Option(help: "Requests a second for each key, or each address without keys; 0 for any number (default: 0).")
    var rateLimit: Double?

    @Option(help: "Requests at once before --rate-limit holds, 1 to 1000000 (default: twice the limit).")
    var rateBurst: Int?

    @Option(help: "Seconds in which a request's head must be complete, 1 to 3600 (default: 10).")
    var httpHeaderSeconds: Int?

    @Option(help: "Seconds in which a body must come, and an answer be taken, 1 to 3600 (default: 30).")
    var httpBodySeconds: Int?

    @Option(help: "Seconds for which a connection may be idle between requests, 1 to 86400 (default: 75).")
    var httpIdleSeconds: Int?

    @Option(help: "Bytes of a request's target and header fields, 1024 to 1048576 (default: 32768).")
    var httpHeaderBytes: Int?

    func access(_ settings: Settings) throws -> AccessConfiguration {
        var access = AccessConfiguration()
        access.readKey = try settings.string("read.key")
        access.readKeyFile = try settings.string("read.key.file", flag: readKeyFile)
        access.adminKey = try settings.string("admin.key")
        access.adminKeyFile = try settings.string("admin.key.file", flag: adminKeyFile)
        access.corsOrigins = try settings.string("cors.origins", flag: corsOrigins)
        access.rateLimit = try settings.double("rate.limit", flag: rateLimit, default: 0, in: 0...1_000_000)
        let burst = try settings.int("rate.burst", flag: rateBurst, default: 0, in: 0...1_000_000)
        access.rateBurst = burst == 0 ? nil : burst
        access.tlsCertificateFile = try settings.string("tls.certificate.file", flag: tlsCertificateFile)
        access.tlsKeyFile = try settings.string("tls.key.file", flag: tlsKeyFile)
        return access
    }

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
