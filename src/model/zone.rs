//! The reader's time zone, and what a clock on their wall shows.
//!
//! A zone travels as its offsets, worked out by the server, so that server and browser render the same day and hour
//! by the same pure function and hydration never meets a difference (engine: the snapshot).

use serde::{Deserialize, Serialize};

use super::Timestamp;

const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 86_400_000;

/// `(from_ms, offset_min)` in ascending order: from that time on, local time is UTC plus so many minutes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Zone(pub Vec<(i64, i32)>);

/// A calendar day at the reader's place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Day {
    /// Year of the Gregorian calendar.
    pub year: i16,
    /// 1 to 12.
    pub month: i8,
    /// 1 to 31.
    pub day: i8,
}

impl Zone {
    /// Minutes east of UTC at `at`. Before the first entry its offset holds; without entries UTC.
    pub fn offset_min(&self, at: Timestamp) -> i32 {
        let later = self.0.partition_point(|(from_ms, _)| *from_ms <= at.0);
        self.0
            .get(later.saturating_sub(1))
            .map_or(0, |(_, offset_min)| *offset_min)
    }

    fn local_ms(&self, at: Timestamp) -> i64 {
        at.0.saturating_add(i64::from(self.offset_min(at)) * MS_PER_MINUTE)
    }

    /// The day on the reader's calendar.
    pub fn day(&self, at: Timestamp) -> Day {
        let local = jiff::Timestamp::from_millisecond(self.local_ms(at)).unwrap_or_default();
        let date = jiff::tz::Offset::UTC.to_datetime(local).date();
        Day {
            year: date.year(),
            month: date.month(),
            day: date.day(),
        }
    }

    /// The hour and minute on the reader's clock, as `09:05`.
    pub fn clock(&self, at: Timestamp) -> String {
        let minute_of_day = self.local_ms(at).rem_euclid(MS_PER_DAY) / MS_PER_MINUTE;
        format!("{:02}:{:02}", minute_of_day / 60, minute_of_day % 60)
    }

    /// Whole calendar days from `earlier` to `later` at the reader's place.
    pub fn days_between(&self, earlier: Timestamp, later: Timestamp) -> i64 {
        self.local_ms(later).div_euclid(MS_PER_DAY) - self.local_ms(earlier).div_euclid(MS_PER_DAY)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin around the end of summer time 2025 (26 October, 01:00 UTC).
    fn berlin() -> Zone {
        Zone(vec![(1_743_296_400_000, 120), (1_761_440_400_000, 60)])
    }

    #[test]
    fn the_offset_changes_with_the_season() {
        assert_eq!(berlin().clock(Timestamp(1_761_440_340_000)), "02:59");
        assert_eq!(berlin().clock(Timestamp(1_761_440_400_000)), "02:00");
    }

    #[test]
    fn before_its_first_entry_a_zone_keeps_its_first_offset() {
        assert_eq!(berlin().offset_min(Timestamp(0)), 120);
        assert_eq!(Zone::default().offset_min(Timestamp(0)), 0);
    }

    #[test]
    fn a_day_ends_at_the_readers_midnight() {
        let late_evening_utc = Timestamp(1_754_345_400_000);
        assert_eq!(
            Zone::default().day(late_evening_utc),
            Day {
                year: 2025,
                month: 8,
                day: 4
            }
        );
        assert_eq!(
            berlin().day(late_evening_utc),
            Day {
                year: 2025,
                month: 8,
                day: 5
            }
        );
        assert_eq!(
            berlin().days_between(Timestamp(1_754_303_400_000), late_evening_utc),
            1
        );
    }
}
