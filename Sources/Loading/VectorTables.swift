import Kernels
import ModelBundle
import Postgres
import Schema

/// The tables that one generation owns.
struct VectorTables {
    /// What answers: both vectors of every item.
    let items: String
    let users: String
    /// What a user vector is computed from; apart, so that a scan of the vectors does not read past it.
    let encoders: String

    init(generation: Int) {
        items = "kindred.item_vectors_g\(generation)"
        users = "kindred.user_vectors_g\(generation)"
        encoders = "kindred.item_encoders_g\(generation)"
    }

    var names: [String] { [items, users, encoders] }

    /// - Parameter storage: `bit` adds a column of codes beside each vector of the items.
    func create(on connection: Connection, for bundle: ModelBundle, _ storage: VectorStorage) async throws {
        let codes = storage == .bit ? [("embedding", bundle.itemVectors), ("similarity", bundle.similarity)] : []
        let codeColumns = codes.map { column, matrix in
            ", \(VectorStorage.codeColumn(column)) bit(\(BitCoder.bits(dimensions: matrix.columns)))"
        }.joined()
        let vector = "public.vector(\(bundle.itemVectors.columns))"
        let tags = hasTags(bundle) ? ", tags public.vector(\(bundle.genreRows.columns)) NOT NULL" : ""
        try await connection.execute(
            """
            CREATE TABLE \(items) (item_id integer NOT NULL, embedding \(vector),
                similarity public.vector(\(bundle.similarity.columns))\(codeColumns));
            CREATE TABLE \(users) (user_id integer NOT NULL, embedding \(vector));
            CREATE TABLE \(encoders) (item_id integer NOT NULL, encoder public.vector(\(bundle.encoder.columns)) NOT NULL\(tags));
            COMMENT ON TABLE \(items) IS 'Item vectors of one generation; NULL where the model knows nothing of the item.';
            COMMENT ON TABLE \(users) IS 'User vectors of one generation; NULL without a history.';
            COMMENT ON TABLE \(encoders) IS 'Rows a user vector of this generation is computed from.'
            """)
    }

    /// Copies the vectors and adds the primary keys; a count that differs from what was sent is an error.
    func copy(_ bundle: ModelBundle, _ storage: VectorStorage, on connection: Connection) async throws {
        let itemIDs = bundle.items.map(\.id)
        let (isAnswer, isQuestion) = (bundle.hasRecommendationVector, bundle.hasSimilarityVector)
        let coders = storage == .bit ? (BitCoder(for: bundle.itemVectors), BitCoder(for: bundle.similarity)) : nil
        let columns = ["embedding", "similarity"]
        let named = columns + (coders == nil ? [] : columns.map(VectorStorage.codeColumn))
        let itemRows = try await connection.copyIn(
            "COPY \(items) (item_id, \(named.joined(separator: ", "))) FROM STDIN (FORMAT binary)"
        ) { copy in
            try await copy.rows(bundle.items.count, columns: 1 + named.count) { writer, row in
                writer.int32(itemIDs[row])
                writer.vector(bundle.itemVectors, row, if: isAnswer[row])
                writer.vector(bundle.similarity, row, if: isQuestion[row])
                guard let (answers, questions) = coders else { return }
                writer.code(bundle.itemVectors, row, answers, if: isAnswer[row])
                writer.code(bundle.similarity, row, questions, if: isQuestion[row])
            }
        }
        try expect("item vectors", bundle.items.count, itemRows)
        let hasHistory = bundle.hasUserVector
        let userRows = try await connection.copyIn("COPY \(users) (user_id, embedding) FROM STDIN (FORMAT binary)") {
            copy in
            try await copy.rows(bundle.users.count, columns: 2) { writer, row in
                writer.int32(bundle.users[row].id)
                writer.vector(bundle.userVectors, row, if: hasHistory[row])
            }
        }
        try expect("user vectors", bundle.users.count, userRows)
        let hasTags = hasTags(bundle)
        let encoderRows = try await connection.copyIn(
            "COPY \(encoders) (item_id, encoder\(hasTags ? ", tags" : "")) FROM STDIN (FORMAT binary)"
        ) { copy in
            try await copy.rows(bundle.items.count, columns: hasTags ? 3 : 2) { writer, row in
                writer.int32(itemIDs[row])
                writer.vector(bundle.encoder, row, if: true)
                if hasTags { writer.vector(bundle.genreRows, row, if: true) }
            }
        }
        try expect("encoder rows", bundle.items.count, encoderRows)
        try await connection.execute(
            """
            ALTER TABLE \(items) ADD PRIMARY KEY (item_id);
            ALTER TABLE \(users) ADD PRIMARY KEY (user_id);
            ALTER TABLE \(encoders) ADD PRIMARY KEY (item_id)
            """)
    }

    /// pgvector has no vectors of no dimensions, which is what a model that another program trained knows of genres.
    private func hasTags(_ bundle: ModelBundle) -> Bool { bundle.genreRows.columns > 0 }

    private func expect(_ what: String, _ expected: Int, _ found: Int) throws {
        guard expected == found else { throw LoadingError.countMismatch(what: what, expected: expected, found: found) }
    }
}

extension BinaryWriter {
    fileprivate mutating func vector(_ matrix: FloatMatrix, _ row: Int, if isPresent: Bool) {
        if isPresent {
            matrix[row].withUnsafeBufferPointer { vector($0) }
        } else {
            null()
        }
    }

    fileprivate mutating func code(_ matrix: FloatMatrix, _ row: Int, _ coder: BitCoder, if isPresent: Bool) {
        if isPresent {
            bits(matrix[row].withUnsafeBufferPointer(coder.code))
        } else {
            null()
        }
    }
}
