//! What a client makes of what it reads, and what it writes in return.

use std::sync::Arc;

use tokio::{net::TcpStream, time::Instant};
use uuid::Uuid;

use super::{
    client::{Client, End},
    key::Key,
    known::Seen,
    tally::{Seat, Standing, Tally},
    wire::{self, Frame},
};
use crate::{
    model::{Audience, ClientId, RoomId, Seq},
    protocol::{Ack, Command, Event, Hello},
};

/// What everybody writes: about as long as what people write.
const TEXT: &str = "Could you look at question 7 of the third sheet once more, please?";
/// Rooms that are resumed in one command (the server's limit).
const RESUME_ROOMS: usize = 100;
/// What a message's frame begins with, and what stands before its key.
const MESSAGE: &[u8] = b"{\"type\":\"chat_message\",\"room_id\":";
const SEQ: &[u8] = b",\"seq\":";
const KEY: &[u8] = b"\"client_id\":\"";
const UUID_CHARS: usize = 36;

/// The thread's counts, and when what was read came.
struct Counts<'s> {
    tally: &'s mut Tally,
    standing: &'s mut Standing,
    now: Instant,
}

impl Client {
    /// Reads what is there, once.
    pub(super) fn read(&mut self, stream: &TcpStream) -> Result<(), End> {
        let seat = Arc::clone(&self.seat);
        let Seat {
            tally,
            standing,
            buffer,
        } = &mut *seat.lock();
        let count = match stream.try_read(buffer) {
            Ok(0) => return Err(End::Gone),
            Ok(count) => count,
            Err(error) if error.kind() == std::io::ErrorKind::WouldBlock => return Ok(()),
            Err(error) => return Err(error.into()),
        };
        let come = buffer.get(..count).unwrap_or_default();
        let now = Instant::now();
        let counts = &mut Counts {
            tally,
            standing,
            now,
        };
        if !self.partial.is_empty() {
            self.partial.extend(come);
            return self.take_in_partial(counts);
        }
        let used = self.take_in(come, counts)?;
        self.partial.extend(come.get(used..).unwrap_or_default());
        Ok(())
    }

    /// Takes in what came with the answer to the request.
    pub(super) fn take_in_rest(&mut self) -> Result<(), End> {
        let seat = Arc::clone(&self.seat);
        let Seat {
            tally, standing, ..
        } = &mut *seat.lock();
        let now = Instant::now();
        self.take_in_partial(&mut Counts {
            tally,
            standing,
            now,
        })
    }

    fn take_in_partial(&mut self, counts: &mut Counts<'_>) -> Result<(), End> {
        let mut come = std::mem::take(&mut self.partial);
        let used = self.take_in(&come, counts)?;
        if used < come.len() {
            come.drain(..used);
            self.partial = come;
        }
        Ok(())
    }

    /// Takes in every frame that has come whole; answers how many bytes they were.
    fn take_in(&mut self, bytes: &[u8], counts: &mut Counts<'_>) -> Result<usize, End> {
        let mut used = 0;
        while let Some((frame, length)) = wire::read(bytes.get(used..).unwrap_or_default())? {
            used += length;
            match frame {
                Frame::Text(text) => self.text(text, counts),
                Frame::Ping(payload) => wire::write_pong(&mut self.unwritten, payload),
                Frame::Close(code) => return Err(End::Closed(code)),
                Frame::Other => {}
            }
        }
        Ok(used)
    }

    fn text(&mut self, text: &[u8], counts: &mut Counts<'_>) {
        if let Some((room_id, seq, uuid)) = message(text) {
            return self.message(room_id, seq, uuid, counts);
        }
        match serde_json::from_slice(text) {
            Ok(Event::Hello(hello)) => self.hello(&hello, counts),
            Ok(Event::CaughtUp { room_id, seq }) => {
                counts.tally.gaps += self.known.caught_up(room_id, seq);
                self.resumed(counts);
            }
            Ok(Event::Reset { room_id }) => {
                self.known.reset(room_id);
                counts.tally.resets += 1;
                self.resumed(counts);
            }
            Ok(Event::Ack(ack)) => self.ack(&ack, counts),
            Ok(Event::Error(error)) => {
                let key = error.client_id.and_then(|id| Key::read(id.0));
                if key.is_some_and(|key| self.outbox.settled(key)) {
                    counts.tally.refused += 1;
                    counts.standing.pending -= 1;
                }
            }
            _ => {}
        }
    }

    fn hello(&mut self, hello: &Hello, counts: &mut Counts<'_>) {
        self.has_hello = true;
        counts.standing.connected += 1;
        counts.tally.connect.record(counts.now - self.began);
        if self.epoch.replace(hello.epoch.clone()).is_some() {
            let rooms = self.known.resume();
            counts.standing.resuming += u64::from(!rooms.is_empty());
            for rooms in rooms.chunks(RESUME_ROOMS) {
                self.command(&Command::Resume {
                    epoch: hello.epoch.clone(),
                    rooms: rooms.to_vec(),
                });
            }
            if rooms.is_empty() {
                let back = self.common.since_stop(counts.now);
                counts.tally.back.record(back);
            }
        }
        for room in &hello.rooms {
            self.known.start(room.id(), room.seq);
        }
        let waiting: Vec<Key> = self.outbox.waiting().collect();
        waiting.into_iter().for_each(|key| self.post(key));
    }

