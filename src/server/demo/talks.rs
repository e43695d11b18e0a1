//! The demo's conversations: whose they are, how much was said, and where they stand. What is said is composed
//! ([`super::compose`]) of the texts ([`super::scripts`]).

use crate::model::SupportStatus;

/// Who writes a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    /// The student whose conversation it is.
    Student,
    /// Who answers.
    Agent,
}

/// How a conversation ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// Everything was said; nobody has put it away yet.
    Said,
    /// It is the student who was asked something.
    Asked,
    /// Somebody else is being asked.
    Pending,
    /// Nothing is left to do.
    Resolved,
    /// The student waits for an answer, since so many minutes.
    Waiting(i64),
}

impl Ending {
    /// Where the conversation stands then.
    pub(super) fn status(self) -> SupportStatus {
        match self {
            Self::Said | Self::Asked | Self::Waiting(_) => SupportStatus::Open,
            Self::Pending => SupportStatus::Pending,
            Self::Resolved => SupportStatus::Resolved,
        }
    }
}

/// One student's support conversation.
pub(super) struct Talk {
    /// The student's sign-in name.
    pub(super) student: &'static str,
    /// The sign-in name of who takes care of it.
    pub(super) assignee: Option<&'static str>,
    /// How many exchanges there were before those that are named.
    pub(super) before: usize,
    /// Exchanges written for this student, and how many school days ago; the last one of them ends the conversation.
    pub(super) named: &'static [(&'static str, i64)],
    /// How it ends.
    pub(super) ending: Ending,
    /// Where no exchange is named: how many school days ago it ended.
    pub(super) ended: i64,
    /// Whether the last lines are still unread by those whom they were written to.
    pub(super) is_unread: bool,
}

const NORA: Option<&str> = Some("agent");
const SAMIR: Option<&str> = Some("samir");
const ROSA: Option<&str> = Some("admin");
const NOBODY: Option<&str> = None;

const UNREAD: bool = true;
const READ: bool = false;

const fn talk(
    student: &'static str,
    assignee: Option<&'static str>,
    before: usize,
    (ending, ended): (Ending, i64),
    is_unread: bool,
) -> Talk {
    Talk {
        student,
        assignee,
        before,
        named: &[],
        ending,
        ended,
        is_unread,
    }
}

const fn with(named: &'static [(&'static str, i64)], talk: Talk) -> Talk {
    Talk { named, ..talk }
}

use Ending::{Asked, Pending, Resolved, Said, Waiting};

/// Every conversation. The keys of its messages are its place in this list and theirs in it (see `plan`): where one is
/// changed, databases that have the demo already are not.
pub(super) const TALKS: [Talk; 30] = [
    with(
        &[("an invoice", 9), ("a surname", 3)],
        talk("ana", NORA, 14, (Said, 0), UNREAD),
    ),
    with(
        &[("a video", 7)],
        talk("kofi", NORA, 9, (Resolved, 0), READ),
    ),
    with(
        &[
            ("the other group", 8),
            ("the new group", 3),
            ("an essay", 0),
        ],
        talk("mei", NOBODY, 11, (Waiting(38), 0), UNREAD),
    ),
    talk("hannah", SAMIR, 30, (Waiting(12), 0), UNREAD),
    talk("yusuf", SAMIR, 20, (Waiting(75), 0), READ),
    talk("lucia", NOBODY, 16, (Waiting(190), 0), UNREAD),
    talk("yuma", NORA, 12, (Pending, 2), READ),
    talk("aminata", SAMIR, 18, (Asked, 1), UNREAD),
    talk("zihan", NORA, 15, (Resolved, 4), READ),
    talk("olena", NOBODY, 7, (Waiting(1400), 0), UNREAD),
    talk("arjun", NORA, 24, (Resolved, 1), UNREAD),
    talk("zeynep", SAMIR, 14, (Pending, 1), UNREAD),
    talk("beatriz", NORA, 10, (Resolved, 6), READ),
    talk("diego", NORA, 26, (Asked, 2), READ),
    talk("lukas", ROSA, 12, (Pending, 3), READ),
    talk("minjun", SAMIR, 22, (Resolved, 2), READ),
    talk("nikos", NORA, 17, (Resolved, 9), READ),
    talk("linh", NOBODY, 4, (Waiting(3), 0), UNREAD),
    talk("ploy", SAMIR, 9, (Resolved, 12), READ),
    talk("amina", NORA, 19, (Resolved, 5), READ),
    talk("noa", ROSA, 14, (Pending, 5), READ),
    talk("tamar", SAMIR, 8, (Resolved, 20), READ),
    talk("camille", NORA, 15, (Resolved, 3), UNREAD),
    talk("thabo", NORA, 16, (Resolved, 7), READ),
    talk("sigrun", SAMIR, 6, (Resolved, 31), READ),
    talk("eszter", NORA, 10, (Asked, 4), READ),
    talk("keoni", SAMIR, 13, (Pending, 8), READ),
    talk("wanjiru", NOBODY, 2, (Asked, 2), READ),
    talk("zofia", NORA, 11, (Resolved, 15), READ),
    talk("liam", SAMIR, 0, (Resolved, 24), READ),
];
