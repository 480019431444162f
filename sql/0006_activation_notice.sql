-- Services follow the pointer. They look at it now and then; a notification tells them to look at once.

CREATE OR REPLACE FUNCTION kindred.activate_generation(wanted integer) RETURNS integer
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
    -- Delivered when the transaction commits: whoever looks then sees the new pointer.
    PERFORM pg_notify('kindred_activation', owner.name);
    RETURN previous;
END;
$$;
COMMENT ON FUNCTION kindred.activate_generation IS
    'Moves the pointer of a generation''s catalogue to it, tells the channel kindred_activation the catalogue''s name, and returns the generation it replaces. One transaction; rolling back is the same backwards.';
