import Loading
import Postgres
import Service

extension GenerationControl {
    /// Moves the pointer as `kindred activate` and `kindred rollback` do, over a connection of its own each time.
    static func loading(_ configuration: ServiceConfiguration) -> GenerationControl {
        let database = ConnectionConfiguration(
            url: configuration.databaseWriteURL ?? configuration.databaseURL,
            passwordFile: configuration.databasePasswordFile, applicationName: "kindred-admin")
        let catalogue = configuration.catalogue
        return GenerationControl(
            activate: { generation in
                try await refusing { try await activation(database).activate(generation) }
            },
            rollBack: {
                try await refusing { try await activation(database).rollBack(catalogue: catalogue) }
            })
    }

    /// Shorter than the command's patience: a client waits.
    private static func activation(_ database: ConnectionConfiguration) async throws -> Activation {
        let connection = try await Connection.connect(database, deadline: .now + .seconds(5))
        try await Migrator(connection).verify()
        return Activation(connection, patience: .seconds(10))
    }

    private static func refusing<Value>(_ move: () async throws -> Value) async throws -> Value {
        do {
            return try await move()
        } catch let error as LoadingError {
            switch error {
            case .noGeneration: throw Refusal.unknown("\(error)")
            case .notActivatable, .nothingToRollBack: throw Refusal.conflict("\(error)")
            case .activationBlocked, .schemaMissing, .schemaOlder, .schemaNewer, .migrationEdited:
                throw Refusal.busy("\(error)")
            default: throw error
            }
        } catch let error as PostgresError where error.isUnavailable || error.code == .deadline {
            throw Refusal.busy("the pointer was not moved: the database does not answer")
        }
    }
}
