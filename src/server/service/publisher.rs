//! The one publisher of a node: takes finished writes in order, publishes each, then answers who waits for it.
//!
//! A request that was cancelled meanwhile stops nothing: its write is durable and is told to everybody.

use std::sync::Arc;

use tokio::sync::mpsc;

use crate::{
    protocol::Event,
    server::{
        hub::{Frame, Hub, Topic},
        store::{
            post::Posted,
            rooms::RoomRow,
            writer::{Done, Marked, Outcome},
        },
    },
};

/// Publishes and answers until the writer ends.
pub(super) async fn run(hub: Arc<Hub>, mut done: mpsc::Receiver<Done>) {
    while let Some(Done { result, reply }) = done.recv().await {
        if let Ok(outcome) = &result {
            publish(&hub, outcome);
        }
        // Nobody waits any more where the request was cancelled.
        drop(reply.send(result));
    }
}

/// Everybody who sees a room's events.
pub(super) fn audience(room: &RoomRow) -> Vec<Topic> {
    let mut topics = vec![Topic::Room(room.id)];
    topics.extend(room.desk.clone().map(Topic::Desk));
    topics
}

fn publish(hub: &Hub, outcome: &Outcome) {
    match outcome {
        Outcome::Posted(posted) if posted.is_new => publish_message(hub, posted),
        Outcome::Marked(Some(marked)) => publish_mark(hub, marked),
        Outcome::SupportRoom {
            room,
            is_new: Some(user_rev),
        } => {
            if let Some(user) = &room.shared.user {
                hub.subscribe_user(user.id, &Topic::Room(room.id()));
                let event = Event::RoomAdded {
                    room: room.clone(),
                    user_rev: Some(*user_rev),
                };
                hub.publish(&[Topic::User(user.id)], &Frame::of(&event));
            }
        }
        Outcome::SessionEnded(session_id) => hub.close_session(*session_id),
        Outcome::Posted(_)
        | Outcome::Marked(None)
        | Outcome::SupportRoom { is_new: None, .. }
        | Outcome::UserAdded(_)
        | Outcome::SessionStarted(_) => {}
    }
}

fn publish_message(hub: &Hub, posted: &Posted) {
    let event = Event::ChatMessage {
        room_id: posted.room.id,
        seq: posted.message.seq,
        message: Box::new(posted.message.clone()),
    };
    hub.publish(&audience(&posted.room), &Frame::of(&event));
}

fn publish_mark(hub: &Hub, marked: &Marked) {
    let Marked {
        user_id,
        room,
        receipt_seq,
        read_seq,
        unread_count,
        user_rev,
    } = marked;
    let receipt = Event::MessagesRead {
        room_id: room.id,
        user_id: *user_id,
        read_seq: *receipt_seq,
    };
    hub.publish(&audience(room), &Frame::of(&receipt));
    let own = Event::Unread {
        room_id: room.id,
        read_seq: *read_seq,
        unread_count: *unread_count,
        user_rev: *user_rev,
    };
    hub.publish(&[Topic::User(*user_id)], &Frame::of(&own));
}
