-- What a search finds and takes depends on the generation, the index and the machine: it is measured, and kept here.

CREATE TABLE kindred.calibrations (
    generation_id integer          NOT NULL REFERENCES kindred.generations (id) ON DELETE CASCADE,
    space         text             NOT NULL CHECK (space IN ('embedding', 'similarity')),
    parameter     text             NOT NULL CHECK (parameter ~ '^[a-z_]+$'),
    value         integer          NOT NULL CHECK (value > 0),
    k             integer          NOT NULL CHECK (k > 0),
    queries       integer          NOT NULL CHECK (queries > 0),
    recall        double precision NOT NULL CHECK (recall BETWEEN 0 AND 1),
    p50_ms        double precision NOT NULL CHECK (p50_ms >= 0),
    p99_ms        double precision NOT NULL CHECK (p99_ms >= p50_ms),
    measured_at   timestamptz      NOT NULL DEFAULT now(),
    PRIMARY KEY (generation_id, space, parameter, value, k)
);

COMMENT ON TABLE kindred.calibrations IS
    'What searches of a generation were measured to find and to take, by `kindred calibrate`, one query at a time.';
COMMENT ON COLUMN kindred.calibrations.generation_id IS 'The generation that was searched.';
COMMENT ON COLUMN kindred.calibrations.space IS
    'embedding: items near a user, seen ones left out; similarity: items near an item.';
COMMENT ON COLUMN kindred.calibrations.parameter IS
    'What was varied. ef_search: HNSW candidates kept; probes: IVFFlat lists searched; limit: candidates asked of the index; scan: rows compared in memory as they lie; gather: rows compared in memory that lie anywhere.';
COMMENT ON COLUMN kindred.calibrations.value IS 'Its value.';
COMMENT ON COLUMN kindred.calibrations.k IS 'Results asked for.';
COMMENT ON COLUMN kindred.calibrations.queries IS 'Searches measured.';
COMMENT ON COLUMN kindred.calibrations.recall IS 'Mean share of the exact k nearest that were found.';
COMMENT ON COLUMN kindred.calibrations.p50_ms IS 'Median time of a search, in milliseconds.';
COMMENT ON COLUMN kindred.calibrations.p99_ms IS '99th percentile of the time of a search, in milliseconds.';
COMMENT ON COLUMN kindred.calibrations.measured_at IS 'When it was measured.';
