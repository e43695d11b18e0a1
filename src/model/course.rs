//! Courses: who teaches and who learns, and the rooms that follow them.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::{CourseId, MemberRole, UserId, word::words};

/// Longest code of a course, in characters.
pub const COURSE_CODE_CHARS: usize = 64;
/// Longest title of a course, in characters.
pub const COURSE_TITLE_CHARS: usize = 200;

/// What somebody is in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CourseRole {
    /// Learns in it.
    Student,
    /// Teaches it.
    Teacher,
}

words!(CourseRole { Student = "student", Teacher = "teacher" });

impl CourseRole {
    /// What that makes of them in the course's rooms.
    pub fn in_rooms(self) -> MemberRole {
        match self {
            Self::Student => MemberRole::Member,
            Self::Teacher => MemberRole::Host,
        }
    }
}

/// Who sees what students write in a course room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ChatMode {
    /// Everybody in it.
    #[default]
    Public,
    /// Those who teach, and each student their own: questions to the teacher.
    Private,
}

words!(ChatMode { Public = "public", Private = "private" });

impl ChatMode {
    /// Whether everybody sees everything: what need not be said.
    pub fn is_public(&self) -> bool {
        *self == Self::Public
    }
}

/// A course, as all see it who see one of its rooms.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct CourseCard {
    /// The course.
    pub id: CourseId,
    /// What the school calls it for short.
    pub code: String,
    /// What it is called.
    pub title: String,
}

/// Those who keep order in a course room, by row: with the admins they are its staff.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Staff(Arc<[UserId]>);

impl Staff {
    /// These.
    pub fn of(users: impl IntoIterator<Item = UserId>) -> Self {
        Self(users.into_iter().collect())
    }

    /// Whether that is one of them.
    pub fn has(&self, user_id: UserId) -> bool {
        self.0.contains(&user_id)
    }
}

impl From<String> for Staff {
    /// From ids between commas, as the database tells them.
    fn from(ids: String) -> Self {
        Self::of(ids.split(',').filter_map(UserId::from_digits))
    }
}

/// What is wrong with a course that is to be kept, in words for whoever brings it in.
pub fn problem_of(code: &str, title: &str) -> Option<String> {
    let is_line = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && !text.contains(char::is_control)
    };
    if !is_line(code, COURSE_CODE_CHARS) {
        return Some(format!(
            "a code is one line of 1 to {COURSE_CODE_CHARS} characters"
        ));
    }
    if !is_line(title, COURSE_TITLE_CHARS) {
        return Some(format!(
            "a title is one line of 1 to {COURSE_TITLE_CHARS} characters"
        ));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn staff_is_read_as_the_database_tells_it() {
        let staff = Staff::from("7,12".to_owned());
        assert_eq!(staff, Staff::of([UserId(7), UserId(12)]));
        assert!(staff.has(UserId(12)) && !staff.has(UserId(1)));
        assert_eq!(Staff::from(String::new()), Staff::default());
    }

    #[test]
    fn a_code_and_a_title_are_lines_of_some_length() {
        assert_eq!(problem_of("MA-101", "Algebra"), None);
        for (code, title) in [
            ("", "Algebra"),
            ("MA", ""),
            ("M\nA", "Algebra"),
            ("MA", "Alg\0bra"),
        ] {
            assert!(problem_of(code, title).is_some(), "{code:?} {title:?}");
        }
        let long = |most: usize| "ä".repeat(most);
        assert!(problem_of(&long(COURSE_CODE_CHARS), &long(COURSE_TITLE_CHARS)).is_none());
        assert!(problem_of(&long(COURSE_CODE_CHARS + 1), "A").is_some());
        assert!(problem_of("A", &long(COURSE_TITLE_CHARS + 1)).is_some());
    }
}
