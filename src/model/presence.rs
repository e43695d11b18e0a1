//! Presence: whether somebody is there, as others see it. One rule for both targets.
//!
//! Somebody is there while a device of theirs is connected, and active while they do something themselves. What they
//! have chosen stands over that: `busy` and `away` while they are there, `offline` always. Passing: only the choice and
//! when they were last seen are kept.

use serde::{Deserialize, Serialize};

use super::{
    RoomId, Timestamp, UserId,
    limits::{AWAY_AFTER_MS, GRACE_MS},
    word::words,
};

/// Whether somebody is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum PresenceStatus {
    /// They are. As a choice: as it is.
    #[default]
    Online,
    /// They have done nothing for a while, or say so.
    Away,
    /// They do not want to be disturbed.
    Busy,
    /// They are not, or appear so.
    Offline,
}

words!(PresenceStatus {
    Online = "online",
    Away = "away",
    Busy = "busy",
    Offline = "offline",
});

/// Every status, in the order in which pages offer them.
pub const PRESENCE_STATUSES: [PresenceStatus; 4] = [
    PresenceStatus::Online,
    PresenceStatus::Away,
    PresenceStatus::Busy,
    PresenceStatus::Offline,
];

/// Somebody's presence, as one reader sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Presence {
    /// Whose.
    pub user_id: UserId,
    /// Whether they are there.
    pub status: PresenceStatus,
    /// When they last did something here, or left; none where they hide that, or were never here.
    pub last_seen: Option<Timestamp>,
    /// The room that they look at, where the reader is in it too.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub current_room: Option<RoomId>,
    /// Whether they type in it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_typing: bool,
    /// To themselves alone: what they have chosen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chosen: Option<PresenceStatus>,
}

/// What somebody has chosen for themselves.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OwnPresence {
    /// As what they want to be seen.
    pub chosen: PresenceStatus,
    /// Whether nobody is told when they were last seen.
    pub hides_last_seen: bool,
}

/// What is known of somebody, from which their presence follows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PresenceFacts {
    /// What they have chosen.
    pub own: OwnPresence,
    /// When they were last seen to leave.
    pub last_seen_at: Option<Timestamp>,
    /// While they are connected: when they last did something themselves.
    pub active_at: Option<Timestamp>,
}

impl PresenceFacts {
    /// Whether they are there, as others see it.
    pub fn status(&self, now: Timestamp) -> PresenceStatus {
        match (self.active_at, self.own.chosen) {
            (None, _) => PresenceStatus::Offline,
            (Some(at), PresenceStatus::Online) if now.ms_since(at) >= AWAY_AFTER_MS => {
                PresenceStatus::Away
            }
            (Some(_), chosen) => chosen,
        }
    }

    /// When they were last seen, as others may know. Whoever appears offline was seen when they chose that.
    pub fn last_seen(&self) -> Option<Timestamp> {
        if self.own.hides_last_seen {
            return None;
        }
        match (self.own.chosen, self.active_at) {
            (PresenceStatus::Offline, _) | (_, None) => self.last_seen_at,
            (_, active_at) => active_at,
        }
    }

    /// As others see them who know nothing of where they are.
    pub fn presence(&self, user_id: UserId, now: Timestamp) -> Presence {
        Presence {
            user_id,
            status: self.status(now),
            last_seen: self.last_seen(),
            current_room: None,
            is_typing: false,
            chosen: None,
        }
    }
}

/// Whether somebody whose last device went then is still taken to be there: a page that is loaded anew is back by then.
pub fn is_within_grace(left_at: Timestamp, now: Timestamp) -> bool {
    now.ms_since(left_at) < GRACE_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp(1_000_000_000);

    fn facts(chosen: PresenceStatus, active_at: Option<i64>) -> PresenceFacts {
        PresenceFacts {
            own: OwnPresence {
                chosen,
                hides_last_seen: false,
            },
            last_seen_at: Some(Timestamp(7)),
            active_at: active_at.map(|ago| NOW.plus_ms(-ago)),
        }
    }

    #[test]
    fn the_choice_stands_over_what_one_does_but_not_over_not_being_there() {
        use PresenceStatus::{Away, Busy, Offline, Online};
        let table = [
            (Online, Some(0), Online),
            (Online, Some(AWAY_AFTER_MS - 1), Online),
            (Online, Some(AWAY_AFTER_MS), Away),
            (Away, Some(0), Away),
            (Busy, Some(AWAY_AFTER_MS), Busy),
            (Offline, Some(0), Offline),
        ];
        for (chosen, active, status) in table {
            assert_eq!(facts(chosen, active).status(NOW), status, "{chosen:?}");
            assert_eq!(facts(chosen, None).status(NOW), Offline, "{chosen:?}");
        }
    }

    #[test]
    fn whoever_appears_offline_is_not_given_away_by_when_they_were_seen() {
        let seen = |facts: PresenceFacts| facts.last_seen();
        assert_eq!(
            seen(facts(PresenceStatus::Offline, Some(3))),
            Some(Timestamp(7))
        );
        assert_eq!(
            seen(facts(PresenceStatus::Busy, Some(3))),
            Some(NOW.plus_ms(-3))
        );
        assert_eq!(seen(facts(PresenceStatus::Busy, None)), Some(Timestamp(7)));
        let mut hidden = facts(PresenceStatus::Online, None);
        hidden.own.hides_last_seen = true;
        assert_eq!(seen(hidden), None);
    }

    #[test]
    fn what_the_reader_may_not_know_is_not_even_named() {
        let told = facts(PresenceStatus::Online, None).presence(UserId(3), NOW);
        assert_eq!(
            serde_json::to_string(&told).unwrap(),
            r#"{"user_id":3,"status":"offline","last_seen":"1970-01-01T00:00:00.007Z"}"#
        );
    }
}
