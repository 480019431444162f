-- An index may hold the vectors in a smaller type than their tables do.

ALTER TABLE kindred.generations DROP CONSTRAINT generations_storage_check;
ALTER TABLE kindred.generations ADD CONSTRAINT generations_storage_check
    CHECK (storage IN ('vector', 'halfvec', 'bit'));
COMMENT ON COLUMN kindred.generations.storage IS
    'Type in which the index holds the vectors; the tables keep single precision, by which candidates are ranked again.';
