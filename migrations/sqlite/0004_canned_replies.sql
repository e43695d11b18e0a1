-- Texts that those who answer keep ready. The same names and meanings as in migrations/postgres.

CREATE TABLE canned_replies (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    desk TEXT NOT NULL,
    -- What is typed after "/", in small letters.
    name TEXT NOT NULL,
    content TEXT NOT NULL,
    updated_by BIGINT NOT NULL REFERENCES users (id),
    updated_at BIGINT NOT NULL,
    CONSTRAINT canned_replies_desk_name_key UNIQUE (desk, name)
);
