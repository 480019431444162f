-- What users did, as clients told it: written by the service from its journal, read by analysts and by the next training.

CREATE TABLE kindred.events (
    id            bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    catalogue_id  integer NOT NULL,
    event_id      text COLLATE "C" NOT NULL CHECK (event_id ~ '^[ -~]{1,64}$'),
    user_id       integer,
    session       text COLLATE "C" CHECK (session ~ '^[ -~]{1,64}$'),
    item_id       integer NOT NULL,
    kind          text NOT NULL CHECK (kind IN ('viewed', 'rated', 'watched')),
    value         real,
    generation_id integer,
    request_id    text,
    occurred_at   timestamptz NOT NULL,
    received_at   timestamptz NOT NULL,
    UNIQUE (catalogue_id, event_id),
    CHECK ((user_id IS NULL) <> (session IS NULL)),
    CHECK (CASE kind
        WHEN 'viewed' THEN value IS NULL
        WHEN 'rated' THEN value IS NOT NULL AND value BETWEEN 0.5 AND 5
        ELSE value IS NOT NULL AND value BETWEEN 0 AND 86400
    END)
);
-- Neither catalogue, item nor user is a foreign key: the service has checked them, and a row that is gone by the time an
-- event is written must not cost the event.
COMMENT ON TABLE kindred.events IS 'What users did with items, each event once; rows are only ever added.';
COMMENT ON COLUMN kindred.events.id IS 'Ascends in the order of writing; has gaps.';
COMMENT ON COLUMN kindred.events.catalogue_id IS 'The catalogue of the item.';
COMMENT ON COLUMN kindred.events.event_id IS 'Made by the client, unique within the catalogue: an event that is sent again is stored once.';
COMMENT ON COLUMN kindred.events.user_id IS 'Who; NULL for an anonymous session. Not necessarily in users yet.';
COMMENT ON COLUMN kindred.events.session IS 'Which anonymous session, as the client names it; NULL for a user.';
COMMENT ON COLUMN kindred.events.item_id IS 'What; the generation that served had it.';
COMMENT ON COLUMN kindred.events.kind IS 'viewed, rated or watched.';
COMMENT ON COLUMN kindred.events.value IS 'Of rated the stars (0.5 to 5), of watched the seconds (0 to 86400), of viewed NULL.';
COMMENT ON COLUMN kindred.events.generation_id IS 'The generation that the service served when the event came.';
COMMENT ON COLUMN kindred.events.request_id IS 'X-Request-Id of the request that brought the event.';
COMMENT ON COLUMN kindred.events.occurred_at IS 'When it happened, by the client; when it came, where the client does not say.';
COMMENT ON COLUMN kindred.events.received_at IS 'When the service took it.';

CREATE VIEW kindred.movie_events AS
SELECT e.id, e.event_id, e.user_id, e.session, e.item_id AS movie_id, i.title, e.kind, e.value, e.generation_id,
       e.request_id, e.occurred_at, e.received_at
FROM kindred.events e
JOIN kindred.catalogues c ON c.id = e.catalogue_id
LEFT JOIN kindred.items i ON i.catalogue_id = e.catalogue_id AND i.id = e.item_id
WHERE c.name = 'movies';
COMMENT ON VIEW kindred.movie_events IS 'The events of the catalogue movies, with titles.';
COMMENT ON COLUMN kindred.movie_events.id IS 'Ascends in the order of writing; has gaps.';
COMMENT ON COLUMN kindred.movie_events.event_id IS 'Made by the client; unique.';
COMMENT ON COLUMN kindred.movie_events.user_id IS 'Who; NULL for an anonymous session.';
COMMENT ON COLUMN kindred.movie_events.session IS 'Which anonymous session; NULL for a user.';
COMMENT ON COLUMN kindred.movie_events.movie_id IS 'What.';
COMMENT ON COLUMN kindred.movie_events.title IS 'Title of the movie; NULL when it is no longer in the catalogue.';
COMMENT ON COLUMN kindred.movie_events.kind IS 'viewed, rated or watched.';
COMMENT ON COLUMN kindred.movie_events.value IS 'Of rated the stars, of watched the seconds, of viewed NULL.';
COMMENT ON COLUMN kindred.movie_events.generation_id IS 'The generation that the service served when the event came.';
COMMENT ON COLUMN kindred.movie_events.request_id IS 'X-Request-Id of the request that brought the event.';
COMMENT ON COLUMN kindred.movie_events.occurred_at IS 'When it happened, by the client.';
COMMENT ON COLUMN kindred.movie_events.received_at IS 'When the service took it.';
