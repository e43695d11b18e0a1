//! The desks of the school: what each is called, who answers there and when. A setting, read once at start; who answers
//! where is judged by it alone ([`permission::serves`](super::permission::serves)), on both targets.

use serde::{Deserialize, Serialize};

use super::{Desk, Hours, Role, account::folded};

/// A desk, as the settings describe it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeskCard {
    /// Its name in addresses and rows.
    pub desk: Desk,
    /// What people call it; empty: the interface's own word for support.
    pub title: String,
    /// Who answers, for people to read; empty: told by the roles.
    pub who: String,
    /// Whose role answers here, beside those who run the school's Quad.
    pub roles: Vec<Role>,
    /// Who else answers: sign-in names, folded.
    pub people: Vec<String>,
    /// When they answer.
    pub hours: Hours,
}

impl DeskCard {
    /// The desk that every school has, where the settings do not say otherwise.
    pub fn default_desk() -> Self {
        Self {
            desk: Desk::default_desk(),
            title: String::new(),
            who: String::new(),
            roles: vec![Role::Agent],
            people: Vec::new(),
            hours: Hours::default(),
        }
    }
}

/// Every desk; the default one stands first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Desks(Vec<DeskCard>);

impl Default for Desks {
    fn default() -> Self {
        Self::new(Vec::new())
    }
}

impl Desks {
    /// These, and the default one where it is not among them.
    pub fn new(mut cards: Vec<DeskCard>) -> Self {
        let default = Desk::default_desk();
        let first = match cards.iter().position(|card| card.desk == default) {
            Some(at) => cards.remove(at),
            None => DeskCard::default_desk(),
        };
        cards.insert(0, first);
        Self(cards)
    }

    /// All of them.
    pub fn all(&self) -> &[DeskCard] {
        &self.0
    }

    /// The one of that name.
    pub fn get(&self, desk: &Desk) -> Option<&DeskCard> {
        self.0.iter().find(|card| card.desk == *desk)
    }

    /// As somebody is told of them: of the sign-in names only their own.
    pub fn told_to(&self, username: &str) -> Self {
        let own = folded(username);
        let mut cards = self.0.clone();
        for card in &mut cards {
            card.people.retain(|name| *name == own);
        }
        Self(cards)
    }
}

/// Somebody, as a desk's settings name people: by role or by sign-in name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named<'a> {
    /// The role in the school.
    pub role: Role,
    /// The sign-in name.
    pub username: &'a str,
}

impl Named<'_> {
    /// Whether the card names them.
    pub fn is_on(self, card: &DeskCard) -> bool {
        // Whoever runs Quad reads everything anyway: better seen than pretended away.
        self.role == Role::Admin
            || card.roles.contains(&self.role)
            || (!card.people.is_empty() && card.people.contains(&folded(self.username)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faculty() -> DeskCard {
        DeskCard {
            desk: Desk("faculty".into()),
            people: vec!["ms.hill".into(), "tom".into()],
            ..DeskCard::default_desk()
        }
    }

    #[test]
    fn the_default_desk_is_there_and_first() {
        let desks = Desks::new(vec![faculty()]);
        let names: Vec<_> = desks
            .all()
            .iter()
            .map(|card| card.desk.0.as_str())
            .collect();
        assert_eq!(names, ["admin", "faculty"]);
        let own = DeskCard {
            title: "Office".into(),
            ..DeskCard::default_desk()
        };
        let desks = Desks::new(vec![faculty(), own]);
        assert_eq!(desks.all().len(), 2);
        assert_eq!(desks.all()[0].title, "Office");
    }

    #[test]
    fn nobody_is_told_the_sign_in_names_of_others() {
        let desks = Desks::new(vec![faculty()]);
        let told = desks.told_to("Tom");
        assert_eq!(told.all()[1].people, ["tom"]);
        assert!(desks.told_to("ana").all()[1].people.is_empty());
    }
}
