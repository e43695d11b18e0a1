//! How much one socket puts up with: frames that make no sense, commands over the budget, signs of typing.

use std::time::Duration;

use tokio::time::Instant;

use super::commands::RESUME_ROOMS;
use crate::{model::RoomId, protocol::Command};

/// Frames in a row that make no sense, before the socket is closed as abuse.
const SENSELESS_FRAMES: u32 = 100;
/// Refusals in one minute, after which the socket is closed as abuse.
const REFUSALS: u32 = 600;
const MINUTE: Duration = Duration::from_secs(60);
/// Signs that one types in the same room, at most one in this time; the seeds' clients send one a key press.
const TYPING_EVERY: Duration = Duration::from_millis(1000);
/// Signs of typing at all, at most one in this time.
const SIGN_EVERY: Duration = Duration::from_millis(100);
/// What `hello`, and the opening of a socket, count for: the whole list is read from the database.
pub(super) const HELLO_COST: u32 = 5;

/// So many people looked at, or messages named, count for one more.
const IDS_A_COST: usize = 50;

/// What a command counts for.
pub(super) fn cost(command: &Command) -> u32 {
    match command {
        // More are refused anyway.
        Command::Resume { rooms, .. } => u32::try_from(rooms.len().min(RESUME_ROOMS))
            .unwrap_or(u32::MAX)
            .saturating_add(1),
        Command::Hello => HELLO_COST,
        Command::Watch { user_ids, .. } => cost_of_ids(user_ids.len()),
        Command::ReadMessages(by) | Command::MessagesDelivered(by) => {
            cost_of_ids(by.message_ids.len())
        }
        _ => 1,
    }
}

fn cost_of_ids(count: usize) -> u32 {
    u32::try_from(count / IDS_A_COST)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

/// Whether a refusal is told: signs are passing things, and nobody waits for an answer to them.
pub(super) fn is_sign(command: &Command) -> bool {
    matches!(
        command,
        Command::Typing { .. } | Command::StopTyping { .. } | Command::Presence { status: None }
    )
}

/// Whether a command is something that a person does, not their device by itself.
pub(super) fn is_own_doing(command: &Command) -> bool {
    matches!(
        command,
        Command::ChatMessage { .. }
            | Command::Typing {
                is_typing: true,
                ..
            }
    )
}

/// What one socket has been forgiven.
#[derive(Debug, Default)]
pub(super) struct Patience {
    senseless: u32,
    refused: u32,
    refused_since: Option<Instant>,
    signed_at: Option<Instant>,
    typed: Option<(RoomId, Instant)>,
}

impl Patience {
    /// A frame that makes sense.
    pub(super) fn sense(&mut self) {
        self.senseless = 0;
    }

    /// One more that makes none; false: that was one too many.
    pub(super) fn forgives_nonsense(&mut self) -> bool {
        self.senseless = self.senseless.saturating_add(1);
        self.senseless <= SENSELESS_FRAMES
    }

    /// One more command over the budget; false: that was one too many.
    pub(super) fn forgives_excess(&mut self, now: Instant) -> bool {
        if !is_within(self.refused_since, MINUTE, now) {
            self.refused_since = Some(now);
            self.refused = 0;
        }
        self.refused = self.refused.saturating_add(1);
        self.refused <= REFUSALS
    }

    /// Whether this sign of typing, or of having stopped, is worth showing.
    pub(super) fn shows_typing(&mut self, room_id: RoomId, is_typing: bool, now: Instant) -> bool {
        let shown = self.typed.filter(|(room, _)| *room == room_id);
        let is_again = is_within(shown.map(|(_, at)| at), TYPING_EVERY, now);
        // The end of what was shown is always worth it, else it would stand until it fades.
        let ends_shown = !is_typing && shown.is_some();
        let is_storm = is_within(self.signed_at, SIGN_EVERY, now) && !ends_shown;
        if (is_typing && is_again) || is_storm {
            return false;
        }
        self.signed_at = Some(now);
        self.typed = is_typing.then_some((room_id, now));
        true
    }
}

fn is_within(since: Option<Instant>, time: Duration, now: Instant) -> bool {
    since.is_some_and(|since| now.duration_since(since) < time)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROOM: RoomId = RoomId(1);

    #[test]
    fn typing_is_shown_once_a_second_and_its_end_at_once() {
        let (mut patience, mut now) = (Patience::default(), Instant::now());
        assert!(patience.shows_typing(ROOM, true, now));
        for _ in 0..9 {
            now += Duration::from_millis(100);
            assert!(!patience.shows_typing(ROOM, true, now));
        }
        now += Duration::from_millis(100);
        assert!(patience.shows_typing(ROOM, true, now));
        assert!(patience.shows_typing(ROOM, false, now));
        assert!(!patience.shows_typing(ROOM, false, now));
    }

    #[test]
    fn a_storm_of_signs_comes_to_few_whatever_rooms_they_name() {
        let (mut patience, mut now) = (Patience::default(), Instant::now());
        let mut shown = 0;
        for n in 0..10_000 {
            shown += u32::from(patience.shows_typing(RoomId(n % 7), n % 3 > 0, now));
            now += Duration::from_micros(100);
        }
        assert!((5..=25).contains(&shown), "{shown}");
    }

    #[test]
    fn excess_is_forgiven_so_often_a_minute() {
        let (mut patience, begun) = (Patience::default(), Instant::now());
        for now in [begun, begun + MINUTE] {
            assert!((0..600).all(|_| patience.forgives_excess(now)));
            assert!(!patience.forgives_excess(now));
        }
    }

    #[test]
    fn sense_ends_a_row_of_nonsense() {
        let mut patience = Patience::default();
        assert!((0..100).all(|_| patience.forgives_nonsense()));
        patience.sense();
        assert!((0..100).all(|_| patience.forgives_nonsense()));
        assert!(!patience.forgives_nonsense());
    }
}
