import Postgres

/// Builds a generation's indexes with memory sized for them, and reports how far the server is.
struct IndexBuilder: Sendable {
    private static let pollInterval = Duration.milliseconds(250)

    private let connection: Connection
    private let configuration: ConnectionConfiguration
    private let report: @Sendable (LoadEvent) async throws -> Void

    init(
        _ connection: Connection, configuration: ConnectionConfiguration,
        report: @escaping @Sendable (LoadEvent) async throws -> Void
    ) {
        self.connection = connection
        self.configuration = configuration
        self.report = report
    }

    /// - Throws: ``LoadingError/poorIndex(column:lists:vectors:)`` for an index that would find little.
    func build(_ plan: IndexPlan, on table: String, columns: [IndexedColumn]) async throws {
        try await connection.execute("SET maintenance_work_mem = '\(plan.maintenanceMegabytes)MB'")
        for column in columns {
            guard let definition = plan.sql(column) else { continue }
            try await create("CREATE INDEX ON \(table) \(definition)", column: column.name)
            try await judge(connection.takeNotices(), of: plan, column)
            try await report(.indexed(column: column.name))
        }
        try await connection.execute("RESET maintenance_work_mem")
    }

    /// Nobody reads a notice that scrolls by: each becomes advice, or the end of the load.
    private func judge(_ notices: [Notice], of plan: IndexPlan, _ column: IndexedColumn) async throws {
        var isAdvised = false
        for notice in notices {
            switch BuildNotice(notice) {
            case .littleData where column.vectors == 0:
                try await report(
                    .notice("\(column.name): no item has such a vector, so that its index is empty and finds nothing"))
            case .littleData:
                throw LoadingError.poorIndex(
                    column: column.name, lists: plan.lists(vectors: column.vectors), vectors: column.vectors)
            case .outgrewMemory:
                // Every process that takes part says it.
                guard !isAdvised else { continue }
                isAdvised = true
                try await report(
                    .notice(
                        "\(column.name): the index is whole, but its building outgrew the \(plan.maintenanceMegabytes) MB "
                            + "it was given and took longer (\(notice.message)): give it more with --index-memory-mb, "
                            + "or less to hold with --storage halfvec"))
            case .other: try await report(.notice("\(notice)"))
            }
        }
    }

    /// Runs the statement while a second connection reads `pg_stat_progress_create_index`.
    private func create(_ sql: String, column: String) async throws {
        let backend = try await connection.query("SELECT pg_backend_pid()").int32(0, 0)
        let (samples, continuation) = AsyncStream<LoadEvent>.makeStream()
        let watching = Task { [configuration] in
            defer { continuation.finish() }
            guard let watcher = try? await Connection.connect(configuration, deadline: .now + .seconds(5)) else {
                return
            }
            while !Task.isCancelled {
                if let event = try? await Self.progress(of: backend, column: column, on: watcher) {
                    continuation.yield(event)
                }
                try? await Task.sleep(for: Self.pollInterval)
            }
        }
        defer { watching.cancel() }
        async let relayed: Void = relay(samples, to: report)
        do {
            try await connection.execute(sql)
        } catch {
            watching.cancel()
            await relayed
            throw error
        }
        watching.cancel()
        await relayed
    }

    private func relay(_ events: AsyncStream<LoadEvent>, to report: @Sendable (LoadEvent) async throws -> Void) async {
        // A reporter that fails here fails again at the next step, where it can stop the load.
        for await event in events { try? await report(event) }
    }

    private static func progress(
        of backend: Int32, column: String, on watcher: Connection
    ) async throws -> LoadEvent? {
        let result = try await watcher.query(
            Statement(
                "index_progress",
                """
                SELECT phase, CASE WHEN tuples_total > 0 THEN tuples_done::float8 / tuples_total
                                   WHEN blocks_total > 0 THEN blocks_done::float8 / blocks_total END
                FROM pg_stat_progress_create_index WHERE pid = $1
                """), [.int32(backend)])
        guard result.rowCount == 1 else { return nil }
        let fraction = result.isNull(0, 1) ? nil : try result.double(0, 1)
        return .progress(column: column, phase: try result.text(0, 0), fraction: fraction)
    }
}
