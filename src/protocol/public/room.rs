//! A room or conversation, as the contract shows it to one reader.

use serde::Serialize;

use super::{Person, PublicMessage};
use crate::model::{
    Desk, MessageId, PresenceStatus, RoomForMe, RoomId, RoomKind, RoomShared, Seq, Timestamp,
    UserCard, UserId,
};

/// Somebody in a room.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Participant {
    /// Who.
    pub user: Person,
    /// The same, for clients that look here.
    pub user_id: UserId,
    /// The role in the room, in other systems' words: the host is `admin`.
    pub role: String,
    /// The role in the room.
    pub room_role: String,
    /// Since when.
    pub joined_at: Timestamp,
    /// Whether they are still in.
    pub is_active: bool,
    /// Whether they are there.
    pub presence: PresenceStatus,
}

/// What the reader's list does not say of a room.
#[derive(Clone, Debug)]
pub struct RoomExtras {
    /// Who made it.
    pub created_by: UserCard,
    /// Who runs it, where somebody does.
    pub host: Option<UserCard>,
    /// Whether it is read-only.
    pub is_archived: bool,
    /// The reader's role in it, if they are in.
    pub role: Option<String>,
    /// The people in it, or the first of them.
    pub participants: Vec<Participant>,
    /// How many there are.
    pub participant_count: i64,
    /// Whether the reader has asked to be let in.
    pub has_pending_request: bool,
    /// Whether the reader may not come in.
    pub is_banned: bool,
    /// Whether the reader may not write just now.
    pub is_muted: bool,
    /// Support rooms: the person's e-mail address.
    pub user_email: Option<String>,
    /// The newest message that the reader may see.
    pub last_message: Option<PublicMessage>,
}

/// The two of a private thread, and the message from which it was opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Pair {
    owner_message: Option<MessageId>,
    user1: Person,
    user2: Person,
}

/// A room. Everything in it is of the contract; what Quad has not yet (courses, mentions) says so by its value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PublicRoom {
    id: RoomId,
    name: String,
    description: String,
    kind: RoomKind,
    chat_type: RoomKind,
    public: bool,
    listed: bool,
    desk: Option<Desk>,
    course: Option<()>,
    course_id: Option<()>,
    host: Option<Person>,
    created_by: Person,
    user: Option<Person>,
    participants: Vec<Participant>,
    participant_count: i64,
    pending_count: i64,
    max_participants: Option<i64>,
    is_active: bool,
    is_archived: bool,
    is_participant: bool,
    has_pending_request: bool,
    is_full: bool,
    can_join: bool,
    role: Option<String>,
    muted: bool,
    allow_file_uploads: bool,
    allow_voice_messages: bool,
    chat_mode: &'static str,
    seq: Seq,
    read_seq: Seq,
    unread_count: i64,
    mention_count: i64,
    last_message: Option<PublicMessage>,
    last_message_at: Option<Timestamp>,
    created_at: Timestamp,
    updated_at: Timestamp,
    user_name: Option<String>,
    user_email: Option<String>,
    last_message_preview: Option<String>,
    #[serde(flatten)]
    pair: Option<Pair>,
}

impl PublicRoom {
    /// The room as its reader has it.
    pub fn new(room: RoomForMe, extras: RoomExtras) -> Self {
        let shared = room.shared;
        let created_by = Person::from(extras.created_by);
        let last_message_at = extras.last_message.as_ref().map(PublicMessage::created_at);
        let (is_in, count) = (extras.role.is_some(), extras.participant_count);
        let is_full = shared.max_members.is_some_and(|most| count >= most);
        let may_come = shared.kind == RoomKind::Public && !shared.is_archived;
        let preview = extras.last_message.as_ref().map(PublicMessage::content);
        Self {
            pair: pair(&shared, &extras.participants),
            id: shared.id,
            name: shared.name,
            description: shared.description,
            kind: shared.kind,
            chat_type: shared.kind,
            public: shared.kind == RoomKind::Public,
            listed: shared.is_listed,
            desk: shared.desk,
            course: None,
            course_id: None,
            host: extras.host.map(Person::from),
            created_by,
            user_name: shared.user.as_ref().map(|user| user.name.clone()),
            user: shared.user.map(Person::from),
            participants: extras.participants,
            participant_count: count,
            pending_count: room.pending_count,
            max_participants: shared.max_members,
            is_active: !extras.is_archived,
            is_archived: extras.is_archived,
            is_participant: is_in,
            has_pending_request: extras.has_pending_request,
            is_full,
            can_join: may_come && !is_in && !is_full && !extras.is_banned,
            role: extras.role,
            muted: extras.is_muted,
            allow_file_uploads: shared.allow_files,
            allow_voice_messages: shared.allow_voice,
            chat_mode: "public",
            seq: room.seq,
            read_seq: room.read_seq,
            unread_count: room.unread_count,
            mention_count: 0,
            last_message_preview: preview.map(crate::model::text::excerpt),
            last_message: extras.last_message,
            last_message_at,
            created_at: shared.created_at,
            updated_at: last_message_at.unwrap_or(shared.created_at),
            user_email: extras.user_email,
        }
    }

    /// The people in it, or the first of them.
    pub fn participants(&self) -> &[Participant] {
        &self.participants
    }

    /// The room.
    pub fn id(&self) -> RoomId {
        self.id
    }

    /// What sort of conversation.
    pub fn kind(&self) -> RoomKind {
        self.kind
    }

    /// The room's newest seq.
    pub fn seq(&self) -> Seq {
        self.seq
    }

    /// What is left to read.
    pub fn unread_count(&self) -> i64 {
        self.unread_count
    }
}

/// What a private thread says of itself beyond other rooms.
fn pair(room: &RoomShared, participants: &[Participant]) -> Option<Pair> {
    let person = |card: &UserCard| {
        let known = participants.iter().find(|known| known.user_id == card.id);
        known.map_or_else(|| Person::from(card.clone()), |known| known.user.clone())
    };
    match room.people.as_slice() {
        [first, second] if room.kind == RoomKind::Thread => Some(Pair {
            owner_message: room.owner_message,
            user1: person(first),
            user2: person(second),
        }),
        _ => None,
    }
}
