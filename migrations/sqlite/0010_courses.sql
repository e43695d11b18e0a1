-- Courses, who is in them, and the rooms that follow them. The same names and meanings as in migrations/postgres.

CREATE TABLE courses (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    code TEXT NOT NULL,
    code_folded TEXT NOT NULL CONSTRAINT courses_code_folded_key UNIQUE,
    title TEXT NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE course_members (
    course_id BIGINT NOT NULL REFERENCES courses (id),
    user_id BIGINT NOT NULL REFERENCES users (id),
    role TEXT NOT NULL,
    PRIMARY KEY (course_id, user_id)
);
CREATE INDEX course_members_user_id ON course_members (user_id, course_id);

-- Course rooms: whom it follows, and who sees what students ask there.
ALTER TABLE rooms ADD COLUMN course_id BIGINT REFERENCES courses (id);
ALTER TABLE rooms ADD COLUMN chat_mode TEXT NOT NULL DEFAULT 'public';
-- The room's seq at the last change of many at once: who knows less begins afresh.
ALTER TABLE rooms ADD COLUMN reset_seq BIGINT NOT NULL DEFAULT 0;
CREATE INDEX rooms_course_id ON rooms (course_id) WHERE course_id IS NOT NULL;

-- Who keeps order in a room: in course rooms, who sees everything.
CREATE INDEX members_staff ON members (room_id, user_id) WHERE left_at IS NULL AND role <> 'member';
