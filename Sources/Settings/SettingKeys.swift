extension Settings {
    /// Every key of the three programs, so that they can share one file and a misspelt key is still refused.
    ///
    /// Type, unit, default and range stand with the flag of the same name, in `--help`.
    package static let keys: Set<String> = [
        // The database and the schema.
        "database.url", "database.password.file", "catalogue", "index", "storage", "hnsw.links", "hnsw.construction",
        "ivfflat.lists", "index.memory.mb",
        // The service.
        "host", "port", "http.connections", "drain.ms", "database.connections", "database.queue", "cache.entries",
        "cache.bytes", "deadline.ms", "generation.poll.ms", "plan.audit.seconds", "recall.sample", "ef.search",
        "oversampling", "probes", "recall.target", "calibration.queries", "statement.timeout.ms", "log.level", "state",
        "journal.bytes", "database.write.url", "database.start.ms",
        // The service's port.
        "read.key", "read.key.file", "admin.key", "admin.key.file", "cors.origins", "rate.limit", "rate.burst",
        "http.header.seconds", "http.body.seconds", "http.idle.seconds", "http.header.bytes", "tls.certificate.file",
        "tls.key.file",
        // The trainer.
        "home", "fetch.url", "data", "ratings", "synthetic", "users", "movies", "ratings.count", "seed", "out", "name",
        "bundle.version", "git.revision", "holdout", "json", "train", "test", "k", "relevant.from",
        "tuned", "everybody", "known.users", "popularity", "through", "exact", "rerank", "folds", "user.folds",
        "protocol", "before", "share", "trials", "baselines", "rating.head", "dimensions",
        // The trainer's data and threads.
        "threads", "max.bad.rows", "csv.user", "csv.item", "csv.rating", "csv.timestamp", "csv.separator", "rating.min",
        "rating.max",
        // Vectors from outside.
        "item.vectors", "item.ids", "user.vectors", "user.ids", "titles", "metric",
        // The load test.
        "loadtest.url", "loadtest.path", "loadtest.ids", "loadtest.distribution", "loadtest.rate", "loadtest.arrivals",
        "loadtest.warmup", "loadtest.duration", "loadtest.connections", "loadtest.timeout.ms", "loadtest.seed",
        "loadtest.slo.p99.ms", "loadtest.slo.error.ratio", "loadtest.mode", "loadtest.rounds", "loadtest.scenario",
        "loadtest.scheduling",
    ]
}
