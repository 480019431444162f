import ArgumentParser
import Foundation
import LoadGenerator
import Settings

/// Exit codes beyond those of sysexits.h.
enum Ending {
    static let missed = ExitCode(1)
    static let bottleneck = ExitCode(2)
}

/// Runs a command's work and turns what it throws into one line on standard error and an exit code.
func reportingFailure(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ExitCode {
        throw error
    } catch {
        complain("\(error)")
        throw exitCode(for: error)
    }
}

private func exitCode(for error: any Error) -> ExitCode {
    switch error {
    case is LoadPlanError, is SettingsError: ExitCode(EX_USAGE)
    case is ScenarioError, is ResultFileError: ExitCode(EX_DATAERR)
    case is LoadTestError: ExitCode(EX_UNAVAILABLE)
    default: ExitCode(EX_SOFTWARE)
    }
}

/// A line for people, away from standard output.
func complain(_ message: String) {
    FileHandle.standardError.write(Data("kindred-loadtest: \(message)\n".utf8))
}

/// How far a command of several runs has come.
func progress(_ message: String) {
    FileHandle.standardError.write(Data("\(message)\n".utf8))
}

/// Ends with what did not hold, if anything: a bottleneck first, because then no time is known.
///
/// - Parameter isFaulty: something is wrong that no bottleneck explains.
func judge(_ complaints: [String], bottlenecks: [String?] = [], isFaulty: Bool = false) throws {
    let bottlenecks = Set(bottlenecks.compactMap { $0 }).sorted()
    for complaint in complaints + bottlenecks { complain(complaint) }
    if !bottlenecks.isEmpty, !isFaulty { throw Ending.bottleneck }
    if !complaints.isEmpty { throw Ending.missed }
}
