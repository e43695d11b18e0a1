//! The one publisher of a node: takes finished writes in order, publishes each, then answers who waits for it.
//!
//! A request that was cancelled meanwhile stops nothing: its write is durable and is told to everybody. What other nodes
//! have written is read from the database ([`catching_up`](super::catching_up)): where one of ours shows a gap, and
//! where the watch of other nodes says that a room or a list has moved on.

use std::{panic::AssertUnwindSafe, sync::Arc};

use futures_util::FutureExt;
use tokio::sync::mpsc;

use super::herald::Herald;
use crate::{
    model::{Audience, MarksRev, RoomId, Seq, SupportState, UserId, UserRev},
    protocol::Event,
    server::{
        hub::{Hub, Publication, Step, Topic},
        store::{
            Store,
            control::ControlKind,
            post::Posted,
            rooms::RoomRow,
            writer::{Chosen, Decided, Delivered, Done, Marked, Outcome, PeopleDone, Triaged},
        },
    },
};

/// Something that other nodes have moved on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Behind {
    /// A room.
    Room(RoomId),
    /// A user's list, which stands there now.
    List(UserId, UserRev),
}

/// Publishes what is durable.
pub(super) struct Publisher {
    pub(super) hub: Arc<Hub>,
    pub(super) store: Store,
    pub(super) herald: Herald,
}

/// Everybody who sees a room's events.
pub(super) fn audience(room: &RoomRow) -> Vec<Topic> {
    let mut topics = vec![Topic::Room(room.id)];
    topics.extend(room.desk.clone().map(Topic::Desk));
    topics
}

/// That a support room stands elsewhere, for those who answer; for its person there was something.
pub(super) fn support_change(room: &RoomRow, seq: Seq, state: SupportState) -> Publication {
    let event = Event::SupportUpdated {
        room_id: room.id,
        seq,
        support: Box::new(state),
    };
    // Whoever made the change answers there, and so sees it.
    let nobody = UserId::default();
    Publication::of_change(&event, room.whose(), Audience::Staff, nobody)
}

impl Publisher {
    /// Publishes and answers until the writer ends.
    pub(super) async fn run(
        self,
        mut done: mpsc::Receiver<Done>,
        mut behind: mpsc::Receiver<Behind>,
    ) {
        loop {
            tokio::select! {
                finished = done.recv() => {
                    let Some(Done { result, reply }) = finished else { return };
                    if let Ok(outcome) = &result {
                        self.tell(outcome).await;
                    }
                    // Nobody waits any more where the request was cancelled.
                    drop(reply.send(result));
                }
                Some(behind) = behind.recv() => match behind {
                    Behind::Room(room_id) => self.catch_up(room_id).await,
                    Behind::List(user_id, rev) => self.refresh(user_id, rev),
                },
            }
        }
    }

    /// A panic over one outcome is not the end of telling the others: it is durable, and resumes and lists have it.
    async fn tell(&self, outcome: &Outcome) {
        if AssertUnwindSafe(self.publish(outcome))
            .catch_unwind()
            .await
            .is_err()
        {
            tracing::error!("a change could not be told");
        }
    }

    async fn publish(&self, outcome: &Outcome) {
        match outcome {
            Outcome::Posted(posted) | Outcome::Deleted(posted) if posted.is_new => {
                self.message(posted).await;
            }
            Outcome::Marked(Some(marked)) => self.mark(marked).await,
            Outcome::Delivered(Some(delivered)) => self.delivered(delivered).await,
            Outcome::Chosen(Some(chosen)) => self.chosen(chosen),
            Outcome::Triaged(Some(triaged)) => self.triaged(triaged).await,
            Outcome::Room(done) => self.room(done).await,
            Outcome::Course(done) => {
                for room in &done.rooms {
                    self.room(room).await;
                }
            }
            Outcome::SupportRoom {
                room,
                is_new: Some(user_rev),
            } => {
                if let Some(user) = &room.shared.user {
                    self.hub.subscribe_user(user.id, &Topic::Room(room.id()));
                    let event = Event::RoomAdded {
                        room: room.clone(),
                        user_rev: Some(*user_rev),
                    };
                    self.personal(user.id, *user_rev, &event);
                }
            }
            Outcome::SessionEnded(session_id) => self.hub.close_session(*session_id),
            Outcome::SessionsEnded(ids) => ids.iter().for_each(|id| self.hub.close_session(*id)),
            Outcome::People(done) => self.person(done),
            Outcome::Decided(Decided::School) => {
                self.herald.hears(ControlKind::SchoolChanged).await;
            }
            Outcome::Decided(Decided::Alert(_)) => {
                self.herald.hears(ControlKind::AlertsChanged).await;
            }
            Outcome::ListsChanged(lists) => {
                lists.iter().for_each(|(id, rev)| self.refresh(*id, *rev));
            }
            Outcome::Posted(_)
            | Outcome::Deleted(_)
            | Outcome::Marked(None)
            | Outcome::Delivered(None)
            | Outcome::Chosen(None)
            | Outcome::Triaged(None)
            | Outcome::SupportRoom { is_new: None, .. }
            | Outcome::CannedKept { .. }
            | Outcome::CannedDropped
            | Outcome::PresenceNoted { .. }
            | Outcome::ImportBegun(_)
            | Outcome::ImportStaged(_)
            | Outcome::ImportMoved { .. }
            | Outcome::UserAdded(_)
            | Outcome::SessionStarted(_)
            | Outcome::SessionRotated(_)
            | Outcome::SessionTouched => {}
        }
    }

