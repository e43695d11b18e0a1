//! Where a support conversation stands with those who answer: open, pending, resolved; who takes care of it; since when
//! somebody waits. Only they see it.

use serde::{Deserialize, Serialize};

use super::{Desk, MessageId, RoomForMe, Timestamp, UserCard, UserId, Zone, word::words};

/// Where it stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SupportStatus {
    /// It is ours to answer.
    #[default]
    Open,
    /// It waits for something: the person, a colleague, a date.
    Pending,
    /// Nothing is left to do.
    Resolved,
}

words!(SupportStatus {
    Open = "open",
    Pending = "pending",
    Resolved = "resolved",
});

/// Every status, in the order in which pages show them.
pub const SUPPORT_STATUSES: [SupportStatus; 3] = [
    SupportStatus::Open,
    SupportStatus::Pending,
    SupportStatus::Resolved,
];

/// Where a support room stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SupportState {
    /// Open, pending or resolved.
    pub status: SupportStatus,
    /// Who takes care of it.
    pub assignee: Option<UserCard>,
    /// When the person wrote the first message that nobody has answered yet.
    pub waiting_since: Option<Timestamp>,
}

impl SupportState {
    /// A message was written at `at`: by the person whose room it is, or by somebody who answers. The person's opens
    /// the conversation again; an answer ends the waiting.
    ///
    /// Whether it changed. On both targets: a page follows from the message alone.
    pub fn take_message(&mut self, is_by_person: bool, at: Timestamp) -> bool {
        let before = (self.status, self.waiting_since);
        if is_by_person {
            self.status = SupportStatus::Open;
            self.waiting_since = self.waiting_since.or(Some(at));
        } else {
            self.waiting_since = None;
        }
        before != (self.status, self.waiting_since)
    }

    /// Puts it there by hand. Nobody waits in what is pending or resolved.
    pub fn set_status(&mut self, status: SupportStatus) {
        self.status = status;
        if status != SupportStatus::Open {
            self.waiting_since = None;
        }
    }
}

/// What somebody who answers does with a support room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SupportChange {
    /// Puts it there.
    Status(SupportStatus),
    /// Gives it to somebody who answers at its desk, or to nobody.
    Assignee(Option<UserId>),
}

/// Which conversations of the inbox are asked for: those beyond what the list carries.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct InboxQuery {
    /// Where they stand; none: anywhere.
    pub status: Option<SupportStatus>,
    /// At which desk; none: at all that the reader answers.
    #[serde(default)]
    pub desk: Option<Desk>,
    /// A part of the person's name or sign-in name, in whatever case; empty: anybody.
    pub name: String,
    /// Whose last message is older than this one; none: from the newest.
    pub before: Option<MessageId>,
}

/// Conversations of the inbox, last activity first.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InboxPage {
    /// As the reader has them.
    pub rooms: Vec<RoomForMe>,
    /// Whether there are older ones that match.
    pub has_older: bool,
}

/// Somebody who answers, as the others who answer see them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Colleague {
    /// Who.
    #[serde(flatten)]
    pub card: UserCard,
    /// At which of the reader's own desks.
    pub desks: Vec<Desk>,
}

/// The person of a support room, as those who answer see them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonDetails {
    /// Who.
    pub card: UserCard,
    /// The sign-in name.
    pub username: String,
    /// Where to write to.
    pub email: Option<String>,
    /// BCP 47 tag of their language.
    pub language: String,
    /// Their time zone.
    pub zone: Zone,
    /// When the account was made.
    pub created_at: Timestamp,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_person_opens_it_and_an_answer_ends_the_waiting() {
        let mut state = SupportState::default();
        state.set_status(SupportStatus::Resolved);
        assert!(state.take_message(true, Timestamp(5)));
        assert_eq!(state.status, SupportStatus::Open);
        assert_eq!(state.waiting_since, Some(Timestamp(5)));
        assert!(
            !state.take_message(true, Timestamp(9)),
            "since the first one"
        );
        assert!(state.take_message(false, Timestamp(12)));
        assert_eq!(state.waiting_since, None);
        assert_eq!(state.status, SupportStatus::Open);
        assert!(!state.take_message(false, Timestamp(13)));
    }

    #[test]
    fn nobody_waits_in_what_is_put_aside() {
        for status in SUPPORT_STATUSES {
            let mut state = SupportState::default();
            state.take_message(true, Timestamp(5));
            state.set_status(status);
            assert_eq!(
                state.waiting_since.is_some(),
                status == SupportStatus::Open,
                "{status:?}"
            );
        }
    }
}
