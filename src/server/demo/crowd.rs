//! The demo's crowd: students of a lecture that everybody hears, so that there is a room of some size. They write nothing.

use std::sync::LazyLock;

use super::people::Person;
use crate::model::Role;

/// How many there are.
pub const CROWD_COUNT: usize = 260;

const FIRST: [&str; 20] = [
    "Alma", "Bram", "Chloé", "Davit", "Elif", "Farid", "Greta", "Hugo", "Imani", "Jonas", "Katya",
    "Leila", "Mateo", "Nadia", "Oskar", "Paula", "Quynh", "Rania", "Stefan", "Tomás",
];
const LAST: [&str; 13] = [
    "Abebe", "Bianchi", "Costa", "Dahl", "Eriksen", "Farouk", "Gruber", "Horvat", "Ito", "Jansen",
    "Kaya", "Lemaire", "Moreau",
];

/// All of them, in the order in which they are added, after everybody else.
pub(super) static CROWD: LazyLock<Vec<Person>> = LazyLock::new(|| {
    let names = LAST.iter().flat_map(|last| {
        let full = |first: &&'static str| (*first, format!("{first} {last}"));
        FIRST.iter().map(full).collect::<Vec<_>>()
    });
    let people = (1..).zip(names).take(CROWD_COUNT);
    people
        .map(|(nth, (called, name)): (usize, _)| Person {
            username: format!("student{nth:03}").leak(),
            name: name.leak(),
            called,
            role: Role::Student,
            speaks: "en",
            time_zone: "Europe/Lisbon",
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{model::account, server::demo::people::PEOPLE};

    #[test]
    fn everybody_in_it_is_somebody_else() {
        assert_eq!(CROWD.len(), CROWD_COUNT);
        let everybody = || PEOPLE.iter().chain(CROWD.iter());
        let usernames: BTreeSet<&str> = everybody().map(|person| person.username).collect();
        let names: BTreeSet<&str> = everybody().map(|person| person.name).collect();
        assert_eq!(usernames.len(), PEOPLE.len() + CROWD_COUNT);
        assert_eq!(names.len(), PEOPLE.len() + CROWD_COUNT);
        for person in CROWD.iter() {
            account::username(person.username).unwrap();
            account::name(person.name).unwrap();
        }
    }
}
