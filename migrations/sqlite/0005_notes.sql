-- What is for staff alone is unread for staff alone. The same names and meanings as in migrations/postgres.

-- What unread counts count, and for whom.
DROP INDEX messages_countable;
CREATE INDEX messages_countable ON messages (room_id, seq, sender_id, audience) WHERE kind <> 'system' AND deleted_at IS NULL;
