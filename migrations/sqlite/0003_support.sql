-- Where each support room stands with those who answer. The same names and meanings as in migrations/postgres.

CREATE TABLE support_rooms (
    room_id BIGINT PRIMARY KEY REFERENCES rooms (id),
    -- That of the room, which never changes: what the inbox looks for together.
    desk TEXT NOT NULL,
    status TEXT NOT NULL,
    assignee_id BIGINT REFERENCES users (id),
    -- When the person wrote the first message that nobody has answered yet.
    waiting_since BIGINT,
    -- The room's seq at the last change by hand.
    rev BIGINT NOT NULL DEFAULT 0
);
CREATE INDEX support_rooms_desk_status ON support_rooms (desk, status, waiting_since);

INSERT INTO support_rooms (room_id, desk, status)
SELECT id, desk, 'open' FROM rooms WHERE kind = 'support';

-- What the inbox is searched by, in small letters.
ALTER TABLE users ADD COLUMN name_folded TEXT NOT NULL DEFAULT '';
UPDATE users SET name_folded = lower(name);

-- A person's own support rooms.
CREATE INDEX rooms_user_id ON rooms (user_id);