    /// Whose account it is has no socket any more that is not theirs to have.
    fn person(&self, done: &PeopleDone) {
        done.ended.iter().for_each(|id| self.hub.close_session(*id));
        if done.is_closed {
            self.hub.close_user(done.user_id);
        }
        if let Some(role) = done.role {
            self.hub.close_outdated(done.user_id, role);
        }
    }

    async fn message(&self, posted: &Posted) {
        let (room, message) = (&posted.room, &posted.message);
        match self.hub.progress.change(room.id, message.rev) {
            Step::Known => {}
            Step::Gap(_) => self.catch_up(room.id).await,
            Step::Next => {
                let event = Event::of_message(message.clone());
                let (whose, audience_of) = (room.whose(), message.audience);
                let change = Publication::of_change(&event, whose, audience_of, message.sender.id);
                self.hub.publish(&audience(room), &change);
            }
        }
    }

    async fn triaged(&self, triaged: &Triaged) {
        let room = &triaged.room;
        match self.hub.progress.change(room.id, triaged.seq) {
            Step::Known => {}
            Step::Gap(_) => self.catch_up(room.id).await,
            Step::Next => {
                let change = support_change(room, triaged.seq, triaged.state.clone());
                self.hub.publish(&audience(room), &change);
            }
        }
    }

    async fn mark(&self, marked: &Marked) {
        let room = &marked.room;
        // What was counted goes out before the count. With several nodes some of it may be another one's.
        if self.hub.progress.is_behind(room.id, marked.seq) {
            self.catch_up(room.id).await;
        }
        let receipt = Event::MessagesRead {
            room_id: room.id,
            user_id: marked.user_id,
            read_seq: marked.receipt_seq,
        };
        self.receipt(room, marked.marks_rev, &receipt).await;
        let own = Event::Unread {
            room_id: room.id,
            seq: marked.seq,
            read_seq: marked.read_seq,
            unread_count: marked.unread_count,
            user_rev: marked.user_rev,
        };
        self.personal(marked.user_id, marked.user_rev, &own);
    }

    async fn delivered(&self, delivered: &Delivered) {
        let room = &delivered.room;
        // What has come to somebody goes out before word of that.
        if self
            .hub
            .progress
            .is_behind(room.id, delivered.delivered_seq)
        {
            self.catch_up(room.id).await;
        }
        let event = Event::MessagesDelivered {
            room_id: room.id,
            user_id: delivered.user_id,
            read_seq: delivered.delivered_seq,
        };
        self.receipt(room, delivered.marks_rev, &event).await;
    }

    async fn receipt(&self, room: &RoomRow, rev: MarksRev, event: &Event) {
        match self.hub.progress.mark(room.id, rev) {
            Step::Known => {}
            Step::Gap(_) => self.catch_up(room.id).await,
            Step::Next => self.hub.publish(&audience(room), &event.into()),
        }
    }

    fn chosen(&self, chosen: &Chosen) {
        let event = Event::RoomChosen {
            room_id: chosen.room_id,
            is_quiet: chosen.choices.is_quiet,
            is_pinned: chosen.choices.is_pinned,
            user_rev: chosen.user_rev,
        };
        self.personal(chosen.user_id, chosen.user_rev, &event);
    }

    pub(super) fn personal(&self, user_id: UserId, rev: UserRev, event: &Event) {
        match self.hub.progress.list(user_id, rev) {
            Step::Known => {}
            Step::Gap(_) => self.refresh(user_id, rev),
            Step::Next => self.hub.publish(&[Topic::User(user_id)], &event.into()),
        }
    }

    /// A list is state, not a log: who has missed a change of it gets it whole.
    pub(super) fn refresh(&self, user_id: UserId, rev: UserRev) {
        self.hub.progress.list_is_at(user_id, rev);
        self.hub.refresh_user(user_id);
    }
}
