-- What a user did is read by every request for the user.

CREATE INDEX events_by_user ON kindred.events (catalogue_id, user_id, occurred_at) WHERE user_id IS NOT NULL;
COMMENT ON INDEX kindred.events_by_user IS 'A user''s events, oldest first.';
