//! The demo's courses, the rooms that follow them, and what was said there.

use uuid::Uuid;

use super::{crowd::CROWD, people::PEOPLE};
use crate::{
    model::{ChatMode, ClientId, Role},
    server::service::CourseLine,
};

/// The keys of what is said in courses: this, and in the last 64 bits the course and the line.
const KEYS: u128 = 0x7175_6164_6465_8d6f_8003_0000_0000_0000;
/// Room for the lines of one course.
const LINE_BITS: u32 = 16;

/// How many of the demo's students learn in a course.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Size {
    /// Each so-manieth of those who have names of their own.
    Each(usize),
    /// All of them, and the crowd.
    All,
}

/// A course with one room.
pub(super) struct Lesson {
    pub(super) code: &'static str,
    pub(super) title: &'static str,
    /// What its room is called.
    pub(super) room: &'static str,
    /// The sign-in name of who teaches it, and makes its room.
    pub(super) teacher: &'static str,
    pub(super) size: Size,
    pub(super) mode: ChatMode,
    /// Who says what, oldest first, some minutes ago.
    pub(super) said: &'static [(&'static str, i64, &'static str)],
}

pub(super) const LESSONS: [Lesson; 4] = [
    Lesson {
        code: "MA-101",
        title: "Linear algebra",
        room: "Linear algebra",
        teacher: "teacher",
        size: Size::Each(2),
        mode: ChatMode::Public,
        said: &[
            (
                "teacher",
                58,
                "Sheet 7 is online. Please hand it in by Friday at noon.",
            ),
            ("ana", 51, "Is exercise 3 about real matrices only?"),
            ("teacher", 49, "Yes, real ones. Thank you for asking here."),
            (
                "mei",
                40,
                "For whoever is stuck on 5: start with the kernel.",
            ),
            ("zihan", 38, "That helped a lot, thank you!"),
            ("yuma", 12, "Does the tutorial still take place today?"),
            ("teacher", 9, "It does, at four, in room 2.14."),
        ],
    },
    Lesson {
        code: "HI-210",
        title: "Europe, 1789 to 1848",
        room: "Europe, 1789 to 1848",
        teacher: "ingrid",
        size: Size::Each(7),
        mode: ChatMode::Public,
        said: &[
            (
                "ingrid",
                44,
                "For Thursday, please read chapter 4 up to the Congress of Vienna.",
            ),
            ("aminata", 31, "Do we need the appendix as well?"),
            ("ingrid", 28, "Only the maps."),
        ],
    },
    Lesson {
        code: "CS-330",
        title: "Databases",
        room: "Databases: questions",
        teacher: "rafael",
        size: Size::Each(3),
        mode: ChatMode::Private,
        said: &[
            (
                "rafael",
                56,
                "Ask me anything about the project here. Only I read what you write; my answers go to everybody.",
            ),
            (
                "ana",
                33,
                "My group has one member less since Monday. Does that change what we hand in?",
            ),
            (
                "hannah",
                27,
                "May the schema still change after the first milestone?",
            ),
            (
                "rafael",
                21,
                "Somebody asked whether the schema may change after the first milestone: yes, as long as you say why.",
            ),
            ("olena", 6, "I was ill last week. Can I hand in later?"),
        ],
    },
    Lesson {
        code: "ST-100",
        title: "Introduction to statistics",
        room: "Introduction to statistics",
        teacher: "ingrid",
        size: Size::All,
        mode: ChatMode::Public,
        said: &[
            (
                "ingrid",
                47,
                "Welcome to the lecture! The slides of the first three weeks are on the course page.",
            ),
            ("kofi", 42, "Will there be a recording?"),
            ("ingrid", 41, "Yes, every week, the evening after."),
        ],
    },
];

impl Lesson {
    /// As a line of the school's list has it.
    pub(super) fn line(&self) -> CourseLine {
        let named = PEOPLE.iter().filter(|person| person.role == Role::Student);
        let students: Vec<String> = match self.size {
            Size::Each(nth) => named
                .step_by(nth)
                .map(|person| person.username.to_owned())
                .collect(),
            Size::All => named
                .chain(CROWD.iter())
                .map(|person| person.username.to_owned())
                .collect(),
        };
        CourseLine {
            line: 0,
            code: self.code.to_owned(),
            title: self.title.to_owned(),
            teachers: vec![self.teacher.to_owned()],
            students,
        }
    }
}

/// The key of that line of that course, always the same.
pub(super) fn client_id(lesson: usize, nth: usize) -> ClientId {
    let bits = |n: usize| u128::try_from(n).unwrap_or_default();
    ClientId(Uuid::from_u128(
        KEYS | bits(lesson) << LINE_BITS | bits(nth),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_says_something_in_a_course_is_in_it() {
        for lesson in &LESSONS {
            let line = lesson.line();
            for (sender, minutes, text) in lesson.said {
                let is_in = line.students.iter().chain(&line.teachers);
                assert!(
                    is_in.into_iter().any(|name| name == sender),
                    "{sender}: {text}"
                );
                assert!(*minutes > 0);
            }
            assert!(
                lesson.said.is_sorted_by(|a, b| a.1 > b.1),
                "{}",
                lesson.code
            );
        }
    }

    #[test]
    fn courses_are_of_several_sizes() {
        let sizes = LESSONS
            .each_ref()
            .map(|lesson| lesson.line().students.len());
        assert_eq!(sizes, [20, 6, 14, 300]);
        let private = LESSONS.iter().filter(|lesson| !lesson.mode.is_public());
        assert_eq!(private.count(), 1);
    }
}
