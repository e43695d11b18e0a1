-- Accounts that admins keep: what was done with them, links by which a password is chosen, imports.
-- The same names and meanings as in migrations/postgres.

-- Written with the act itself, and never changed.
CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    at BIGINT NOT NULL,
    -- None: the command line.
    actor_id BIGINT REFERENCES users (id),
    action TEXT NOT NULL,
    target_kind TEXT NOT NULL,
    target_id BIGINT NOT NULL,
    -- What else there is to say of it, as JSON.
    args TEXT NOT NULL
);
CREATE INDEX audit_target ON audit (target_kind, target_id, id);

-- The link holds the token, this table its SHA-256. At most one of a person's has not ended.
CREATE TABLE password_links (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    user_id BIGINT NOT NULL REFERENCES users (id),
    token_hash TEXT NOT NULL CONSTRAINT password_links_token_hash_key UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    -- When it was used, or another one took its place.
    ended_at BIGINT
);
CREATE INDEX password_links_user_id ON password_links (user_id);

-- Imports under way. Until `decided_at` its accounts may still be taken back; from then on they come, whatever happens.
CREATE TABLE imports (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    -- Who imports; none: the command line.
    actor_id BIGINT REFERENCES users (id),
    touched_at BIGINT NOT NULL,
    decided_at BIGINT
);

-- The import that has not opened the account yet: until then it is closed, and nobody's to see.
ALTER TABLE users ADD COLUMN import_id BIGINT;
CREATE INDEX users_import_id ON users (import_id) WHERE import_id IS NOT NULL;
-- The list of people.
CREATE INDEX users_name_folded ON users (name_folded, id);
