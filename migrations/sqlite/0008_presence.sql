-- Presence: what people have chosen, when they were last seen, and whom each node holds.
-- The same names and meanings as in migrations/postgres.

CREATE TABLE presence (
    user_id BIGINT PRIMARY KEY REFERENCES users (id),
    -- As what they want to be seen.
    chosen TEXT NOT NULL DEFAULT 'online',
    hides_last_seen BOOLEAN NOT NULL DEFAULT FALSE,
    -- When the last of their devices went.
    last_seen_at BIGINT
);

-- Nodes that hold somebody. One whose beat_at stands still is gone, and the people that it held with it.
CREATE TABLE presence_nodes (
    node TEXT NOT NULL PRIMARY KEY,
    beat_at BIGINT NOT NULL,
    -- Grows with every change of presence that the node makes.
    rev BIGINT NOT NULL
);

-- Who is connected where, and when they last did something themselves.
CREATE TABLE presence_held (
    node TEXT NOT NULL,
    user_id BIGINT NOT NULL REFERENCES users (id),
    active_at BIGINT NOT NULL,
    PRIMARY KEY (node, user_id)
);
CREATE INDEX presence_held_user_id ON presence_held (user_id);
