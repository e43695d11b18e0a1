-- Search: people by one folded text, messages by an index that a queue feeds.
-- The same names and meanings as in migrations/postgres, but for the index itself, message_search.

-- What people are found by: name, sign-in name and address, folded, a line each. Rows that are there already get theirs
-- at the next start. The columns username_folded and email_folded are keys, and know nothing of it.
ALTER TABLE users ADD COLUMN search_folded TEXT NOT NULL DEFAULT '';

-- Messages that were written, changed or emptied since the index has seen them.
CREATE TABLE search_queue (
    message_id INTEGER PRIMARY KEY
);

CREATE TRIGGER messages_written AFTER INSERT ON messages WHEN NEW.kind <> 'system'
BEGIN
    INSERT OR IGNORE INTO search_queue (message_id) VALUES (NEW.id);
END;
CREATE TRIGGER messages_changed AFTER UPDATE OF content, deleted_at ON messages WHEN NEW.kind <> 'system'
BEGIN
    INSERT OR IGNORE INTO search_queue (message_id) VALUES (NEW.id);
END;

-- Terms alone, by the message's id; they come folded and parted by blanks, so nothing else parts them.
CREATE VIRTUAL TABLE message_search USING fts5(
    terms, content = '', contentless_delete = 1, detail = 'none',
    tokenize = "unicode61 remove_diacritics 0 categories 'L* M* N* P* S* C*'"
);
