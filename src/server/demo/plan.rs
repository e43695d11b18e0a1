//! From the composed conversations to dated messages with their keys.

use uuid::Uuid;

use super::{
    calendar::{Calendar, Day},
    compose::{Line, When, compose},
    talks::TALKS,
};
use crate::model::{ClientId, Timestamp};

const MS_PER_SECOND: i64 = 1000;
const MS_PER_MINUTE: i64 = 60 * MS_PER_SECOND;
/// What is between two exchanges that meet on one day, at least.
const PAUSE_MS: i64 = 10 * MS_PER_MINUTE;

/// The keys of all demo messages: this, and in the last 64 bits the conversation and the line. A UUID of version 8
/// (RFC 9562: made as the application likes).
const KEYS: u128 = 0x7175_6164_6465_8d6f_8002_0000_0000_0000;
/// Room for the lines of one conversation.
const LINE_BITS: u32 = 16;

/// A line as it is to be brought in.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    /// Which conversation of the table.
    pub(super) talk: usize,
    /// The sign-in name of who writes it.
    pub(super) sender: &'static str,
    /// What is said.
    pub(super) text: String,
    /// Always the same for the same place in the table, so that a second run finds the first one's message.
    pub(super) client_id: ClientId,
    /// When it was said.
    pub(super) at: Timestamp,
    /// Whether it is the conversation's last.
    pub(super) is_last: bool,
}

/// Every line of every conversation, oldest first, as the calendar has them.
pub(super) fn plan(calendar: &Calendar) -> Vec<Planned> {
    let talks = TALKS.iter().enumerate();
    let mut planned: Vec<Planned> = talks
        .flat_map(|(place, talk)| dated(place, compose(place, talk), calendar))
        .collect();
    // Stable: what a conversation has at one time stays in its order.
    planned.sort_by_key(|planned| planned.at);
    planned
}

fn dated(talk: usize, lines: Vec<Line>, calendar: &Calendar) -> Vec<Planned> {
    let mut clock = None;
    let count = lines.len();
    (1..)
        .zip(lines)
        .map(|(nth, Line { sender, when, text })| {
            let (day, at) = next(calendar, clock, when);
            clock = Some((day, at));
            Planned {
                talk,
                sender,
                text,
                client_id: client_id(talk, nth),
                at,
                is_last: nth == count,
            }
        })
        .collect()
}

/// The day on which an exchange goes on, and when a line is written: always after the one before.
fn next(calendar: &Calendar, before: Option<(Day, Timestamp)>, when: When) -> (Day, Timestamp) {
    let (day, last) = before.unwrap_or((0, Timestamp(0)));
    let not_before = |at: Timestamp, ms| at.max(last.plus_ms(ms));
    match when {
        When::Day {
            school_days_ago,
            second,
            is_at_weekend,
        } => {
            let day = calendar.school_day(school_days_ago);
            let day = if is_at_weekend {
                calendar.saturday_after(day)
            } else {
                day
            };
            (day, not_before(calendar.at(day, second), PAUSE_MS))
        }
        When::NextDay { second } => {
            let day = calendar.school_day_after(day);
            (day, not_before(calendar.at(day, second), PAUSE_MS))
        }
        When::After { seconds } => (day, last.plus_ms(seconds * MS_PER_SECOND)),
        When::Ago { minutes } => {
            let at = calendar.now.plus_ms(-minutes * MS_PER_MINUTE);
            (day, not_before(at, MS_PER_SECOND))
        }
    }
}

