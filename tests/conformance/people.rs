//! What people do, as the writer is asked for it.

use futures_util::future::join_all;
use quad::{
    model::{
        Audience, ClientId, Desk, Message, Role, RoomForMe, RoomId, Seq, UserId, UserRev, WireError,
    },
    server::store::{
        post::{NewPost, Posted},
        users::NewUser,
        writer::{Marked, Outcome, Write, WriteResult},
    },
};
use tokio::runtime::{Handle, RuntimeFlavor};

use crate::store::TestStore;

impl TestStore {
    pub async fn student(&self, name: &str) -> UserId {
        self.person(name, Role::Student).await
    }

    pub async fn agent(&self, name: &str) -> UserId {
        self.person(name, Role::Agent).await
    }

    pub async fn person(&self, name: &str, role: Role) -> UserId {
        match self.writer.write(Write::AddUser(account(name, role))).await {
            Ok(Outcome::UserAdded(Some(id))) => id,
            other => panic!("{name} was not added: {other:?}"),
        }
    }

    /// Opens a person's support room; also, where it was made now, their list counter after that.
    pub async fn opens_support(
        &self,
        user_id: UserId,
    ) -> Result<(RoomForMe, Option<UserRev>), WireError> {
        match self.writer.write(opening(user_id)).await? {
            Outcome::SupportRoom { room, is_new } => Ok((*room, is_new)),
            other => panic!("not a support room: {other:?}"),
        }
    }

    pub async fn support_room(&self, user_id: UserId) -> RoomId {
        self.opens_support(user_id).await.unwrap().0.id()
    }

    /// A course's room with members by row, without a course and without anybody who runs it.
    pub async fn course_room(&self, members: &[UserId]) -> RoomId {
        let host = members[0];
        self.runs(&format!(
            "INSERT INTO rooms (kind, name, name_folded, created_by, created_at)
             VALUES ('course', 'Algebra', 'algebra', {host}, 0)"
        ))
        .await;
        let (room,) = self.finds::<(RoomId,)>("SELECT max(id) FROM rooms").await[0];
        self.runs(&format!(
            "INSERT INTO room_seq (room_id, seq) VALUES ({room}, 0)"
        ))
        .await;
        for user in members {
            self.runs(&format!(
                "INSERT INTO members (room_id, user_id, role, joined_at) VALUES ({room}, {user}, 'member', 0)"
            ))
            .await;
        }
        room
    }

    /// Makes somebody run the rooms in which they are.
    pub async fn runs_rooms(&self, user: UserId) {
        let sql = format!("UPDATE members SET role = 'host' WHERE user_id = {user}");
        self.runs(&sql).await;
    }

    pub async fn posts(&self, post: NewPost) -> Result<Posted, WireError> {
        posted(self.writer.write(Write::Post(post)).await)
    }

    pub async fn says(&self, sender: UserId, room: RoomId, content: &str) -> Message {
        self.posts(post(sender, room, content))
            .await
            .unwrap()
            .message
    }

    /// So many messages, which wait for the writer all at once.
    pub async fn says_often(&self, sender: UserId, room: RoomId, count: usize) {
        let all =
            (0..count).map(|n| async move { self.says(sender, room, &format!("no. {n}")).await });
        join_all(all).await;
    }

    pub async fn marks(
        &self,
        user_id: UserId,
        room_id: RoomId,
        seq: i64,
    ) -> Result<Option<Marked>, WireError> {
        marked(self.writer.write(mark(user_id, room_id, seq)).await)
    }

    /// Queues `writes` before the writer has its turn, so that up to 256 of them are one batch.
    pub async fn writes_together(&self, writes: Vec<Write>) -> Vec<WriteResult> {
        assert_eq!(
            Handle::current().runtime_flavor(),
            RuntimeFlavor::CurrentThread,
            "else the writer runs beside the test"
        );
        let all = join_all(writes.into_iter().map(|write| self.writer.write(write)));
        // Else the runtime lets the writer run before all are queued.
        tokio::task::unconstrained(all).await
    }
}

/// An account whose folded name is its name.
pub fn account(name: &str, role: Role) -> NewUser {
    NewUser {
        username: name.to_owned(),
        username_folded: name.to_owned(),
        name: name.to_owned(),
        email: None,
        role,
        language: "en".to_owned(),
        time_zone: "Europe/Berlin".to_owned(),
        password_hash: "$argon2id$".to_owned(),
    }
}

/// A message with a key of its own.
pub fn post(sender_id: UserId, room_id: RoomId, content: &str) -> NewPost {
    NewPost {
        sender_id,
        room_id,
        client_id: ClientId::random(),
        audience: Audience::All,
        content: content.to_owned(),
        at: None,
    }
}

pub fn mark(user_id: UserId, room_id: RoomId, seq: i64) -> Write {
    Write::MarkRead {
        user_id,
        room_id,
        seq: Seq(seq),
    }
}

pub fn delivery(user_id: UserId, room_id: RoomId, seq: i64) -> Write {
    Write::MarkDelivered {
        user_id,
        room_id,
        seq: Seq(seq),
    }
}

pub fn opening(user_id: UserId) -> Write {
    Write::OpenSupportRoom {
        user_id,
        desk: Desk::default_desk(),
    }
}

pub fn posted(result: WriteResult) -> Result<Posted, WireError> {
    match result? {
        Outcome::Posted(posted) => Ok(*posted),
        other => panic!("not a message: {other:?}"),
    }
}

pub fn marked(result: WriteResult) -> Result<Option<Marked>, WireError> {
    match result? {
        Outcome::Marked(marked) => Ok(marked.map(|marked| *marked)),
        other => panic!("not a mark: {other:?}"),
    }
}

/// The places that posts got, or how they were refused.
pub fn places(results: Vec<WriteResult>) -> Vec<Result<Seq, WireError>> {
    results
        .into_iter()
        .map(|result| posted(result).map(|posted| posted.message.seq))
        .collect()
}
