//! When the demo's accounts were made: those of the staff first, the crowd's at the start of the term, each student's some
//! days before they wrote.

use std::collections::HashMap;

use super::{
    calendar::{Calendar, Day},
    crowd::CROWD,
    people::{PEOPLE, Person},
    plan::Planned,
};
use crate::model::{Role, Timestamp};

/// The staff had accounts so many school days ago, more than any conversation is old.
const STAFF_DAYS: i64 = 65;
/// Those who never wrote came within the last so many school days.
const QUIET_DAYS: i64 = 40;
/// Before they wrote for the first time, students had been there for up to so many days.
const DAYS_BEFORE: i64 = 12;
/// Accounts are made in the morning, one every few minutes.
const FIRST_SECOND: i64 = 8 * 3600;
const SECONDS_APART: i64 = 7 * 60 + 13;
/// Of a crowd, so many before the afternoon.
const PER_DAY: i64 = 40;

/// When each account was made, by sign-in name.
pub(super) struct Arrivals(HashMap<&'static str, Timestamp>);

impl Arrivals {
    /// When that person's was.
    pub(super) fn of(&self, person: &Person) -> Timestamp {
        let at = self.0.get(person.username);
        at.copied().unwrap_or_default()
    }
}

/// Works them out from what is planned: always before one's first message.
pub(super) fn arrivals(calendar: &Calendar, planned: &[Planned]) -> Arrivals {
    let first_words = first_words(planned);
    let made = (0..).zip(&PEOPLE).map(|(nth, person): (i64, _)| {
        let day = match (person.role, first_words.get(person.username)) {
            (Role::Student, Some(at)) => calendar.day(*at) - 1 - nth * 5 % DAYS_BEFORE,
            (Role::Student, None) => calendar.school_day(1 + nth * 7 % QUIET_DAYS),
            _ => calendar.school_day(STAFF_DAYS + nth % 5),
        };
        (
            person.username,
            calendar.at(on_school_day(day), FIRST_SECOND + nth * SECONDS_APART),
        )
    });
    let crowd = (0..).zip(CROWD.iter()).map(|(nth, person): (i64, _)| {
        let day = on_school_day(calendar.school_day(STAFF_DAYS - 5 - nth % 5));
        let second = FIRST_SECOND + nth % PER_DAY * SECONDS_APART;
        (person.username, calendar.at(day, second))
    });
    Arrivals(made.chain(crowd).collect())
}

/// The same day, or the Friday before it.
fn on_school_day(day: Day) -> Day {
    day - (Calendar::weekday(day) - 4).max(0)
}

fn first_words(planned: &[Planned]) -> HashMap<&'static str, Timestamp> {
    let mut first = HashMap::new();
    for planned in planned {
        let at = first.entry(planned.sender).or_insert(planned.at);
        *at = planned.at.min(*at);
    }
    first
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{model::Zone, server::demo::plan::plan};

    #[test]
    fn accounts_are_made_over_weeks_and_before_their_people_write() {
        // Every seven hours of some days from Monday, 2 November 2026.
        for nth in 0..20 {
            let now = Timestamp(1_793_577_600_000 + nth * 7 * 3_600_000);
            let zone = Zone(vec![(0, 60)]);
            let calendar = Calendar { now, zone };
            let planned = plan(&calendar);
            let arrivals = arrivals(&calendar, &planned);
            for planned in &planned {
                let made = arrivals.0[planned.sender];
                assert!(made < planned.at, "{} at {made:?}", planned.sender);
            }
            let days: BTreeSet<Day> = PEOPLE
                .iter()
                .map(|person| calendar.day(arrivals.of(person)))
                .collect();
            assert!(days.len() >= 15, "{days:?}");
            assert!(days.last().unwrap() < &calendar.day(now), "not all today");
            assert!(
                days.iter().all(|day| Calendar::weekday(*day) < 5),
                "{days:?}"
            );
        }
    }
}
