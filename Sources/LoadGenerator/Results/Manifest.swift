import Foundation

/// Where, when and with what a result was measured.
package struct Manifest: Sendable, Codable {
    /// Of this program's results; it changes when a field changes its meaning.
    package static let generatorVersion = "2"

    /// UTC, ISO 8601.
    package let started: String
    package let cpu: String
    package let cores: Int
    package let kernel: String
    /// Of the last minute, when the test began: on a busy machine latencies are another's.
    package let loadAverage: Double
    package let generatorVersion: String
    /// nil when it is not known.
    package let gitRevision: String?
    package let shape: LoadShape?
    package let requests: [String]
    /// The query behind the answers, when it was given.
    package let sql: String?
    /// What was said about the service, such as its settings.
    package let notes: [String: String]

    package init(
        shape: LoadShape?, requests: [RequestTemplate], gitRevision: String?, sql: String?, notes: [String: String]
    ) {
        started = Date().formatted(.iso8601)
        cpu = Self.cpuModel()
        cores = ProcessInfo.processInfo.activeProcessorCount
        kernel = Self.kernelName()
        var average = 0.0
        loadAverage = getloadavg(&average, 1) == 1 ? average : .zero
        generatorVersion = Self.generatorVersion
        self.gitRevision = gitRevision
        self.shape = shape
        self.requests = requests.map {
            "\($0.method) \($0.path)" + ($0.body.map { " \($0)" } ?? "") + ", weight \(Text.short($0.weight))"
        }
        self.sql = sql
        self.notes = notes
    }

    private static func cpuModel() -> String {
        let text = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") || $0.hasPrefix("Model") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    private static func kernelName() -> String {
        var names = utsname()
        guard uname(&names) == 0 else { return "unknown" }
        return withUnsafeBytes(of: names.release) { bytes in
            String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
        }
    }

    private enum CodingKeys: String, CodingKey {
        case started, cpu, cores, kernel
        case loadAverage = "load_average"
        case generatorVersion = "generator_version"
        case gitRevision = "git_revision"
        case shape = "load"
        case requests, sql, notes
    }
}
