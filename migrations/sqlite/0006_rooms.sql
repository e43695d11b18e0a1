-- Rooms that people make and join, direct rooms and private threads, and requests to join.
-- The same names and meanings as in migrations/postgres.

ALTER TABLE rooms ADD COLUMN description TEXT NOT NULL DEFAULT '';
-- What rooms are searched by, in small letters.
ALTER TABLE rooms ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE rooms SET name_folded = lower(name);
-- Private rooms: whether others see the card and may ask to join.
ALTER TABLE rooms ADD COLUMN is_listed BOOLEAN NOT NULL DEFAULT FALSE;
-- How many may be in it; none: any number.
ALTER TABLE rooms ADD COLUMN max_members BIGINT;
ALTER TABLE rooms ADD COLUMN allow_files BOOLEAN NOT NULL DEFAULT TRUE;
ALTER TABLE rooms ADD COLUMN allow_voice BOOLEAN NOT NULL DEFAULT TRUE;
-- Direct rooms and private threads: the two, the lower id first, and the key by which there is one of them.
ALTER TABLE rooms ADD COLUMN first_id BIGINT REFERENCES users (id);
ALTER TABLE rooms ADD COLUMN second_id BIGINT REFERENCES users (id);
ALTER TABLE rooms ADD COLUMN direct_key TEXT;
-- Private threads: the message from which it was opened.
ALTER TABLE rooms ADD COLUMN owner_message_id BIGINT;
-- The room's seq at the last change of what it is.
ALTER TABLE rooms ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
-- What is there to join.
CREATE INDEX rooms_kind_name_folded ON rooms (kind, name_folded);
CREATE UNIQUE INDEX rooms_direct_key_key ON rooms (direct_key);

-- Who may not write until then.
ALTER TABLE members ADD COLUMN muted_until BIGINT;
-- Who may not come back until that is lifted.
ALTER TABLE members ADD COLUMN banned_at BIGINT;
-- The room's seq at the last change of the membership.
ALTER TABLE members ADD COLUMN rev BIGINT NOT NULL DEFAULT 0;
CREATE INDEX members_room_id_rev ON members (room_id, rev);

-- How many are in a room by row.
ALTER TABLE room_seq ADD COLUMN member_count BIGINT NOT NULL DEFAULT 0;

-- What a system message tells: key, target, args.
ALTER TABLE messages ADD COLUMN system TEXT;

CREATE TABLE join_requests (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    note TEXT NOT NULL,
    status TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    processed_at BIGINT,
    processed_by BIGINT REFERENCES users (id)
);
CREATE UNIQUE INDEX join_requests_pending_key ON join_requests (room_id, user_id) WHERE status = 'pending';
CREATE INDEX join_requests_room_id ON join_requests (room_id, status, id);
CREATE INDEX join_requests_user_id ON join_requests (user_id, status);