    fn resumed(&mut self, counts: &mut Counts<'_>) {
        if counts.standing.resuming > 0 && !self.known.is_resuming() {
            counts.standing.resuming -= 1;
            let back = self.common.since_stop(counts.now);
            counts.tally.back.record(back);
        }
    }

    fn message(&mut self, room_id: RoomId, seq: Seq, uuid: Uuid, counts: &mut Counts<'_>) {
        match self.known.change(room_id, seq) {
            Seen::New => {}
            Seen::AfterGap(missing) => counts.tally.gaps += missing,
            Seen::Overlap => return,
            Seen::Again => {
                counts.tally.again += 1;
                return;
            }
        }
        let Some(key) = Key::read(uuid) else { return };
        counts.tally.deliveries += 1;
        counts.tally.delivery.record(self.late(key, counts.now));
        if self.plan.audits {
            counts.tally.seen.push((room_id, (uuid, seq)));
        }
    }

    fn ack(&mut self, ack: &Ack, counts: &mut Counts<'_>) {
        let Some(key) = Key::read(ack.client_id.0) else {
            return;
        };
        // A second answer to one that was sent again after a reconnect is no second acknowledgement.
        if self.outbox.settled(key) {
            counts.standing.pending -= 1;
            counts.tally.acknowledged += 1;
            counts.tally.ack.record(self.late(key, counts.now));
        }
        counts.tally.acks.push((ack.client_id.0, ack.seq));
    }

    /// How long ago it was due.
    fn late(&self, key: Key, now: Instant) -> std::time::Duration {
        let due = std::time::Duration::from_micros(key.due_us);
        now.duration_since(self.common.origin).saturating_sub(due)
    }

    /// Sends what is due.
    pub(super) fn send_due(&mut self) {
        let now = Instant::now();
        let mut count = 0;
        while let Some(key) = self.outbox.due(now, self.common.origin) {
            self.post(key);
            count += 1;
        }
        if count > 0 {
            let mut seat = self.seat.lock();
            seat.tally.offered += count;
            seat.standing.pending += count;
        }
    }

    fn post(&mut self, key: Key) {
        let Some((room_id, _)) = self.plan.sends else {
            return;
        };
        self.command(&Command::ChatMessage {
            room_id,
            content: TEXT.to_owned(),
            client_id: Some(ClientId(key.uuid())),
            audience: Audience::All,
            reply_to: None,
        });
    }

    fn command(&mut self, command: &Command) {
        // These types always have a JSON form.
        let text = serde_json::to_string(command).unwrap_or_default();
        wire::write_text(&mut self.unwritten, &text);
    }
}

/// A message's room, place and key, without reading all of it; none for any other event.
fn message(text: &[u8]) -> Option<(RoomId, Seq, Uuid)> {
    let (room_id, rest) = number(text.strip_prefix(MESSAGE)?)?;
    let (seq, rest) = number(rest.strip_prefix(SEQ)?)?;
    let at = rest.windows(KEY.len()).position(|part| part == KEY)?;
    let key = rest.get(at + KEY.len()..)?.get(..UUID_CHARS)?;
    let uuid = Uuid::try_parse_ascii(key).ok()?;
    Some((RoomId(room_id), Seq(seq), uuid))
}

fn number(text: &[u8]) -> Option<(i64, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit())?;
    let (digits, rest) = text.split_at_checked(end)?;
    let number = std::str::from_utf8(digits).ok()?.parse().ok()?;
    Some((number, rest))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Message, MessageId, MessageKind, Role, Timestamp, UserCard, UserId};

    /// The quick way must read what the server writes, whatever becomes of the protocol.
    #[test]
    fn a_message_is_read_as_the_server_writes_it() {
        let (room_id, seq, id) = (RoomId(7), Seq(12), ClientId::random());
        let event = Event::ChatMessage {
            room_id,
            seq,
            message: Box::new(Message {
                id: MessageId(345),
                room_id,
                seq,
                rev: seq,
                client_id: Some(id),
                kind: MessageKind::Text,
                audience: Audience::All,
                content: "a \"client_id\":\"b\"".to_owned(),
                sender: UserCard {
                    id: UserId(5),
                    name: "Ana".to_owned(),
                    role: Role::Student,
                },
                created_at: Timestamp(0),
                deleted_at: None,
                system: None,
            }),
        };
        let text = serde_json::to_string(&event).unwrap();
        assert_eq!(message(text.as_bytes()), Some((room_id, seq, id.0)));
        let other = serde_json::to_string(&Event::Reset { room_id }).unwrap();
        assert_eq!(message(other.as_bytes()), None);
    }
}