fn client_id(talk: usize, nth: usize) -> ClientId {
    let bits = |n: usize| u128::try_from(n).unwrap_or_default();
    ClientId(Uuid::from_u128(KEYS | bits(talk) << LINE_BITS | bits(nth)))
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;
    use crate::{
        model::{Limits, SupportStatus, Zone, text},
        server::demo::{
            people::{AGENTS, named},
            talks::Ending,
        },
    };

    const HOUR_MS: i64 = 3_600_000;
    const DAY_MS: i64 = 24 * HOUR_MS;
    /// Midnight of Monday, 2 November 2026, in UTC.
    const MONDAY: i64 = 1_793_577_600_000;

    fn calendar(now: i64, offset_min: i32) -> Calendar {
        Calendar {
            now: Timestamp(now),
            zone: Zone(vec![(0, offset_min)]),
        }
    }

    /// Every hour and a half of a fortnight, in three zones.
    fn calendars() -> impl Iterator<Item = Calendar> {
        let zones = [-600, 0, 345];
        zones.into_iter().flat_map(|zone| {
            (0..56).map(move |nth| calendar(MONDAY + nth * 6 * HOUR_MS + nth, zone))
        })
    }

    #[test]
    fn a_conversation_is_in_its_order_whenever_one_looks() {
        let texts: Vec<Vec<String>> = (TALKS.iter().enumerate())
            .map(|(place, talk)| compose(place, talk).into_iter().map(|l| l.text).collect())
            .collect();
        for calendar in calendars() {
            let planned = plan(&calendar);
            let mut talks = vec![Vec::new(); TALKS.len()];
            for planned in &planned {
                assert!(planned.at < calendar.now, "{planned:?}");
                talks[planned.talk].push(planned);
            }
            for (talk, texts) in talks.iter().zip(&texts) {
                assert!(talk.iter().map(|planned| &planned.text).eq(texts));
                assert!(talk.is_sorted_by(|a, b| a.at < b.at && a.client_id < b.client_id));
                let last = talk.iter().map(|planned| planned.is_last);
                assert!(last.eq((1..=talk.len()).map(|nth| nth == talk.len())));
            }
            let weeks = planned[0].at.ms_since(calendar.now) / (-7 * DAY_MS);
            assert!((9..=12).contains(&weeks), "{weeks}");
        }
    }

    #[test]
    fn every_line_has_a_key_of_its_own() {
        let planned = plan(&calendar(MONDAY, 0));
        let keys: BTreeSet<ClientId> = planned.iter().map(|p| p.client_id).collect();
        assert_eq!(keys.len(), planned.len());
        assert_eq!(keys.first().unwrap().0.get_version_num(), 8);
        assert!((2400..=2700).contains(&planned.len()), "{}", planned.len());
    }

    #[test]
    fn people_write_in_school_hours_and_little_at_weekends() {
        for calendar in calendars().step_by(5) {
            let planned = plan(&calendar);
            let mut days: BTreeMap<i64, usize> = BTreeMap::new();
            let mut late = 0;
            for planned in &planned {
                let day = calendar.day(planned.at);
                *days.entry(Calendar::weekday(day)).or_default() += 1;
                let hours = calendar.at(day, 8 * 3600)..=calendar.at(day, 18 * 3600);
                late += usize::from(!hours.contains(&planned.at));
            }
            assert!(late * 20 < planned.len(), "{late} out of school hours");
            let weekend: usize = days.range(5..).map(|(_, count)| count).sum();
            assert!(
                (planned.len() / 50..planned.len() / 7).contains(&weekend),
                "{days:?}"
            );
            assert!(
                days.range(..5).all(|(_, count)| *count > weekend),
                "{days:?}"
            );
        }
    }

    #[test]
    fn what_is_said_could_have_been_written() {
        let planned = plan(&calendar(MONDAY, 0));
        for planned in &planned {
            let Planned {
                text, sender, talk, ..
            } = planned;
            text::check_content(text, Limits::default().message_chars).unwrap();
            assert!(!text.contains(['{', '}', '|', '\\']), "{text}");
            assert!(
                *sender == TALKS[*talk].student || AGENTS.contains(sender) || *sender == "admin"
            );
        }
        let different: BTreeSet<&str> = planned.iter().map(|p| p.text.as_str()).collect();
        assert!(
            different.len() * 5 > planned.len() * 2,
            "{}",
            different.len()
        );
    }

    #[test]
    fn conversations_end_as_the_table_says() {
        for (place, talk) in TALKS.iter().enumerate() {
            let lines = compose(place, talk);
            let is_students = lines.last().unwrap().sender == talk.student;
            let waits = matches!(talk.ending, Ending::Waiting(_));
            assert_eq!(is_students, waits, "{}", talk.student);
            assert!(named(talk.student).is_some());
            let assignee = talk.assignee.and_then(named);
            assert_eq!(assignee.is_some(), talk.assignee.is_some());
            // Who takes care of it says where it stands.
            let is_open = talk.ending.status() == SupportStatus::Open;
            assert!(is_open || assignee.is_some_and(|agent| agent.role.is_staff()));
        }
        let count = |status| {
            let of_status = TALKS.iter().filter(|talk| talk.ending.status() == status);
            of_status.count()
        };
        let statuses = [
            SupportStatus::Open,
            SupportStatus::Pending,
            SupportStatus::Resolved,
        ];
        assert_eq!(statuses.map(count), [11, 5, 14]);
    }
}
