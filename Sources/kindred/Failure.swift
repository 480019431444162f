import ArgumentParser
import Foundation
import Journal
import Loading
import ModelBundle
import Postgres
import Retrieval
import Service
import Settings

/// Runs a command's work and turns what it throws into one line on standard error and an exit code of sysexits.h.
func reportingFailure(_ body: () async throws -> Void) async throws {
    do {
        try await body()
    } catch let error as ExitCode {
        throw error
    } catch {
        note("error: \(error)")
        throw exitCode(for: error)
    }
}

private func exitCode(for error: any Error) -> ExitCode {
    switch error {
    case is SettingsError, is AccessError: ExitCode(EX_USAGE)
    case is BundleError: ExitCode(EX_DATAERR)
    case let error as PostgresError:
        error.isUnavailable || error.code == .deadline ? ExitCode(EX_UNAVAILABLE) : ExitCode(EX_SOFTWARE)
    case let error as LoadingError:
        switch error {
        case .otherDataset, .ratingHeadTooLarge, .countMismatch, .noGeneration, .notActivatable, .nothingToRollBack,
            .poorIndex, .indexMemory:
            ExitCode(EX_DATAERR)
        case .serverTooOld, .vectorMissing, .vectorTooOld, .vectorInOtherSchema, .schemaMissing, .schemaOlder,
            .schemaNewer, .migrationEdited, .activationBlocked:
            ExitCode(EX_UNAVAILABLE)
        }
    case RetrievalError.noActiveGeneration: ExitCode(EX_UNAVAILABLE)
    case RetrievalError.noGeneration: ExitCode(EX_DATAERR)
    case is JournalError, is NothingToServe: ExitCode(EX_UNAVAILABLE)
    default: ExitCode(EX_SOFTWARE)
    }
}

/// A line for people, away from standard output.
func note(_ line: String) {
    FileHandle.standardError.write(Data((line + "\n").utf8))
}
