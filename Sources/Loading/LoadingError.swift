/// Why the database could not be brought to the wanted state. Each description says what to do.
package enum LoadingError: Error, Equatable, CustomStringConvertible {
    case serverTooOld(version: Int)
    case vectorMissing
    case vectorTooOld(version: String)
    case vectorInOtherSchema(String)
    case migrationEdited(number: Int, name: String)
    case schemaNewer(number: Int)
    case schemaMissing
    case schemaOlder(applied: Int, needed: Int)
    case otherDataset(catalogue: String, holds: String, bundle: String)
    case ratingHeadTooLarge(bytes: Int)
    case countMismatch(what: String, expected: Int, found: Int)
    /// An IVFFlat index with more lists than vectors.
    case poorIndex(column: String, lists: Int, vectors: Int)
    /// IVFFlat's k-means needs more memory than the build would have.
    case indexMemory(lists: Int, needed: Int, given: Int)
    case noGeneration(Int)
    case notActivatable(Int, reason: String)
    case nothingToRollBack(catalogue: String)
    case activationBlocked(seconds: Int)

    package var description: String {
        switch self {
        case .serverTooOld(let version):
            "PostgreSQL \(version / 10000) is too old: 15 or later is needed"
        case .vectorMissing:
            "the server has no pgvector: install it there (Debian: postgresql-NN-pgvector), 0.8 or later"
        case .vectorTooOld(let version):
            "pgvector \(version) is too old: install 0.8 or later, then run ALTER EXTENSION vector UPDATE"
        case .vectorInOtherSchema(let schema):
            "pgvector is installed in schema \(schema): run ALTER EXTENSION vector SET SCHEMA public"
        case .migrationEdited(let number, let name):
            "migration \(number) (\(name)) was applied with another text: restore the shipped file; a change is a new migration"
        case .schemaNewer(let number):
            "the database has migration \(number), which this program does not know: use the newer program"
        case .schemaMissing: "the database has no kindred schema: run `kindred migrate`"
        case .schemaOlder(let applied, let needed):
            "the schema is at migration \(applied) of \(needed): run `kindred migrate`"
        case .otherDataset(let catalogue, let holds, let bundle):
            "catalogue '\(catalogue)' holds the data set '\(holds)', the bundle is of '\(bundle)': "
                + "load it into another catalogue (--catalogue) or another database"
        case .ratingHeadTooLarge(let bytes):
            "the rating head has \(bytes) bytes, more than PostgreSQL takes in one row: train without it (--no-rating-head)"
        case .countMismatch(let what, let expected, let found):
            "\(found) \(what) arrived in the database, \(expected) were sent"
        case .poorIndex(let column, let lists, let vectors):
            "an IVFFlat index of \(lists) lists over the \(vectors) vectors of \(column) would find few of the nearest: "
                + "leave --ivfflat-lists to the loader, or use --index hnsw"
        case .indexMemory(let lists, let needed, let given):
            "to build an IVFFlat index of \(lists) lists takes \(needed) MB and would be given \(given): "
                + "use --index-memory-mb \(needed), fewer --ivfflat-lists, or --index hnsw"
        case .noGeneration(let id): "there is no generation \(id): `kindred generations` lists them"
        case .notActivatable(let id, let reason): "generation \(id) cannot be activated: \(reason)"
        case .nothingToRollBack(let catalogue):
            "catalogue '\(catalogue)' has no earlier generation to roll back to"
        case .activationBlocked(let seconds):
            "a long query on the current views has held up the activation for \(seconds) s: end it, then activate again"
        }
    }
}
