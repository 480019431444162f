-- What exists independently of any model: catalogues of items, their users, and who interacted with what.
-- Neutral on purpose: `movies` and `ratings` are views over the catalogue named 'movies'.

CREATE TABLE kindred.catalogues (
    id      integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name    text NOT NULL UNIQUE CHECK (name ~ '^[a-z][a-z0-9_]{0,30}$'),
    dataset text NOT NULL
);
COMMENT ON TABLE kindred.catalogues IS 'A set of items that is searched as one; everything else belongs to a catalogue.';
COMMENT ON COLUMN kindred.catalogues.id IS 'Key used by the other tables.';
COMMENT ON COLUMN kindred.catalogues.name IS 'Name in URLs and view names, for example movies.';
COMMENT ON COLUMN kindred.catalogues.dataset IS 'The data set its items come from; a bundle of another data set is refused.';

CREATE TABLE kindred.items (
    catalogue_id integer NOT NULL REFERENCES kindred.catalogues,
    id           integer NOT NULL,
    title        text NOT NULL,
    released     date,
    tags         text[] NOT NULL DEFAULT '{}',
    attributes   jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (catalogue_id, id)
);
COMMENT ON TABLE kindred.items IS 'What can be recommended. Titles are not unique.';
COMMENT ON COLUMN kindred.items.catalogue_id IS 'The catalogue the item belongs to.';
COMMENT ON COLUMN kindred.items.id IS 'Id in the data set, unique within the catalogue.';
COMMENT ON COLUMN kindred.items.title IS 'Title as the data set gives it.';
COMMENT ON COLUMN kindred.items.released IS 'Release date; NULL where the data set has none.';
COMMENT ON COLUMN kindred.items.tags IS 'Labels to filter by; the genres of a movie.';
COMMENT ON COLUMN kindred.items.attributes IS 'Anything else the data set says, for example imdb_url, and the year an item is of where a release came later.';

CREATE TABLE kindred.users (
    catalogue_id integer NOT NULL REFERENCES kindred.catalogues,
    id           integer NOT NULL,
    attributes   jsonb NOT NULL DEFAULT '{}',
    PRIMARY KEY (catalogue_id, id)
);
COMMENT ON TABLE kindred.users IS 'Who items are recommended to.';
COMMENT ON COLUMN kindred.users.catalogue_id IS 'The catalogue the user belongs to.';
COMMENT ON COLUMN kindred.users.id IS 'Id in the data set, unique within the catalogue.';
COMMENT ON COLUMN kindred.users.attributes IS 'What the data set says, for example age and occupation.';

CREATE TABLE kindred.interactions (
    catalogue_id integer NOT NULL,
    user_id      integer NOT NULL,
    item_id      integer NOT NULL,
    value        real NOT NULL,
    occurred_at  timestamptz NOT NULL,
    PRIMARY KEY (catalogue_id, user_id, item_id),
    FOREIGN KEY (catalogue_id, user_id) REFERENCES kindred.users (catalogue_id, id),
    FOREIGN KEY (catalogue_id, item_id) REFERENCES kindred.items (catalogue_id, id)
);
CREATE INDEX interactions_by_item ON kindred.interactions (catalogue_id, item_id);
COMMENT ON TABLE kindred.interactions IS 'A user and an item met; these items are not recommended to the user again.';
COMMENT ON COLUMN kindred.interactions.catalogue_id IS 'The catalogue of both the user and the item.';
COMMENT ON COLUMN kindred.interactions.user_id IS 'The user.';
COMMENT ON COLUMN kindred.interactions.item_id IS 'The item.';
COMMENT ON COLUMN kindred.interactions.value IS 'Strength of the interaction; the stars (1 to 5) of a movie rating.';
COMMENT ON COLUMN kindred.interactions.occurred_at IS 'When it happened.';

CREATE VIEW kindred.movies AS
SELECT i.id AS movie_id, i.title, i.released AS release_date,
       coalesce((i.attributes ->> 'year')::integer, extract(year FROM i.released)::integer) AS year,
       i.tags AS genres, i.attributes ->> 'imdb_url' AS imdb_url
FROM kindred.items i
JOIN kindred.catalogues c ON c.id = i.catalogue_id
WHERE c.name = 'movies';
COMMENT ON VIEW kindred.movies IS 'The items of the catalogue movies.';
COMMENT ON COLUMN kindred.movies.movie_id IS 'Id in the data set.';
COMMENT ON COLUMN kindred.movies.title IS 'Title as the data set gives it; not unique.';
COMMENT ON COLUMN kindred.movies.release_date IS 'Release date; NULL where the data set has none.';
COMMENT ON COLUMN kindred.movies.year IS 'Year of the film; where the data set only dates a release, the year of that.';
COMMENT ON COLUMN kindred.movies.genres IS 'Genre names.';
COMMENT ON COLUMN kindred.movies.imdb_url IS 'Link to the Internet Movie Database; NULL where the data set has none.';

CREATE VIEW kindred.ratings AS
SELECT n.user_id, n.item_id AS movie_id, n.value AS rating, n.occurred_at AS rated_at
FROM kindred.interactions n
JOIN kindred.catalogues c ON c.id = n.catalogue_id
WHERE c.name = 'movies';
COMMENT ON VIEW kindred.ratings IS 'The interactions of the catalogue movies.';
COMMENT ON COLUMN kindred.ratings.user_id IS 'Who rated.';
COMMENT ON COLUMN kindred.ratings.movie_id IS 'What was rated.';
COMMENT ON COLUMN kindred.ratings.rating IS 'Stars, 1 to 5.';
COMMENT ON COLUMN kindred.ratings.rated_at IS 'When.';
