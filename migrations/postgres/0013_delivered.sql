-- What has come to a person's device, read or not: a mark like the receipt, it never goes back. A read receipt implies it,
-- and who has received and read nothing stands with a receipt of 0. `rev` is that of its last change too.
-- The same names and meanings as in migrations/sqlite.

ALTER TABLE marks ADD COLUMN delivered_seq BIGINT NOT NULL DEFAULT 0;
-- Rooms of many have none.
CREATE INDEX marks_delivered ON marks (room_id) WHERE delivered_seq > 0;
