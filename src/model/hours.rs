//! When a desk answers: spans of the week on the school's clock.

use serde::{Deserialize, Serialize};

use super::{Timestamp, Zone};

const MS_PER_MINUTE: i64 = 60_000;
/// Minutes in a day.
pub const DAY: u16 = 24 * 60;
/// Minutes in a week.
pub const WEEK: u16 = 7 * DAY;
/// The first day of the epoch was a Thursday.
const EPOCH_WEEKDAY: i64 = 3;

/// A part of the week, in minutes from Monday, 0:00.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Span {
    /// Its first minute.
    pub from: u16,
    /// The first minute after it, at most [`WEEK`].
    pub to: u16,
}

/// The week of a desk: spans in order, which do not touch. Empty: nothing is said about hours.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Hours(Vec<Span>);

/// How a desk with hours stands at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// It answers, until then.
    Open(Timestamp),
    /// It answers again from then on.
    Closed(Timestamp),
}

impl Hours {
    /// The week of these spans, in whatever order they come.
    pub fn new(mut spans: Vec<Span>) -> Self {
        spans.sort();
        let mut week: Vec<Span> = Vec::with_capacity(spans.len());
        for span in spans {
            match week.last_mut() {
                Some(last) if span.from <= last.to => last.to = last.to.max(span.to),
                _ => week.push(span),
            }
        }
        Self(week)
    }

    /// Its spans, in order.
    pub fn spans(&self) -> &[Span] {
        &self.0
    }

    /// How it stands at `now` on a clock of that zone; none where nothing is said.
    pub fn at(&self, now: Timestamp, zone: &Zone) -> Option<Opening> {
        let minute = minute_of_week(now, zone);
        let open = |span: &&Span| (i64::from(span.from)..i64::from(span.to)).contains(&minute);
        if let Some(span) = self.0.iter().find(open) {
            return Some(Opening::Open(when(
                now,
                zone,
                self.minutes_left(span, minute),
            )));
        }
        let waits = self.0.iter().map(|span| ahead(span.from, minute));
        waits
            .min()
            .map(|wait| Opening::Closed(when(now, zone, wait)))
    }

    /// What ends with the week goes on with the next one where that begins so.
    fn minutes_left(&self, span: &Span, minute: i64) -> i64 {
        let left = i64::from(span.to) - minute;
        match self.0.first() {
            Some(first) if span.to == WEEK && first.from == 0 && first != span => {
                left + i64::from(first.to)
            }
            _ => left,
        }
    }
}

/// Minutes from `minute` until that minute of the week comes.
fn ahead(from: u16, minute: i64) -> i64 {
    (i64::from(from) - minute).rem_euclid(i64::from(WEEK))
}

fn minute_of_week(at: Timestamp, zone: &Zone) -> i64 {
    let local = at.0.div_euclid(MS_PER_MINUTE) + i64::from(zone.offset_min(at));
    (local + EPOCH_WEEKDAY * i64::from(DAY)).rem_euclid(i64::from(WEEK))
}

/// The whole minute that comes `minutes` later on the wall, whatever the season does to the clock in between.
fn when(now: Timestamp, zone: &Zone, minutes: i64) -> Timestamp {
    let later = Timestamp((now.0.div_euclid(MS_PER_MINUTE) + minutes) * MS_PER_MINUTE);
    let moved = zone.offset_min(later) - zone.offset_min(now);
    later.plus_ms(-i64::from(moved) * MS_PER_MINUTE)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Monday, 4 August 2025, 10:30 UTC.
    const MONDAY: Timestamp = Timestamp(1_754_303_400_000);
    const HOUR_MS: i64 = 3_600_000;
    const DAY_MS: i64 = 24 * HOUR_MS;

    fn span(day: u16, from: u16, to: u16) -> Span {
        Span {
            from: day * DAY + from * 60,
            to: day * DAY + to * 60,
        }
    }

    /// Monday to Friday, 8 to 16.
    fn office() -> Hours {
        Hours::new((0..5).rev().map(|day| span(day, 8, 16)).collect())
    }

    fn at(hours: &Hours, now: Timestamp) -> Option<Opening> {
        hours.at(now, &Zone::default())
    }

    #[test]
    fn without_hours_nothing_is_said() {
        assert_eq!(at(&Hours::default(), MONDAY), None);
    }

    #[test]
    fn a_desk_is_open_until_its_span_ends_and_closed_until_the_next_begins() {
        let noon = MONDAY.plus_ms(HOUR_MS / 2 * 3);
        let until = MONDAY.plus_ms(HOUR_MS / 2 * 11);
        assert_eq!(at(&office(), noon), Some(Opening::Open(until)));
        let evening = MONDAY.plus_ms(HOUR_MS / 2 * 11);
        let morning = until.plus_ms(16 * HOUR_MS);
        assert_eq!(at(&office(), evening), Some(Opening::Closed(morning)));
        let saturday = MONDAY.plus_ms(5 * DAY_MS + 17_000);
        let next_week = MONDAY.plus_ms(7 * DAY_MS - 2 * HOUR_MS - HOUR_MS / 2);
        assert_eq!(at(&office(), saturday), Some(Opening::Closed(next_week)));
    }

    #[test]
    fn the_week_goes_round_and_spans_that_touch_are_one() {
        let night = Hours::new(vec![span(6, 20, 24), span(0, 0, 6)]);
        let sunday = MONDAY.plus_ms(6 * DAY_MS + 11 * HOUR_MS);
        let until = MONDAY.plus_ms(7 * DAY_MS - 4 * HOUR_MS - HOUR_MS / 2);
        assert_eq!(at(&night, sunday), Some(Opening::Open(until)));
        let one = Hours::new(vec![span(0, 8, 12), span(0, 12, 16), span(0, 9, 10)]);
        assert_eq!(one.spans(), [span(0, 8, 16)]);
    }

    #[test]
    fn the_school_s_clock_counts_also_over_a_change_of_season() {
        // Berlin around the end of summer time: 26 October 2025, 01:00 UTC, a Sunday.
        let berlin = Zone(vec![(0, 120), (1_761_440_400_000, 60)]);
        let saturday = Timestamp(1_761_440_400_000 - 13 * HOUR_MS);
        let monday_at_eight = Timestamp(1_761_440_400_000 + 30 * HOUR_MS);
        assert_eq!(berlin.clock(monday_at_eight), "08:00");
        assert_eq!(
            office().at(saturday, &berlin),
            Some(Opening::Closed(monday_at_eight))
        );
    }
}
