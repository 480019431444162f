-- A generation is one bundle in the database. Its vectors live in tables of its own (item_vectors_g7,
-- user_vectors_g7), made and dropped without a lock on anything that serves; one pointer says which is active.

CREATE TABLE kindred.generations (
    id                    integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    catalogue_id          integer NOT NULL REFERENCES kindred.catalogues,
    model                 text NOT NULL,
    version               text NOT NULL,
    content_hash          text NOT NULL,
    state                 text NOT NULL CHECK (state IN ('loading', 'ready', 'active', 'retired', 'failed')),
    dimensions            integer NOT NULL CHECK (dimensions > 0),
    similarity_dimensions integer NOT NULL CHECK (similarity_dimensions > 0),
    storage               text NOT NULL CHECK (storage IN ('vector')),
    index_kind            text NOT NULL CHECK (index_kind IN ('none', 'hnsw', 'ivfflat')),
    index_options         jsonb NOT NULL DEFAULT '{}',
    geometry              jsonb NOT NULL,
    manifest              jsonb NOT NULL,
    git_revision          text,
    created_at            timestamptz NOT NULL,
    loaded_at             timestamptz NOT NULL DEFAULT now(),
    activated_at          timestamptz,
    failure               text
);
CREATE UNIQUE INDEX one_active_generation ON kindred.generations (catalogue_id) WHERE state = 'active';
COMMENT ON TABLE kindred.generations IS 'Bundles loaded into this database, one row each.';
COMMENT ON COLUMN kindred.generations.id IS 'Number of the generation; part of its tables'' names.';
COMMENT ON COLUMN kindred.generations.catalogue_id IS 'The catalogue it answers for.';
COMMENT ON COLUMN kindred.generations.model IS 'Name of the model, from the bundle.';
COMMENT ON COLUMN kindred.generations.version IS 'Version of the model, from the bundle.';
COMMENT ON COLUMN kindred.generations.content_hash IS 'SHA-256 of the bundle''s content; equal bundles have equal hashes.';
COMMENT ON COLUMN kindred.generations.state IS 'loading, ready, active, retired or failed.';
COMMENT ON COLUMN kindred.generations.dimensions IS 'Length of the recommendation vectors.';
COMMENT ON COLUMN kindred.generations.similarity_dimensions IS 'Length of the similarity vectors.';
COMMENT ON COLUMN kindred.generations.storage IS 'Type the vectors are stored as.';
COMMENT ON COLUMN kindred.generations.index_kind IS 'Approximate index built on both vector columns of the items.';
COMMENT ON COLUMN kindred.generations.index_options IS 'Parameters of the index, and the probes to search an IVFFlat one with.';
COMMENT ON COLUMN kindred.generations.geometry IS 'What the vectors'' coordinates mean and the constants a user vector is computed from.';
COMMENT ON COLUMN kindred.generations.manifest IS 'The bundle''s manifest, whole.';
COMMENT ON COLUMN kindred.generations.git_revision IS 'Revision of the trainer; NULL when it was not known.';
COMMENT ON COLUMN kindred.generations.created_at IS 'When the bundle was made.';
COMMENT ON COLUMN kindred.generations.loaded_at IS 'When its loading began.';
COMMENT ON COLUMN kindred.generations.activated_at IS 'When it was last made active.';
COMMENT ON COLUMN kindred.generations.failure IS 'Why it failed; NULL otherwise.';

ALTER TABLE kindred.catalogues ADD active_generation integer REFERENCES kindred.generations;
COMMENT ON COLUMN kindred.catalogues.active_generation IS 'The pointer: the generation that is served; NULL before the first.';

CREATE TABLE kindred.activations (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    catalogue_id  integer NOT NULL REFERENCES kindred.catalogues,
    generation_id integer NOT NULL REFERENCES kindred.generations,
    replaced      integer REFERENCES kindred.generations,
    activated_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    activated_by  text NOT NULL DEFAULT session_user
);
COMMENT ON TABLE kindred.activations IS 'Every move of a catalogue''s pointer, in order.';
COMMENT ON COLUMN kindred.activations.id IS 'Order of the moves.';
COMMENT ON COLUMN kindred.activations.catalogue_id IS 'Whose pointer moved.';
COMMENT ON COLUMN kindred.activations.generation_id IS 'Where it points since.';
COMMENT ON COLUMN kindred.activations.replaced IS 'Where it pointed before; NULL the first time.';
COMMENT ON COLUMN kindred.activations.activated_at IS 'When it moved.';
COMMENT ON COLUMN kindred.activations.activated_by IS 'The role that moved it.';

