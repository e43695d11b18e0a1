//! From a time zone's name to its offsets, for the reader's clock.

use jiff::{
    Timestamp as Instant, ToSpan,
    tz::{Offset, TimeZone},
};

use super::Services;
use crate::model::{Timestamp, Zone};

/// Years of offsets before and after the present: older messages show the offset of the first entry.
const YEARS_BACK: i64 = 10;
const YEARS_AHEAD: i64 = 1;

impl Services {
    /// The school's time zone, as offsets.
    pub fn school_zone(&self) -> Zone {
        zone(&self.settings.school.time_zone, self.clock.now())
    }
}

/// The offsets of the zone of that IANA name around `now`; UTC for a name that is not known.
pub(super) fn zone(name: &str, now: Timestamp) -> Zone {
    let Ok(zone) = TimeZone::get(name) else {
        return Zone::default();
    };
    let now = Instant::from_millisecond(now.0).unwrap_or_default();
    let days = |years: i64| (years * 366 * 24).hours();
    let (Ok(from), Ok(to)) = (
        now.checked_sub(days(YEARS_BACK)),
        now.checked_add(days(YEARS_AHEAD)),
    ) else {
        return Zone::default();
    };
    // From 0: the same for every snapshot, whenever it is taken; before its first entry a zone keeps that anyway.
    let mut offsets = vec![(0, minutes(zone.to_offset(from)))];
    for transition in zone
        .following(from)
        .take_while(|transition| transition.timestamp() < to)
    {
        offsets.push((
            transition.timestamp().as_millisecond(),
            minutes(transition.offset()),
        ));
    }
    offsets.dedup_by_key(|(_, offset_min)| *offset_min);
    Zone(offsets)
}

fn minutes(offset: Offset) -> i32 {
    offset.seconds() / 60
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON_UTC_4_AUGUST_2025: Timestamp = Timestamp(1_754_308_800_000);

    #[test]
    fn summer_and_winter_have_their_offsets() {
        let berlin = zone("Europe/Berlin", NOON_UTC_4_AUGUST_2025);
        assert_eq!(berlin.clock(NOON_UTC_4_AUGUST_2025), "14:00");
        assert_eq!(
            berlin.clock(NOON_UTC_4_AUGUST_2025.plus_ms(-180 * 86_400_000)),
            "13:00"
        );
        assert_eq!(
            zone("Asia/Kathmandu", NOON_UTC_4_AUGUST_2025).clock(NOON_UTC_4_AUGUST_2025),
            "17:45"
        );
    }

    #[test]
    fn an_unknown_zone_is_utc() {
        assert_eq!(
            zone("Mars/Olympus", NOON_UTC_4_AUGUST_2025).clock(NOON_UTC_4_AUGUST_2025),
            "12:00"
        );
    }
}
