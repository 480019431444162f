import Foundation

/// The well-known load generator, as a second opinion on throughput.
enum Wrk {
    /// Requests per second that wrk reaches in a closed loop; nil when it is not installed.
    static func rate(url: String, connections: Int, seconds: Int) throws -> Double? {
        let path = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/wrk" }
        guard let program = path.first(where: FileManager.default.isExecutableFile) else { return nil }
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: program)
        process.arguments = ["-t1", "-c\(connections)", "-d\(seconds)s", url]
        process.standardInput = FileHandle.nullDevice
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        let line = text.split(separator: "\n").first { $0.hasPrefix("Requests/sec:") }
        guard process.terminationStatus == 0, let line,
            let rate = Double(line.dropFirst(13).trimmingCharacters(in: .whitespaces))
        else { throw SelfTestError(description: "wrk printed no rate: \(text)") }
        return rate
    }
}
