-- The core: people, sessions, rooms, messages, marks. The same names and meanings as in migrations/postgres.
-- Every integer is BIGINT, every time milliseconds since 1970 in UTC; ids are never reused.

-- One row a word: `epoch` (renewed by a restore).
CREATE TABLE meta (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
);

CREATE TABLE users (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    username TEXT NOT NULL,
    username_folded TEXT NOT NULL CONSTRAINT users_username_folded_key UNIQUE,
    name TEXT NOT NULL,
    email TEXT,
    role TEXT NOT NULL,
    language TEXT NOT NULL,
    time_zone TEXT NOT NULL,
    password_hash TEXT,
    -- Dense per user: grows with every change of the user's marks or list.
    rev BIGINT NOT NULL DEFAULT 0,
    created_at BIGINT NOT NULL,
    closed_at BIGINT
);

-- Browser sessions. The cookie holds the token, this table its SHA-256.
CREATE TABLE sessions (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL CONSTRAINT sessions_token_hash_key UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT
);
CREATE INDEX sessions_user_id ON sessions (user_id);

-- Changes without a room, numbered like one: `seq` is dense under the row lock of `control_seq`.
CREATE TABLE control_seq (
    id BIGINT PRIMARY KEY,
    seq BIGINT NOT NULL
);
INSERT INTO control_seq (id, seq) VALUES (1, 0);

CREATE TABLE control_log (
    seq BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    user_id BIGINT,
    session_id BIGINT,
    created_at BIGINT NOT NULL
);

CREATE TABLE rooms (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    desk TEXT,
    -- Support rooms: whose it is.
    user_id BIGINT REFERENCES users (id),
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    archived_at BIGINT,
    deleted_at BIGINT,
    CONSTRAINT rooms_desk_user_id_key UNIQUE (desk, user_id)
);

-- The counters that every send moves, apart from the row that it only reads.
CREATE TABLE room_seq (
    room_id BIGINT PRIMARY KEY REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    -- Grows with every receipt in the room, so that other nodes see that there is one.
    marks_rev BIGINT NOT NULL DEFAULT 0,
    last_message_id BIGINT
);

CREATE TABLE members (
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    joined_at BIGINT NOT NULL,
    left_at BIGINT,
    PRIMARY KEY (room_id, user_id)
);
CREATE INDEX members_user_id ON members (user_id, room_id);

CREATE TABLE messages (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    seq BIGINT NOT NULL,
    -- The room's seq at the last change; content_rev: at the last change of the text.
    rev BIGINT NOT NULL,
    content_rev BIGINT NOT NULL,
    sender_id BIGINT NOT NULL REFERENCES users (id),
    client_id TEXT NOT NULL,
    kind TEXT NOT NULL,
    audience TEXT NOT NULL,
    content TEXT NOT NULL,
    reply_to_id BIGINT,
    thread_root_id BIGINT,
    created_at BIGINT NOT NULL,
    edited_at BIGINT,
    deleted_at BIGINT,
    CONSTRAINT messages_room_id_seq_key UNIQUE (room_id, seq),
    CONSTRAINT messages_sender_id_client_id_key UNIQUE (sender_id, client_id)
);
CREATE INDEX messages_room_id_rev ON messages (room_id, rev);
-- What unread counts count.
CREATE INDEX messages_countable ON messages (room_id, seq, sender_id) WHERE kind <> 'system' AND deleted_at IS NULL;

-- What a person has read: `receipt_seq` never goes back and is what others see; `read_seq` is the own badge.
CREATE TABLE marks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    room_id BIGINT NOT NULL REFERENCES rooms (id),
    receipt_seq BIGINT NOT NULL,
    read_seq BIGINT NOT NULL,
    -- The room's marks_rev at the last change of the receipt.
    rev BIGINT NOT NULL,
    PRIMARY KEY (user_id, room_id)
);
CREATE INDEX marks_room_id ON marks (room_id, user_id);
