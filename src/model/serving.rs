//! Who answers at which desk, and who asks there: a part of the permission table.

use super::{Desk, Desks, Named};

/// Whether somebody answers at that desk. Nobody does where the settings know no such desk.
pub fn serves(desks: &Desks, who: Named<'_>, desk: &Desk) -> bool {
    desks.get(desk).is_some_and(|card| who.is_on(card))
}

/// The desks that somebody answers.
pub fn desks_of(desks: &Desks, who: Named<'_>) -> Vec<Desk> {
    let answered = desks.all().iter().filter(|card| who.is_on(card));
    answered.map(|card| card.desk.clone()).collect()
}

/// Whether somebody has a conversation of their own with that desk: all but those whose role it is to answer, and those
/// who answer there.
pub fn has_own_support_room(desks: &Desks, who: Named<'_>, desk: &Desk) -> bool {
    let card = desks.get(desk);
    card.is_some_and(|card| !who.role.is_staff() && !who.is_on(card))
}

/// The desks with which somebody has a conversation of their own.
pub fn own_desks(desks: &Desks, who: Named<'_>) -> Vec<Desk> {
    let all = desks.all().iter().map(|card| &card.desk);
    all.filter(|desk| has_own_support_room(desks, who, desk))
        .cloned()
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{DeskCard, Role};

    fn named(role: Role, username: &str) -> Named<'_> {
        Named { role, username }
    }

    /// The default desk, and one for teachers and a student who helps them.
    fn desks() -> Desks {
        Desks::new(vec![DeskCard {
            desk: faculty(),
            roles: vec![Role::Teacher],
            people: vec!["helper".into()],
            ..DeskCard::default_desk()
        }])
    }

    fn faculty() -> Desk {
        Desk("faculty".into())
    }

    #[test]
    fn people_answer_by_role_or_by_name_and_admins_everywhere() {
        let (desks, admin) = (desks(), Desk::default_desk());
        for (role, name, answered) in [
            (Role::Student, "ana", vec![]),
            (Role::Student, "Helper", vec![faculty()]),
            (Role::Teacher, "tom", vec![faculty()]),
            (Role::Agent, "nora", vec![admin.clone()]),
            (Role::Admin, "root", vec![admin.clone(), faculty()]),
        ] {
            let who = named(role, name);
            assert_eq!(desks_of(&desks, who), answered, "{name}");
            for desk in [admin.clone(), faculty(), Desk("nowhere".into())] {
                assert_eq!(serves(&desks, who, &desk), answered.contains(&desk));
            }
        }
    }

    #[test]
    fn who_answers_at_a_desk_is_no_person_of_it() {
        let (desks, admin) = (desks(), Desk::default_desk());
        for (role, name, own) in [
            (Role::Student, "ana", vec![admin.clone(), faculty()]),
            (Role::Student, "helper", vec![admin.clone()]),
            (Role::Teacher, "tom", vec![admin.clone()]),
            (Role::Agent, "nora", vec![]),
            (Role::Admin, "root", vec![]),
        ] {
            let who = named(role, name);
            assert_eq!(own_desks(&desks, who), own, "{name}");
            assert!(!has_own_support_room(&desks, who, &Desk("nowhere".into())));
        }
    }
}