-- The views over the active generation's tables. They are empty until the first activation replaces them, so
-- that everything built on them can be made now. No type modifier on the vectors: a generation of another
-- dimension must fit the same view.
CREATE VIEW kindred.movies_item_vectors AS
SELECT NULL::integer AS generation, NULL::integer AS item_id, NULL::public.vector AS embedding,
       NULL::public.vector AS similarity
WHERE false;
CREATE VIEW kindred.movies_user_vectors AS
SELECT NULL::integer AS generation, NULL::integer AS user_id, NULL::public.vector AS embedding
WHERE false;

CREATE FUNCTION kindred.point_views_at(catalogue text, generation integer) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format(
        'CREATE OR REPLACE VIEW kindred.%I AS SELECT %s AS generation, v.item_id, v.embedding::public.vector, '
        'v.similarity::public.vector FROM kindred.%I v',
        catalogue || '_item_vectors', generation, 'item_vectors_g' || generation);
    EXECUTE format(
        'CREATE OR REPLACE VIEW kindred.%I AS SELECT %s AS generation, v.user_id, v.embedding::public.vector '
        'FROM kindred.%I v',
        catalogue || '_user_vectors', generation, 'user_vectors_g' || generation);
END;
$$;
COMMENT ON FUNCTION kindred.point_views_at IS 'Makes a catalogue''s vector views show one generation; part of activating it.';

CREATE FUNCTION kindred.activate_generation(wanted integer) RETURNS integer
LANGUAGE plpgsql AS $$
DECLARE
    owner    kindred.catalogues;
    previous integer;
    found    kindred.generations;
BEGIN
    SELECT c.* INTO owner FROM kindred.catalogues c
    JOIN kindred.generations g ON g.catalogue_id = c.id WHERE g.id = wanted
    FOR UPDATE OF c;
    SELECT * INTO found FROM kindred.generations WHERE id = wanted FOR UPDATE;
    IF found.id IS NULL THEN
        RAISE EXCEPTION 'there is no generation %', wanted USING ERRCODE = 'no_data_found';
    END IF;
    IF found.state NOT IN ('ready', 'retired', 'active') THEN
        RAISE EXCEPTION 'generation % is %, so it cannot be activated', wanted, found.state
            USING ERRCODE = 'object_not_in_prerequisite_state';
    END IF;
    previous := owner.active_generation;
    IF previous = wanted THEN
        RETURN previous;
    END IF;
    PERFORM kindred.point_views_at(owner.name, wanted);
    UPDATE kindred.generations SET state = 'retired' WHERE id = previous;
    UPDATE kindred.generations SET state = 'active', activated_at = clock_timestamp() WHERE id = wanted;
    UPDATE kindred.catalogues SET active_generation = wanted WHERE id = owner.id;
    INSERT INTO kindred.activations (catalogue_id, generation_id, replaced) VALUES (owner.id, wanted, previous);
    RETURN previous;
END;
$$;
COMMENT ON FUNCTION kindred.activate_generation IS
    'Moves the pointer of a generation''s catalogue to it and returns the generation it replaces. One transaction; rolling back is the same backwards.';

CREATE VIEW kindred.movies_current AS
SELECT v.generation, m.movie_id, m.title, m.release_date, m.year, m.genres, v.embedding, v.similarity
FROM kindred.movies m
JOIN kindred.movies_item_vectors v ON v.item_id = m.movie_id;

CREATE VIEW kindred.users_current AS
SELECT v.generation, v.user_id, u.attributes, v.embedding
FROM kindred.users u
JOIN kindred.catalogues c ON c.id = u.catalogue_id AND c.name = 'movies'
JOIN kindred.movies_user_vectors v ON v.user_id = u.id;

