-- What a generation predicts ratings with, so that the service can order a user's candidates by what the user would
-- like. A generation whose bundle predicts no ratings has no row.

CREATE TABLE kindred.rating_heads (
    generation_id    integer PRIMARY KEY REFERENCES kindred.generations ON DELETE CASCADE,
    constants        jsonb NOT NULL,
    items            bytea NOT NULL,
    items_sha256     text NOT NULL,
    neighbors        bytea NOT NULL,
    neighbors_sha256 text NOT NULL
);
-- Floats do not compress; trying costs more than storing them.
ALTER TABLE kindred.rating_heads ALTER COLUMN items SET STORAGE EXTERNAL, ALTER COLUMN neighbors SET STORAGE EXTERNAL;
COMMENT ON TABLE kindred.rating_heads IS 'Parameters of the predicted ratings, one row for each generation that has them.';
COMMENT ON COLUMN kindred.rating_heads.generation_id IS 'The generation; its row goes with it.';
COMMENT ON COLUMN kindred.rating_heads.constants IS 'Scale, means, shrinkages, weights of the features, and the weight of a predicted star in the re-rank.';
COMMENT ON COLUMN kindred.rating_heads.items IS 'A row of little-endian float4 for each item, ascending by id: bias, log count, deviation, year, residual by group.';
COMMENT ON COLUMN kindred.rating_heads.items_sha256 IS 'SHA-256 of items, in hex; checked when they are read.';
COMMENT ON COLUMN kindred.rating_heads.neighbors IS 'Three lists of neighbours for each item, ascending by id: item row as little-endian int4, similarity as float4.';
COMMENT ON COLUMN kindred.rating_heads.neighbors_sha256 IS 'SHA-256 of neighbors, in hex; checked when they are read.';
