//! The school's calendar: its days, seen back from now, and when on them something was.

use crate::model::{Timestamp, Zone};

const MS_PER_SECOND: i64 = 1000;
const MS_PER_MINUTE: i64 = 60 * MS_PER_SECOND;
const MS_PER_DAY: i64 = 24 * 60 * MS_PER_MINUTE;
/// 1 January 1970 was a Thursday: so many days after a Monday.
const FIRST_DAY: i64 = 3;
const SCHOOL_DAYS: i64 = 5;

/// A day on the school's calendar, counted from 1 January 1970.
pub(super) type Day = i64;

/// The calendar, as it lies open now.
pub(super) struct Calendar {
    pub(super) now: Timestamp,
    /// The school's time zone.
    pub(super) zone: Zone,
}

impl Calendar {
    /// The day of the week at the school: 0 is Monday.
    pub(super) fn weekday(day: Day) -> i64 {
        (day + FIRST_DAY).rem_euclid(7)
    }

    fn is_school_day(day: Day) -> bool {
        Self::weekday(day) < SCHOOL_DAYS
    }

    /// The day that it was then.
    pub(super) fn day(&self, at: Timestamp) -> Day {
        let offset = i64::from(self.zone.offset_min(at)) * MS_PER_MINUTE;
        at.plus_ms(offset).0.div_euclid(MS_PER_DAY)
    }

    /// The school day so many school days before today; at least one.
    pub(super) fn school_day(&self, ago: i64) -> Day {
        let mut day = self.day(self.now);
        for _ in 0..ago.max(1) {
            day -= 1;
            while !Self::is_school_day(day) {
                day -= 1;
            }
        }
        day
    }

    /// The next school day, or the same day where that is not over yet.
    pub(super) fn school_day_after(&self, day: Day) -> Day {
        let next = (day + 1..).find(|day| Self::is_school_day(*day));
        next.filter(|next| self.is_over(*next)).unwrap_or(day)
    }

    /// The Saturday of that week, or the same day where that is not over yet.
    pub(super) fn saturday_after(&self, day: Day) -> Day {
        let saturday = day + SCHOOL_DAYS - Self::weekday(day);
        if saturday > day && self.is_over(saturday) {
            saturday
        } else {
            day
        }
    }

    fn is_over(&self, day: Day) -> bool {
        day < self.day(self.now)
    }

    /// That second of that day on the school's clock.
    pub(super) fn at(&self, day: Day, second: i64) -> Timestamp {
        let wall = Timestamp(day * MS_PER_DAY + second * MS_PER_SECOND);
        let before = |at| wall.plus_ms(-i64::from(self.zone.offset_min(at)) * MS_PER_MINUTE);
        // The offset is known by the time, and the time by the offset: the second look is right but for the hour that a
        // change of the clocks skips or repeats.
        before(before(wall))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Berlin around the end of summer time 2025 (26 October, 01:00 UTC), seen on Wednesday, 29 October, at noon.
    fn berlin() -> Calendar {
        Calendar {
            now: Timestamp(1_761_735_600_000),
            zone: Zone(vec![(1_743_296_400_000, 120), (1_761_440_400_000, 60)]),
        }
    }

    fn named(calendar: &Calendar, day: Day) -> (i64, String) {
        let noon = calendar.at(day, 12 * 3600);
        assert_eq!(calendar.zone.clock(noon), "12:00");
        assert_eq!(calendar.day(noon), day);
        let date = calendar.zone.day(noon);
        (
            Calendar::weekday(day),
            format!("{:02}-{:02}", date.month, date.day),
        )
    }

    #[test]
    fn school_days_leave_out_weekends() {
        let calendar = berlin();
        for (ago, weekday, date) in [
            (1, 1, "10-28"),
            (2, 0, "10-27"),
            (3, 4, "10-24"),
            (8, 4, "10-17"),
        ] {
            let day = calendar.school_day(ago);
            assert_eq!(named(&calendar, day), (weekday, date.to_owned()));
        }
    }

    #[test]
    fn what_is_not_over_yet_is_left_out() {
        let calendar = berlin();
        let (friday, tuesday) = (calendar.school_day(3), calendar.school_day(1));
        let (monday, saturday) = (
            calendar.school_day_after(friday),
            calendar.saturday_after(friday),
        );
        assert_eq!(named(&calendar, monday), (0, "10-27".to_owned()));
        assert_eq!(named(&calendar, saturday), (5, "10-25".to_owned()));
        assert_eq!(calendar.school_day_after(tuesday), tuesday);
        assert_eq!(calendar.saturday_after(tuesday), tuesday);
    }
}
