//! System messages: what Quad itself tells in a room. Stored as key, target and args, so that each reader gets them in
//! their own language; the actor is the message's sender.

use serde::{Deserialize, Serialize};

use super::{MemberRole, Timestamp, UserCard, word::words};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SystemKey {
    /// The actor made the room.
    RoomCreated,
    /// The actor came in.
    MemberJoined,
    /// The actor let the target in.
    MemberAdded,
    /// The actor left.
    MemberLeft,
    /// The actor put the target out.
    MemberKicked,
    /// The actor put the target out for good.
    MemberBanned,
    /// The target may come back.
    BanLifted,
    /// The target may not write for a time.
    MemberMuted,
    /// The target may write again.
    MemberUnmuted,
    /// The actor made the target something else.
    RoleChanged,
    /// The room has another name.
    RoomRenamed,
    /// Something else about the room has changed.
    RoomChanged,
    /// What students write is for those who teach, from now on.
    QuestionsPrivate,
    /// What students write is for everybody again.
    QuestionsPublic,
    /// The room is read-only now.
    RoomArchived,
    /// It is not any more.
    RoomUnarchived,
}

words!(SystemKey {
    RoomCreated = "room_created",
    MemberJoined = "member_joined",
    MemberAdded = "member_added",
    MemberLeft = "member_left",
    MemberKicked = "member_kicked",
    MemberBanned = "member_banned",
    BanLifted = "ban_lifted",
    MemberMuted = "member_muted",
    MemberUnmuted = "member_unmuted",
    RoleChanged = "role_changed",
    RoomRenamed = "room_renamed",
    RoomChanged = "room_changed",
    QuestionsPrivate = "questions_private",
    QuestionsPublic = "questions_public",
    RoomArchived = "room_archived",
    RoomUnarchived = "room_unarchived",
});

impl SystemKey {
    /// Whether it tells what the room is now, rather than who is in it.
    pub fn is_about_room(self) -> bool {
        matches!(
            self,
            Self::RoomRenamed
                | Self::RoomChanged
                | Self::QuestionsPrivate
                | Self::QuestionsPublic
                | Self::RoomArchived
                | Self::RoomUnarchived
        )
    }
}

/// What a key needs to be told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemArgs {
    /// Another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Another role.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<MemberRole>,
    /// Until when.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Why, in the actor's words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// What a system message tells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SystemNote {
    /// What happened.
    pub key: SystemKey,
    /// To whom.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<UserCard>,
    /// What else belongs to it.
    #[serde(default)]
    pub args: SystemArgs,
}

impl SystemNote {
    /// One that needs nothing more.
    pub fn of(key: SystemKey) -> Self {
        Self {
            key,
            target: None,
            args: SystemArgs::default(),
        }
    }

    /// One about somebody.
    pub fn about(key: SystemKey, target: UserCard) -> Self {
        Self {
            target: Some(target),
            ..Self::of(key)
        }
    }

    /// The sentence for clients that know no keys, in English.
    pub fn sentence(&self, actor: &str) -> String {
        let target = self.target.as_ref().map_or("", |card| card.name.as_str());
        let name = self.args.name.as_deref().unwrap_or_default();
        let role = self.args.role.map_or("", MemberRole::as_str);
        let told = match self.key {
            SystemKey::RoomCreated => format!("{actor} created this room."),
            SystemKey::MemberJoined => format!("{actor} joined."),
            SystemKey::MemberAdded => format!("{actor} added {target}."),
            SystemKey::MemberLeft => format!("{actor} left."),
            SystemKey::MemberKicked => format!("{actor} removed {target}."),
            SystemKey::MemberBanned => format!("{actor} banned {target}."),
            SystemKey::BanLifted => format!("{actor} lifted the ban of {target}."),
            SystemKey::MemberMuted => format!("{actor} muted {target}."),
            SystemKey::MemberUnmuted => format!("{actor} let {target} write again."),
            SystemKey::RoleChanged => format!("{actor} made {target} a {role}."),
            SystemKey::RoomRenamed => format!("{actor} renamed this room to “{name}”."),
            SystemKey::RoomChanged => format!("{actor} changed this room."),
            SystemKey::QuestionsPrivate => {
                format!("{actor}: from now on only teachers see what students write here.")
            }
            SystemKey::QuestionsPublic => {
                format!("{actor}: from now on everybody sees what is written here.")
            }
            SystemKey::RoomArchived => format!("{actor} archived this room."),
            SystemKey::RoomUnarchived => format!("{actor} made this room writable again."),
        };
        match &self.args.reason {
            Some(reason) => format!("{told} {reason}"),
            None => told,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Role, UserId};

    #[test]
    fn it_is_stored_as_key_target_and_args() {
        let card = UserCard {
            id: UserId(4),
            name: "Ana".to_owned(),
            role: Role::Student,
        };
        let mut note = SystemNote::about(SystemKey::RoleChanged, card);
        note.args.role = Some(MemberRole::Moderator);
        let stored = serde_json::to_value(&note).unwrap();
        let expected = serde_json::json!({
            "key": "role_changed",
            "target": { "id": 4, "name": "Ana", "role": "student" },
            "args": { "role": "moderator" },
        });
        assert_eq!(stored, expected);
        assert_eq!(serde_json::from_value::<SystemNote>(stored).unwrap(), note);
        assert_eq!(note.sentence("Nora"), "Nora made Ana a moderator.");
    }

    #[test]
    fn a_reason_is_told_with_it() {
        let mut note = SystemNote::of(SystemKey::RoomArchived);
        note.args.reason = Some("The year is over.".to_owned());
        assert_eq!(
            note.sentence("Nora"),
            "Nora archived this room. The year is over."
        );
    }
}
