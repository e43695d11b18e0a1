-- What a person wants of a room, for themselves alone: outside its seq, told to their own devices.
-- The same names and meanings as in migrations/sqlite.

CREATE TABLE room_choices (
    user_id BIGINT NOT NULL REFERENCES users (id),
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    -- It counts in no badge, no title and no bell.
    is_quiet BOOLEAN NOT NULL,
    -- It stands first in the list.
    is_pinned BOOLEAN NOT NULL,
    PRIMARY KEY (user_id, room_id)
);
