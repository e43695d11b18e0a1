//! What goes out: this room's events in the public shape, and what is unread, on a tick.

use std::time::Duration;

use axum::extract::ws::{Message, Utf8Bytes};
use futures_util::SinkExt;
use tokio::time::Instant;

use super::life::RoomSocket;
use crate::{
    model::{MessageId, Seq, UserId, limits::SNAPSHOT_MESSAGES},
    protocol::{
        CloseCode, Event,
        public::{Dialect, RoomFrame, Sent, told},
    },
    server::{
        hub::Frame,
        ws::{ending::End, writing::taken},
    },
};

/// Frames written in one flush.
const FRAMES_AT_ONCE: usize = 64;
/// What is unread is told at most this often: these clients do not count by themselves.
const UNREAD_EVERY: Duration = Duration::from_secs(1);

impl RoomSocket {
    /// Writes a frame and those that wait behind it, in one flush.
    pub(super) async fn forward(&mut self, frame: Option<Frame>) -> Result<(), End> {
        let mut next = frame;
        for _ in 0..FRAMES_AT_ONCE {
            let Some(frame) = next else { break };
            self.tell(&frame).await?;
            next = self.outbox.try_next();
        }
        // Taken and not written in this round: it must not be lost.
        if let Some(frame) = next {
            self.tell(&frame).await?;
        }
        self.flush().await
    }

    async fn tell(&mut self, frame: &Frame) -> Result<(), End> {
        let Some((room_id, seq)) = frame.place else {
            return self.sign(frame).await;
        };
        if room_id != self.room_id || seq <= self.known {
            return Ok(());
        }
        self.known = seq;
        let (text, sent) = frame.public();
        if let Some(sent) = sent {
            self.note(*sent);
        }
        match self.dialect.worded(text) {
            Some(text) => self.feed(text.into()).await?,
            None => self.feed(text.clone()).await?,
        }
        self.feed_all(self.dialect.beside_text(&frame.text)).await
    }

    /// What has no place in the history: of this room, and only what concerns it.
    async fn sign(&mut self, frame: &Frame) -> Result<(), End> {
        let Ok(event) = serde_json::from_str::<Event>(&frame.text) else {
            return Ok(());
        };
        match event {
            Event::MessagesRead { room_id, .. } | Event::MessagesDelivered { room_id, .. }
                if room_id == self.room_id =>
            {
                let frame = self.reached(&event);
                self.feed(frame.into()).await
            }
            Event::Unread { .. } => {
                self.count_soon();
                Ok(())
            }
            Event::RoomRemoved { room_id, .. } if room_id == self.room_id => {
                Err(End::Close(CloseCode::Removed))
            }
            Event::System { .. } => self.feed(frame.text.clone()).await,
            Event::TypingIndicator { room_id, .. } | Event::Reset { room_id }
                if room_id == self.room_id =>
            {
                self.feed(frame.text.clone()).await?;
                self.feed_all(self.dialect.beside(&event)).await
            }
            Event::JoinRequest(ref change)
            | Event::JoinApproved(ref change)
            | Event::JoinDenied(ref change)
                if change.room_id == self.room_id && self.dialect == Dialect::Rooms =>
            {
                self.feed(frame.text.clone()).await?;
                self.feed_all(self.dialect.beside(&event)).await
            }
            _ => Ok(()),
        }
    }

    /// What somebody has read, or what has come to them, with the messages that are meant.
    pub(super) fn reached(&self, event: &Event) -> String {
        match *event {
            Event::MessagesRead {
                room_id,
                user_id,
                read_seq,
            } => {
                let message_ids = &self.reached_by(user_id, read_seq);
                let frame = RoomFrame::MessagesRead {
                    room_id,
                    user_id,
                    read_seq,
                    message_ids,
                };
                frame.text()
            }
            Event::MessagesDelivered {
                room_id,
                user_id,
                read_seq,
            } => {
                let message_ids = &self.reached_by(user_id, read_seq);
                let frame = RoomFrame::MessagesDelivered {
                    room_id,
                    user_id,
                    read_seq,
                    message_ids,
                };
                frame.text()
            }
            _ => told(event).text,
        }
    }

    /// The messages up to there that others than that one wrote.
    fn reached_by(&self, user_id: UserId, seq: Seq) -> Vec<MessageId> {
        let sent = self.sent.iter();
        sent.filter(|sent| sent.seq <= seq && sent.sender_id != user_id)
            .map(|sent| sent.id)
            .collect()
    }

    fn note(&mut self, sent: Sent) {
        if sent.sender_id != self.viewer.user_id {
            self.count_soon();
        }
        self.sent.push_back(sent);
        if self.sent.len() > SNAPSHOT_MESSAGES {
            self.sent.pop_front();
        }
    }

    pub(super) fn count_soon(&mut self) {
        self.unread_at
            .get_or_insert_with(|| Instant::now() + UNREAD_EVERY);
    }

    pub(super) async fn unread(&mut self) -> Result<(), End> {
        self.unread_at = None;
        let of_room = self
            .services
            .unread_in(&self.viewer, None, self.room_id)
            .await;
        let total = self.services.unread_total(&self.viewer).await;
        let (Ok(unread_count), Ok(total)) = (of_room, total) else {
            // It comes with the next change.
            return Ok(());
        };
        let frame = RoomFrame::Unread {
            room_id: self.room_id,
            unread_count,
            mention_count: 0,
            total,
        };
        self.send_frames(&[frame]).await
    }

    /// Writes one event now.
    pub(super) async fn send(&mut self, event: &Event) -> Result<(), End> {
        self.feed(told(event).text.into()).await?;
        self.flush().await
    }

    /// Writes these frames in one flush.
    pub(super) async fn send_frames(&mut self, frames: &[RoomFrame<'_>]) -> Result<(), End> {
        for frame in frames {
            self.feed(frame.text().into()).await?;
        }
        self.flush().await
    }

    pub(super) async fn feed(&mut self, text: Utf8Bytes) -> Result<(), End> {
        self.write(Message::Text(text)).await
    }

    pub(super) async fn feed_all(&mut self, texts: Vec<String>) -> Result<(), End> {
        for text in texts {
            self.feed(text.into()).await?;
        }
        Ok(())
    }

    pub(super) async fn write(&mut self, message: Message) -> Result<(), End> {
        taken(&self.connection, self.websocket.feed(message)).await
    }

    pub(super) async fn flush(&mut self) -> Result<(), End> {
        taken(&self.connection, self.websocket.flush()).await
    }
}
