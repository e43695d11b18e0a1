//! A desk's hours as one writes them: `Mon-Thu 8:00-12:00 13:00-16:00, Fri 8:00-12:00`.

use crate::model::{
    Hours,
    hours::{DAY, Span},
};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Groups with commas between: a day or days from one to another, then from when till when, once or oftener.
pub(super) fn hours(text: &str) -> Result<Hours, String> {
    let groups = super::parse::list(text, group)?;
    Ok(Hours::new(groups.into_iter().flatten().collect()))
}

fn group(text: &str) -> Result<Vec<Span>, String> {
    let (days, times) = text.split_once(' ').unwrap_or((text, ""));
    let days = days_of(days)?;
    let times = times.split_whitespace().map(times_of);
    let times = times.collect::<Result<Vec<_>, _>>()?;
    if times.is_empty() {
        return Err(format!("{text:?} says no time, such as Mon-Fri 8:00-16:00"));
    }
    let spans = days.iter().flat_map(|day| {
        let starts = day * DAY;
        let on_day = move |(from, to): &(u16, u16)| Span {
            from: starts + from,
            to: starts + to,
        };
        times.iter().map(on_day)
    });
    Ok(spans.collect())
}

/// The numbers of the days from one to another, over the end of the week where they stand so.
fn days_of(text: &str) -> Result<Vec<u16>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (day(first)?, day(last)?);
    let count = (last + 7 - first) % 7;
    Ok((0..=count).map(|after| (first + after) % 7).collect())
}

fn day(word: &str) -> Result<u16, String> {
    let word = word.trim().to_lowercase();
    let at = DAYS.iter().position(|day| *day == word);
    at.and_then(|at| u16::try_from(at).ok())
        .ok_or_else(|| format!("{word:?} is not a day: Mon, Tue, Wed, Thu, Fri, Sat or Sun"))
}

fn times_of(text: &str) -> Result<(u16, u16), String> {
    let times = text
        .split_once('-')
        .and_then(|(from, to)| Some((clock(from)?, clock(to)?)));
    let (from, to) =
        times.ok_or_else(|| format!("{text:?} is not from when till when, such as 8:00-16:00"))?;
    if from >= to {
        return Err(format!(
            "{text:?} ends before it begins: give each day its own hours"
        ));
    }
    Ok((from, to))
}

fn clock(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let is_pair = minute.len() == 2 && (1..=2).contains(&hour.len());
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let at = hour.checked_mul(60)?.checked_add(minute)?;
    (is_pair && minute < 60 && at <= DAY).then_some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spans(text: &str) -> Vec<(u16, u16, u16)> {
        let hours = hours(text).unwrap();
        let spans = hours.spans().iter();
        spans
            .map(|span| {
                (
                    span.from / DAY,
                    span.from % DAY / 60,
                    (span.to - span.from) / 60,
                )
            })
            .collect()
    }

    #[test]
    fn days_and_times_are_read() {
        assert_eq!(spans(""), []);
        assert_eq!(spans("Sat 9:00-12:00"), [(5, 9, 3)]);
        assert_eq!(
            spans("mon-tue 8:00-12:00 13:00-16:00"),
            [(0, 8, 4), (0, 13, 3), (1, 8, 4), (1, 13, 3)]
        );
        assert_eq!(
            spans("Mon 8:00-9:00, Sun-Mon 20:00-24:00"),
            [(0, 8, 1), (0, 20, 4), (6, 20, 4)]
        );
    }

    #[test]
    fn what_makes_no_sense_is_told() {
        for (wrong, part) in [
            ("Mon", "says no time"),
            ("Someday 8:00-9:00", "is not a day"),
            ("Mon 8-16", "from when till when"),
            ("Mon 8:60-9:00", "from when till when"),
            ("Mon 23:00-24:01", "from when till when"),
            ("Mon 16:00-8:00", "ends before it begins"),
        ] {
            let told = hours(wrong).unwrap_err();
            assert!(told.contains(part), "{wrong}: {told}");
        }
    }
}
