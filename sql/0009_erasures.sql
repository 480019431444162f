-- A user who is to be forgotten: what of them goes, and what keeps them from coming back out of a journal.

CREATE TABLE kindred.erasures (
    catalogue_id integer     NOT NULL REFERENCES kindred.catalogues,
    user_id      integer     NOT NULL,
    erased_at    timestamptz NOT NULL,
    PRIMARY KEY (catalogue_id, user_id)
);
COMMENT ON TABLE kindred.erasures IS
    'Users who were erased. Their number stays, and nothing else: events of theirs that were received before may still lie in a service''s journal, and are not stored.';
COMMENT ON COLUMN kindred.erasures.catalogue_id IS 'The catalogue of the user.';
COMMENT ON COLUMN kindred.erasures.user_id IS 'Who was erased.';
COMMENT ON COLUMN kindred.erasures.erased_at IS 'When, the last time; what is received later is stored again.';

CREATE FUNCTION kindred.drop_erased_event() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM kindred.erasures x
        WHERE x.catalogue_id = NEW.catalogue_id AND x.user_id = NEW.user_id AND x.erased_at >= NEW.received_at
    ) THEN
        RETURN NULL;
    END IF;
    RETURN NEW;
END;
$$;
COMMENT ON FUNCTION kindred.drop_erased_event IS 'Keeps an event out that was received before its user was erased.';

CREATE TRIGGER drop_erased_event BEFORE INSERT ON kindred.events
FOR EACH ROW WHEN (NEW.user_id IS NOT NULL) EXECUTE FUNCTION kindred.drop_erased_event();

CREATE FUNCTION kindred.erase_user(
    catalogue text, who integer, OUT events bigint, OUT interactions bigint, OUT vectors bigint, OUT users bigint,
    OUT erased_at timestamptz
)
LANGUAGE plpgsql AS $$
DECLARE
    owner      integer;
    generation integer;
    removed    bigint;
BEGIN
    SELECT c.id INTO owner FROM kindred.catalogues c WHERE c.name = catalogue;
    IF owner IS NULL THEN
        RAISE EXCEPTION 'there is no catalogue %', catalogue USING ERRCODE = 'no_data_found';
    END IF;
    -- Waits for events that are being written, and lets none in before this is committed: theirs could not see it.
    LOCK TABLE kindred.events IN SHARE ROW EXCLUSIVE MODE;
    erased_at := clock_timestamp();
    INSERT INTO kindred.erasures AS x (catalogue_id, user_id, erased_at) VALUES (owner, who, erase_user.erased_at)
    ON CONFLICT (catalogue_id, user_id) DO UPDATE SET erased_at = greatest(x.erased_at, excluded.erased_at);

    DELETE FROM kindred.events e WHERE e.catalogue_id = owner AND e.user_id = who;
    GET DIAGNOSTICS events = ROW_COUNT;
    DELETE FROM kindred.interactions n WHERE n.catalogue_id = owner AND n.user_id = who;
    GET DIAGNOSTICS interactions = ROW_COUNT;
    vectors := 0;
    FOR generation IN SELECT g.id FROM kindred.generations g WHERE g.catalogue_id = owner LOOP
        -- A generation that failed or was dropped has none.
        CONTINUE WHEN to_regclass(format('kindred.%I', 'user_vectors_g' || generation)) IS NULL;
        EXECUTE format('DELETE FROM kindred.%I WHERE user_id = $1', 'user_vectors_g' || generation) USING who;
        GET DIAGNOSTICS removed = ROW_COUNT;
        vectors := vectors + removed;
    END LOOP;
    DELETE FROM kindred.users u WHERE u.catalogue_id = owner AND u.id = who;
    GET DIAGNOSTICS users = ROW_COUNT;
    -- Every service that follows the pointer reads its generation again.
    PERFORM pg_notify('kindred_activation', catalogue);
END;
$$;
COMMENT ON FUNCTION kindred.erase_user IS
    'Deletes a user''s events, interactions, vectors of every generation and row, keeps what is still in a journal from being stored, tells services to read their generation again, and returns how many rows went and when.';
