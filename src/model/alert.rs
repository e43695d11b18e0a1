//! What the school tells everybody at once, until it ends or they have put it away.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::{AlertId, Timestamp, WireError};

/// Longest text, in characters.
pub const ALERT_CHARS: usize = 1000;

/// So many stand at once.
pub const ALERTS_MOST: usize = 20;

/// Something that everybody is told.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(sqlx::FromRow))]
pub struct Alert {
    /// Its number.
    pub id: AlertId,
    /// What is told.
    #[serde(rename = "text")]
    pub content: String,
    /// Since when.
    pub created_at: Timestamp,
    /// When it ends by itself; none: when somebody ends it.
    pub until: Option<Timestamp>,
}

impl Alert {
    /// Whether it has ended by itself.
    pub fn is_over(&self, now: Timestamp) -> bool {
        self.until.is_some_and(|until| until <= now)
    }
}

/// The alerts that stand, and those of them that somebody has put away.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alerts {
    /// Oldest first.
    pub current: Vec<Alert>,
    /// Put away.
    pub dismissed: BTreeSet<AlertId>,
}

impl Alerts {
    /// These stand now.
    pub fn replace(&mut self, current: &[Alert]) {
        self.current = current.to_vec();
        self.dismissed
            .retain(|id| current.iter().any(|alert| alert.id == *id));
    }

    /// What is to be shown.
    pub fn shown(&self, now: Timestamp) -> Vec<Alert> {
        let shown = self.current.iter();
        shown
            .filter(|alert| !alert.is_over(now) && !self.dismissed.contains(&alert.id))
            .cloned()
            .collect()
    }
}

/// The text as it is told. Errors: `invalid` on `text`, and on `until` for what has passed.
pub fn checked(text: &str, until: Option<Timestamp>, now: Timestamp) -> Result<String, WireError> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > ALERT_CHARS {
        let problem = format!("1 to {ALERT_CHARS} characters.");
        return Err(WireError::field("text", problem));
    }
    if until.is_some_and(|until| until <= now) {
        return Err(WireError::field("until", "This has passed."));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alert(id: i64, until: Option<i64>) -> Alert {
        Alert {
            id: AlertId(id),
            content: "Closed".into(),
            created_at: Timestamp(0),
            until: until.map(Timestamp),
        }
    }

    #[test]
    fn what_is_over_or_put_away_is_not_shown() {
        let mut alerts = Alerts {
            current: vec![alert(1, None), alert(2, Some(50)), alert(3, Some(51))],
            dismissed: BTreeSet::from([AlertId(1)]),
        };
        let ids = |alerts: &Alerts| {
            let shown = alerts.shown(Timestamp(50));
            shown.iter().map(|alert| alert.id.0).collect::<Vec<_>>()
        };
        assert_eq!(ids(&alerts), [3]);
        alerts.replace(&[alert(4, None)]);
        assert_eq!(ids(&alerts), [4]);
        assert!(alerts.dismissed.is_empty(), "what is gone is forgotten");
    }

    #[test]
    fn a_text_has_a_length_and_an_end_lies_ahead() {
        let now = Timestamp(50);
        assert_eq!(checked("  Snow \n", None, now).unwrap(), "Snow");
        assert!(checked("Snow", Some(Timestamp(51)), now).is_ok());
        assert!(checked(&"ü".repeat(ALERT_CHARS), None, now).is_ok());
        for (text, until) in [
            (" \n", None),
            (&*"x".repeat(ALERT_CHARS + 1), None),
            ("Snow", Some(now)),
        ] {
            assert!(checked(text, until, now).is_err());
        }
    }
}
