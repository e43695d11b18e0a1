//! What waits for one client: bounded in frames and bytes, and empty it takes no memory.
//!
//! `skip`s of one room that follow each other wait as one: how far they reach is all that the client wants to know.

use std::collections::VecDeque;

use super::Frame;
use crate::{model::Seq, protocol::Event};

/// Frames that may wait for one client.
pub(super) const MOST_FRAMES: usize = 512;
/// Bytes that may wait for one client.
pub(super) const MOST_BYTES: usize = 1 << 20;
/// An empty queue keeps room for so many frames: a burst is over, and most sockets are quiet.
const KEPT_FRAMES: usize = 16;

/// What waits for one client, in order.
#[derive(Debug, Default)]
pub(super) struct Queue {
    waiting: VecDeque<Waiting>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    frame: Frame,
    /// The last of the `skip`s for which this one stands, where it does for several.
    skips_to: Option<Seq>,
}

/// What became of a frame that was to wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pushed {
    /// It is the first.
    First,
    /// It waits behind others.
    Behind,
    /// There is no room for it.
    Full,
}

impl Queue {
    pub(super) fn push(&mut self, frame: Frame) -> Pushed {
        if self.is_told_by_last(&frame) {
            return Pushed::Behind;
        }
        let bytes = self.bytes.saturating_add(frame.text.len());
        if bytes > MOST_BYTES || self.waiting.len() >= MOST_FRAMES {
            return Pushed::Full;
        }
        let is_first = self.waiting.is_empty();
        self.bytes = bytes;
        self.waiting.push_back(Waiting {
            frame,
            skips_to: None,
        });
        if is_first {
            Pushed::First
        } else {
            Pushed::Behind
        }
    }

    pub(super) fn pop(&mut self) -> Option<Frame> {
        let first = self.waiting.pop_front();
        if self.waiting.is_empty() && self.waiting.capacity() > KEPT_FRAMES {
            self.waiting = VecDeque::new();
        }
        let Waiting { frame, skips_to } = first?;
        self.bytes = self.bytes.saturating_sub(frame.text.len());
        Some(match (skips_to, frame.skipped()) {
            (Some(to), Some((room_id, from, _))) => Frame::of(&Event::Skip { room_id, from, to }),
            _ => frame,
        })
    }

    /// Whether it is a `skip` that goes on where the last one ends, which then reaches further.
    fn is_told_by_last(&mut self, frame: &Frame) -> bool {
        let Some((room_id, from, to)) = frame.skipped() else {
            return false;
        };
        let Some(last) = self.waiting.back_mut() else {
            return false;
        };
        let goes_on = last.frame.skipped().is_some_and(|(room, _, until)| {
            room == room_id && last.skips_to.unwrap_or(until).next() == from
        });
        if goes_on {
            last.skips_to = Some(to);
        }
        goes_on
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        model::RoomId,
        protocol::Event::{self, Pong, Skip},
    };

    fn skip(room: i64, from: i64, to: i64) -> Event {
        Skip {
            room_id: RoomId(room),
            from: Seq(from),
            to: Seq(to),
        }
    }

    fn of(events: &[Event]) -> Queue {
        let mut queue = Queue::default();
        for event in events {
            assert_ne!(queue.push(Frame::of(event)), Pushed::Full);
        }
        queue
    }

    fn told(mut queue: Queue) -> Vec<Event> {
        let frames = std::iter::from_fn(|| queue.pop());
        let told = frames.map(|frame| {
            let event: Event = serde_json::from_str(&frame.text).unwrap();
            assert_eq!(event.place(), frame.place);
            event
        });
        told.collect()
    }

    #[test]
    fn skips_that_wait_behind_each_other_are_told_as_one() {
        let queue = of(&[skip(1, 4, 4), skip(1, 5, 5), skip(1, 6, 8)]);
        assert_eq!(told(queue), [skip(1, 4, 8)]);
    }

    #[test]
    fn only_skips_of_one_room_without_a_gap_are_one() {
        let apart = [
            skip(1, 4, 4),
            skip(2, 5, 5),
            skip(2, 7, 7),
            Pong,
            skip(2, 8, 8),
        ];
        assert_eq!(told(of(&apart)), apart);
    }

    #[test]
    fn a_skip_that_was_taken_is_told_no_more() {
        let mut queue = of(&[skip(1, 4, 4)]);
        assert_eq!(queue.pop().unwrap().place, Some((RoomId(1), Seq(4))));
        assert_eq!(queue.push(Frame::of(&skip(1, 5, 5))), Pushed::First);
        assert_eq!(told(queue), [skip(1, 5, 5)]);
    }

    #[test]
    fn a_full_queue_still_takes_what_its_last_skip_can_tell() {
        let mut queue = of(&vec![Pong; MOST_FRAMES - 1]);
        assert_eq!(queue.push(Frame::of(&skip(1, 1, 1))), Pushed::Behind);
        for seq in 2..=2000 {
            assert_eq!(queue.push(Frame::of(&skip(1, seq, seq))), Pushed::Behind);
        }
        assert_eq!(queue.push(Frame::of(&Pong)), Pushed::Full);
        assert_eq!(told(queue).last(), Some(&skip(1, 1, 2000)));
    }

    #[test]
    fn a_queue_is_bounded_in_bytes_too() {
        let long = Frame::of(&Event::TypingIndicator {
            room_id: RoomId(1),
            user_id: crate::model::UserId(1),
            sender_name: "x".repeat(MOST_BYTES / 2),
            is_typing: true,
        });
        let mut queue = Queue::default();
        assert_eq!(queue.push(long.clone()), Pushed::First);
        assert_eq!(queue.push(long.clone()), Pushed::Full);
        assert!(queue.pop().is_some());
        assert_eq!(queue.push(long), Pushed::First);
    }

    #[test]
    fn an_empty_queue_takes_no_memory() {
        let mut queue = of(&vec![Pong; MOST_FRAMES]);
        while queue.pop().is_some() {}
        assert!(queue.waiting.capacity() <= KEPT_FRAMES);
        assert_eq!(queue.bytes, 0);
    }
}
