//! From the conversations' table to dated messages with their keys.

use uuid::Uuid;

use super::talks::{Line, Talk, When};
use crate::model::{ClientId, Timestamp};

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_HOUR: i64 = 60 * MS_PER_MINUTE;
const MS_PER_DAY: i64 = 24 * MS_PER_HOUR;

/// The keys of all demo messages: this, and in the last 64 bits the conversation and the line. A UUID of version 8
/// (RFC 9562: made as the application likes).
const KEYS: u128 = 0x7175_6164_6465_8d6f_8000_0000_0000_0000;
/// Room for the lines of one conversation.
const LINE_BITS: u32 = 16;

/// A line as it is to be brought in.
#[derive(Debug)]
pub(super) struct Planned {
    /// Which conversation of the table.
    pub(super) talk: usize,
    /// What is said.
    pub(super) line: Line,
    /// Always the same for the same place in the table, so that a second run finds the first one's message.
    pub(super) client_id: ClientId,
    /// When it was said.
    pub(super) at: Timestamp,
}

/// Every line of every conversation, oldest first, as if seen at `now`.
pub(super) fn plan(talks: &[Talk], now: Timestamp) -> Vec<Planned> {
    let mut planned: Vec<Planned> = (0..)
        .zip(talks)
        .flat_map(|(talk, Talk { lines, .. })| {
            (0..).zip(*lines).map(move |(place, line)| Planned {
                talk,
                line: *line,
                client_id: client_id(talk, place),
                at: at(line.when, now),
            })
        })
        .collect();
    planned.sort_by_key(|planned| planned.at);
    planned
}

fn client_id(talk: usize, place: u128) -> ClientId {
    let talk = u128::try_from(talk).unwrap_or_default();
    ClientId(Uuid::from_u128(KEYS | talk << LINE_BITS | place))
}

fn at(when: When, now: Timestamp) -> Timestamp {
    match when {
        When::Ago { minutes } => now.plus_ms(-minutes * MS_PER_MINUTE),
        When::Day {
            days_ago,
            hour,
            minute,
        } => {
            let midnight = now.plus_ms(-now.0.rem_euclid(MS_PER_DAY));
            midnight.plus_ms(hour * MS_PER_HOUR + minute * MS_PER_MINUTE - days_ago * MS_PER_DAY)
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{
        model::{Limits, text},
        server::demo::{
            people::PEOPLE,
            talks::{Side, TALKS},
        },
    };

    /// Noon, the first and the last minute of a day.
    const NOWS: [i64; 3] = [1_762_000_000_000, 1_762_041_600_000, 1_762_041_599_999];

    #[test]
    fn the_order_in_a_conversation_is_the_tables_at_any_time_of_day() {
        for now in NOWS.map(Timestamp) {
            let planned = plan(&TALKS, now);
            for (talk, Talk { lines, .. }) in TALKS.iter().enumerate() {
                let texts = planned
                    .iter()
                    .filter(|p| p.talk == talk)
                    .map(|p| p.line.text);
                assert!(texts.eq(lines.iter().map(|line| line.text)));
            }
            assert!(planned.iter().all(|planned| planned.at < now));
            assert!(planned[0].at.ms_since(now) > -15 * MS_PER_DAY);
        }
    }

    #[test]
    fn every_line_has_a_key_of_its_own_that_does_not_depend_on_the_time() {
        let keys = |now| -> BTreeSet<ClientId> {
            plan(&TALKS, Timestamp(now))
                .iter()
                .map(|p| p.client_id)
                .collect()
        };
        let lines: usize = TALKS.iter().map(|talk| talk.lines.len()).sum();
        assert_eq!(keys(NOWS[0]).len(), lines);
        assert_eq!(keys(NOWS[0]), keys(NOWS[1]));
        let first = keys(NOWS[0]).first().unwrap().0;
        assert_eq!(first.get_version_num(), 8);
    }

    #[test]
    fn the_conversations_are_what_a_desk_sees() {
        for Talk {
            student,
            lines,
            unread_by_student,
            unread_by_desk,
        } in &TALKS
        {
            assert!(PEOPLE.iter().any(|person| person.username == *student));
            assert!((8..=15).contains(&lines.len()));
            for line in *lines {
                text::check_content(line.text, Limits::default().message_chars).unwrap();
            }
            let newest = |count: usize| lines[lines.len() - count..].iter().map(|line| line.side);
            assert!(newest(*unread_by_student).all(|side| side == Side::Agent));
            assert!(newest(*unread_by_desk).all(|side| side == Side::Student));
        }
        let waits = |talk: &Talk| talk.lines.last().unwrap().side == Side::Student;
        assert_eq!(TALKS.iter().filter(|talk| waits(talk)).count(), 1);
    }
}
