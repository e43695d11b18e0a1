-- Search: people by one folded text, messages by an index that a queue feeds.
-- The same names and meanings as in migrations/sqlite, but for the index itself, message_search.

-- What people are found by: name, sign-in name and address, folded, a line each. Rows that are there already get theirs
-- at the next start. The columns username_folded and email_folded are keys, and know nothing of it.
ALTER TABLE users ADD COLUMN search_folded TEXT COLLATE "C" NOT NULL DEFAULT '';

-- Messages that were written, changed or emptied since the index has seen them.
CREATE TABLE search_queue (
    message_id BIGINT PRIMARY KEY
);

CREATE FUNCTION queue_written() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_queue (message_id) SELECT id FROM written WHERE kind <> 'system' ON CONFLICT DO NOTHING;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_written AFTER INSERT ON messages
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION queue_written();

-- The update locks the row: whoever takes it from the queue does so before this change, or sees it.
CREATE FUNCTION queue_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO search_queue (message_id) VALUES (NEW.id)
    ON CONFLICT (message_id) DO UPDATE SET message_id = excluded.message_id;
    RETURN NULL;
END
$$;
CREATE TRIGGER messages_changed AFTER UPDATE OF content, deleted_at ON messages
    FOR EACH ROW WHEN (NEW.kind <> 'system') EXECUTE FUNCTION queue_changed();

-- Terms alone, by the message's id.
CREATE TABLE message_search (
    message_id BIGINT PRIMARY KEY,
    terms TSVECTOR NOT NULL
);
CREATE INDEX message_search_terms ON message_search USING gin (terms);