COMMENT ON VIEW kindred.movies_item_vectors IS 'Vectors of the active generation''s movies; order by similarity <-> or embedding <-> here to use the index.';
COMMENT ON COLUMN kindred.movies_item_vectors.generation IS 'The active generation.';
COMMENT ON COLUMN kindred.movies_item_vectors.item_id IS 'The movie.';
COMMENT ON COLUMN kindred.movies_item_vectors.embedding IS 'The movie as an answer: <-> to a user''s embedding orders like the model''s score. NULL without ratings.';
COMMENT ON COLUMN kindred.movies_item_vectors.similarity IS 'The movie as a question: unit norm, <-> orders like cosine. NULL without any signal.';
COMMENT ON VIEW kindred.movies_user_vectors IS 'Vectors of the active generation''s users.';
COMMENT ON COLUMN kindred.movies_user_vectors.generation IS 'The active generation.';
COMMENT ON COLUMN kindred.movies_user_vectors.user_id IS 'The user.';
COMMENT ON COLUMN kindred.movies_user_vectors.embedding IS 'What the user would watch. NULL without a history.';
COMMENT ON VIEW kindred.movies_current IS 'Movies with their vectors in the active generation.';
COMMENT ON COLUMN kindred.movies_current.generation IS 'The active generation.';
COMMENT ON COLUMN kindred.movies_current.movie_id IS 'Id in the data set.';
COMMENT ON COLUMN kindred.movies_current.title IS 'Title as the data set gives it; not unique.';
COMMENT ON COLUMN kindred.movies_current.release_date IS 'Release date; NULL where the data set has none.';
COMMENT ON COLUMN kindred.movies_current.year IS 'Year of the film; where the data set only dates a release, the year of that.';
COMMENT ON COLUMN kindred.movies_current.genres IS 'Genre names.';
COMMENT ON COLUMN kindred.movies_current.embedding IS 'The movie as an answer.';
COMMENT ON COLUMN kindred.movies_current.similarity IS 'The movie as a question.';
COMMENT ON VIEW kindred.users_current IS 'Users with their vectors in the active generation.';
COMMENT ON COLUMN kindred.users_current.generation IS 'The active generation.';
COMMENT ON COLUMN kindred.users_current.user_id IS 'The user.';
COMMENT ON COLUMN kindred.users_current.attributes IS 'What the data set says about the user.';
COMMENT ON COLUMN kindred.users_current.embedding IS 'What the user would watch.';

-- Candidates are fetched in a few fixed sizes, so that the service needs few prepared statements; the
-- functions below use the same sizes, so that both ask the index the same question.
CREATE FUNCTION kindred.candidate_limit(wanted integer) RETURNS integer
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN wanted <= 16 THEN 16 WHEN wanted <= 32 THEN 32 WHEN wanted <= 64 THEN 64
                WHEN wanted <= 128 THEN 128 WHEN wanted <= 256 THEN 256 WHEN wanted <= 512 THEN 512
                WHEN wanted <= 1024 THEN 1024 ELSE wanted END
$$;
COMMENT ON FUNCTION kindred.candidate_limit IS 'The LIMIT with which at least this many candidates are fetched.';

-- Both functions search iteratively, whatever the caller's session says: without it HNSW stops at ef_search
-- candidates and the answer comes out short. Ties break by id outside the LIMIT, because a second sort key inside
-- would cost the index.
CREATE FUNCTION kindred.similar_movies(movie integer, k integer DEFAULT 10)
RETURNS TABLE (rank integer, movie_id integer, title text, year integer, genres text[], distance double precision)
LANGUAGE sql STABLE PARALLEL SAFE
SET hnsw.iterative_scan = 'strict_order'
AS $$
    SELECT row_number() OVER (ORDER BY n.distance, n.item_id)::integer, n.item_id, m.title, m.year, m.genres, n.distance
    FROM (
        SELECT v.item_id,
               v.similarity OPERATOR(public.<->) (
                   SELECT q.similarity FROM kindred.movies_item_vectors q WHERE q.item_id = movie) AS distance
        FROM kindred.movies_item_vectors v
        ORDER BY distance
        LIMIT kindred.candidate_limit(k + 1)
    ) n
    JOIN kindred.movies m ON m.movie_id = n.item_id
    WHERE n.item_id <> movie AND n.distance IS NOT NULL
    ORDER BY n.distance, n.item_id
    LIMIT k
$$;
COMMENT ON FUNCTION kindred.similar_movies IS
    'The k movies most similar to a movie in the active generation, nearest first; distance is Euclidean between unit vectors (0 to 2). Empty for an unknown movie.';

CREATE FUNCTION kindred.recommend(who integer, k integer DEFAULT 10)
RETURNS TABLE (rank integer, movie_id integer, title text, year integer, genres text[], distance double precision)
LANGUAGE sql STABLE PARALLEL SAFE
SET hnsw.iterative_scan = 'strict_order'
AS $$
    SELECT row_number() OVER (ORDER BY n.distance, n.item_id)::integer, n.item_id, m.title, m.year, m.genres, n.distance
    FROM (
        SELECT v.item_id,
               v.embedding OPERATOR(public.<->) (
                   SELECT u.embedding FROM kindred.movies_user_vectors u WHERE u.user_id = who) AS distance
        FROM kindred.movies_item_vectors v
        WHERE v.item_id <> ALL (ARRAY(SELECT r.movie_id FROM kindred.ratings r WHERE r.user_id = who))
        ORDER BY distance
        LIMIT kindred.candidate_limit(k)
    ) n
    JOIN kindred.movies m ON m.movie_id = n.item_id
    WHERE n.distance IS NOT NULL
    ORDER BY n.distance, n.item_id
    LIMIT k
$$;
COMMENT ON FUNCTION kindred.recommend IS
    'The k movies the active generation recommends to a user, best first, without those the user has rated. Empty for a user without a vector.';
