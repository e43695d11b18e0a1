-- What the school decides for itself: who may write to whom, how it looks, what it tells everybody; and whom people block.
-- The same names and meanings as in migrations/postgres.

-- One row. What is empty is as the settings file says.
CREATE TABLE school (
    id BIGINT PRIMARY KEY,
    -- Grows with every change.
    rev BIGINT NOT NULL DEFAULT 0,
    name TEXT,
    -- As #rrggbb.
    accent TEXT,
    -- The hash of the logo.
    logo TEXT,
    student_to_student BOOLEAN NOT NULL DEFAULT TRUE,
    student_to_teacher BOOLEAN NOT NULL DEFAULT TRUE,
    teacher_to_student BOOLEAN NOT NULL DEFAULT TRUE,
    student_makes_public BOOLEAN NOT NULL DEFAULT FALSE,
    student_makes_private BOOLEAN NOT NULL DEFAULT FALSE,
    teacher_makes_public BOOLEAN NOT NULL DEFAULT TRUE,
    teacher_makes_private BOOLEAN NOT NULL DEFAULT TRUE
);
INSERT INTO school (id) VALUES (1);

-- Pictures by the SHA-256 of what is in them, as base64.
CREATE TABLE logos (
    hash TEXT PRIMARY KEY,
    kind TEXT NOT NULL,
    content TEXT NOT NULL
);

CREATE TABLE alerts (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    content TEXT NOT NULL,
    created_by BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    -- When it ends by itself.
    until BIGINT,
    ended_at BIGINT
);
CREATE INDEX alerts_ended_at ON alerts (ended_at, id);

-- Who has put away which alert.
CREATE TABLE alert_dismissals (
    user_id BIGINT NOT NULL REFERENCES users (id),
    alert_id BIGINT NOT NULL REFERENCES alerts (id),
    PRIMARY KEY (user_id, alert_id)
);

-- Whom somebody does not want to hear.
CREATE TABLE blocks (
    user_id BIGINT NOT NULL REFERENCES users (id),
    blocked_id BIGINT NOT NULL REFERENCES users (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (user_id, blocked_id)
);
CREATE INDEX blocks_blocked_id ON blocks (blocked_id, user_id);

-- Who answers for the school is not blocked, and blocks nobody, whatever they were before.
CREATE TRIGGER users_answer_for_the_school AFTER UPDATE OF role ON users WHEN NEW.role IN ('agent', 'admin')
BEGIN
    DELETE FROM blocks WHERE user_id = NEW.id OR blocked_id = NEW.id;
END;
