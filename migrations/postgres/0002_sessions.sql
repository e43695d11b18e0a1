-- Sessions of browsers and of tokens in one table, and what their owner is shown of them; sign-in by e-mail address.
-- The same names and meanings as in migrations/sqlite.

-- `browser`: token_hash is of the cookie's token. `token`: of the current refresh token's id, which changes at each
-- refresh; generation says how often it has.
ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'browser';
ALTER TABLE sessions ADD COLUMN generation BIGINT NOT NULL DEFAULT 0;
-- Written at most every few minutes.
ALTER TABLE sessions ADD COLUMN last_used_at BIGINT NOT NULL DEFAULT 0;
-- What the device called itself at sign-in: cut, without control characters.
ALTER TABLE sessions ADD COLUMN user_agent TEXT NOT NULL DEFAULT '';
UPDATE sessions SET last_used_at = created_at;

-- An address is found without regard to case; several accounts may have the same.
ALTER TABLE users ADD COLUMN email_folded TEXT COLLATE "C";
UPDATE users SET email_folded = lower(email);
CREATE INDEX users_email_folded ON users (email_folded);
