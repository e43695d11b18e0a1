//! Days and times in the reader's words. Pure: the zone travels with the data, so that both targets say the same.

use jiff::civil::{Date, Weekday};

use super::i18n::{Locale, text};
use crate::model::{Timestamp, Zone, zone::Day};

/// Until so many days ago a day is named by its weekday.
const WEEK_DAYS: i64 = 7;

/// "Today", "Yesterday", "Monday, 3 August", "3 August 2025".
pub fn day_heading(t: Locale, zone: &Zone, at: Timestamp, now: Timestamp) -> String {
    let day = zone.day(at);
    match zone.days_between(at, now) {
        0 => text!(t, day.today),
        1 => text!(t, day.yesterday),
        2..WEEK_DAYS => text!(
            t,
            day.weekday_date,
            weekday = weekday(t, day),
            day = day.day,
            month = month(t, day)
        ),
        _ => date(t, day),
    }
}

/// In a list: the clock for today, else "Yesterday", the weekday, or a short date.
pub fn list_time(t: Locale, zone: &Zone, at: Timestamp, now: Timestamp) -> String {
    let day = zone.day(at);
    match zone.days_between(at, now) {
        ..=0 => zone.clock(at),
        1 => text!(t, day.yesterday),
        2..WEEK_DAYS => weekday(t, day),
        _ => text!(
            t,
            day.short,
            day = day.day,
            month = day.month,
            year = day.year
        ),
    }
}

/// Of a time within a week that is to come: "at 8:00", "tomorrow at 8:00", "on Monday at 8:00".
pub fn coming(t: Locale, zone: &Zone, at: Timestamp, now: Timestamp) -> String {
    let clock = zone.clock(at);
    match zone.days_between(now, at) {
        ..=0 => text!(t, day.coming_today, clock = clock),
        1 => text!(t, day.coming_tomorrow, clock = clock),
        _ => {
            let weekday = weekday(t, zone.day(at));
            text!(t, day.coming_weekday, weekday = weekday, clock = clock)
        }
    }
}

/// "3 August 2025, 10:30": for titles.
pub fn full(t: Locale, zone: &Zone, at: Timestamp) -> String {
    text!(
        t,
        day.full,
        date = date(t, zone.day(at)),
        clock = zone.clock(at)
    )
}

fn date(t: Locale, day: Day) -> String {
    text!(
        t,
        day.date,
        day = day.day,
        month = month(t, day),
        year = day.year
    )
}

fn weekday(t: Locale, day: Day) -> String {
    let weekday = Date::new(day.year, day.month, day.day).map(Date::weekday);
    match weekday.unwrap_or(Weekday::Monday) {
        Weekday::Monday => text!(t, day.monday),
        Weekday::Tuesday => text!(t, day.tuesday),
        Weekday::Wednesday => text!(t, day.wednesday),
        Weekday::Thursday => text!(t, day.thursday),
        Weekday::Friday => text!(t, day.friday),
        Weekday::Saturday => text!(t, day.saturday),
        Weekday::Sunday => text!(t, day.sunday),
    }
}

fn month(t: Locale, day: Day) -> String {
    match day.month {
        1 => text!(t, day.january),
        2 => text!(t, day.february),
        3 => text!(t, day.march),
        4 => text!(t, day.april),
        5 => text!(t, day.may),
        6 => text!(t, day.june),
        7 => text!(t, day.july),
        8 => text!(t, day.august),
        9 => text!(t, day.september),
        10 => text!(t, day.october),
        11 => text!(t, day.november),
        _ => text!(t, day.december),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_MS: i64 = 86_400_000;
    /// Monday, 4 August 2025, 10:30 UTC.
    const NOW: Timestamp = Timestamp(1_754_303_400_000);

    fn heading(days_ago: i64) -> String {
        day_heading(
            Locale::en,
            &Zone::default(),
            NOW.plus_ms(-days_ago * DAY_MS),
            NOW,
        )
    }

    #[test]
    fn a_day_is_called_by_how_far_it_lies() {
        assert_eq!(heading(0), "Today");
        assert_eq!(heading(1), "Yesterday");
        assert_eq!(heading(2), "Saturday, 2 August");
        assert_eq!(heading(7), "28 July 2025");
    }

    #[test]
    fn what_is_to_come_is_told_by_how_far_it_lies() {
        let coming = |days: i64| {
            let at = NOW.plus_ms(days * DAY_MS);
            coming(Locale::en, &Zone::default(), at, NOW)
        };
        assert_eq!(coming(0), "at 10:30");
        assert_eq!(coming(1), "tomorrow at 10:30");
        assert_eq!(coming(3), "on Thursday at 10:30");
    }

    #[test]
    fn a_title_says_everything() {
        assert_eq!(
            full(Locale::de, &Zone::default(), NOW),
            "4. August 2025, 10:30"
        );
    }
}
