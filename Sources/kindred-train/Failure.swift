import ArgumentParser
import ModelBundle
import MovieLens
import Settings
import Training

/// Why a command ends, as a person reads it and as a script sees it (sysexits.h).
struct Failure: Error {
    enum Code: Int32 {
        case usage = 64
        case badData = 65
        case missingInput = 66
        case unavailable = 69
        case `internal` = 70
        case cannotWrite = 73
    }

    let code: Code
    let message: String

    init(_ code: Code, _ message: String) {
        self.code = code
        self.message = message
    }

    init(_ error: any Error) {
        switch error {
        case let error as Failure: self = error
        case let error as MovieLensError: self.init(Failure.code(error.code), error.description)
        case let error as BundleError: self.init(Failure.code(error.code), error.description)
        case let error as SettingsError: self.init(.usage, error.description)
        case let error as TrainingError:
            if case .eigenSolverFailed = error {
                self.init(.internal, error.description)
            } else {
                self.init(.badData, error.description)
            }
        default: self.init(.internal, "\(error)")
        }
    }

    private static func code(_ code: MovieLensError.Code) -> Code {
        switch code {
        case .missing, .unreadable: .missingInput
        case .empty, .malformed, .duplicate, .unknownReference: .badData
        case .impossibleSize: .usage
        }
    }

    private static func code(_ code: BundleError.Code) -> Code {
        switch code {
        case .notABundle, .unreadable: .missingInput
        case .unsupportedFormat, .damaged, .invalidContent: .badData
        case .conflict, .cannotWrite: .cannotWrite
        }
    }

    /// Runs a command; a failure goes to standard error and becomes the exit code.
    static func reported(_ body: () async throws -> Void) async throws {
        do {
            try await body()
        } catch {
            let failure = Failure(error)
            Console.note("kindred-train: \(failure.message)")
            throw ExitCode(failure.code.rawValue)
        }
    }
}
