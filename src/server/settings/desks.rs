//! The desks' tables in the settings file: `[quad.desks.NAME]`, any number of them, each with the same few keys.

use std::fmt::Display;

use toml::{Table, Value};

use super::{hours::hours, parse, suggest};
use crate::model::{Desk, DeskCard, Desks, Role, account, room::DESK_CHARS};

/// The table below `[quad]` in which they stand.
pub(super) const DESKS: &str = "desks";

const KEYS: [&str; 5] = ["title", "who", "roles", "people", "hours"];
/// A list of them must stay one that people choose from.
const MOST: usize = 20;
const TITLE_CHARS: usize = 60;
const WHO_CHARS: usize = 200;

/// Name → what is wrong with it.
type Problems = Vec<(String, String)>;

/// Reads the tables; notes everything that is wrong in `problems`.
pub(super) fn read(tables: &Table, problems: &mut Problems) -> Desks {
    if tables.len() > MOST {
        problems.push((DESKS.to_owned(), format!("must be at most {MOST}")));
    }
    let cards = tables.iter().map(|(name, value)| {
        let mut reader = Reader { name, problems };
        match value {
            Value::Table(table) => Some(reader.card(table)),
            _ => {
                reader.refuse("", "must be a table such as [quad.desks.faculty]");
                None
            }
        }
    });
    Desks::new(cards.collect::<Vec<_>>().into_iter().flatten().collect())
}

/// What `quad settings check` shows of one.
pub(super) fn shown(card: &DeskCard) -> String {
    let roles = card.roles.iter().map(|role| role.as_str().to_owned());
    let answers: Vec<String> = roles.chain(card.people.iter().cloned()).collect();
    format!("{:?}, answered by {}", card.title, answers.join(", "))
}

/// Reads one desk's table.
struct Reader<'a> {
    name: &'a str,
    problems: &'a mut Problems,
}

impl Reader<'_> {
    fn card(&mut self, table: &Table) -> DeskCard {
        let desk = Desk(self.name.to_owned());
        if !desk.is_name() {
            let problem = format!(
                "a desk's name has 1 to {DESK_CHARS} of the characters a to z, 0 to 9, - and _"
            );
            self.refuse("", problem);
        }
        for key in table.keys().filter(|key| !KEYS.contains(&key.as_str())) {
            let hint = suggest::hint(key, KEYS.into_iter());
            self.refuse(key, format!("there is no such setting{hint}"));
        }
        let is_default = desk == Desk::default_desk();
        let title = self.line(table, "title", TITLE_CHARS);
        if title.is_empty() && !is_default {
            self.refuse("title", "must say what people call this desk");
        }
        let who = self.line(table, "who", WHO_CHARS);
        let mut roles = self.each(table, "roles", role);
        let people = self.each(table, "people", person);
        if !table.contains_key("roles") && people.is_empty() {
            roles.push(Role::Agent);
        }
        DeskCard {
            desk,
            title,
            who,
            roles,
            people,
            hours: self.value(table, "hours", hours),
        }
    }

    fn line(&mut self, table: &Table, key: &str, most: usize) -> String {
        self.value(table, key, |text| parse::line(text, most))
    }

    fn value<T: Default, E: Display>(
        &mut self,
        table: &Table,
        key: &str,
        read: impl Fn(&str) -> Result<T, E>,
    ) -> T {
        let Some(text) = self.text(table, key) else {
            return T::default();
        };
        match read(text.trim()) {
            Ok(value) => value,
            Err(problem) => {
                self.refuse(key, problem);
                T::default()
            }
        }
    }

    fn each<T>(
        &mut self,
        table: &Table,
        key: &str,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Vec<T> {
        self.value(table, key, |text| parse::list(text, &read))
    }

    /// The value as one would write it in a variable.
    fn text(&mut self, table: &Table, key: &str) -> Option<String> {
        let text = super::file::plain(table.get(key)?);
        if text.is_none() {
            self.refuse(key, "must be text or a list of texts");
        }
        text
    }

    fn refuse(&mut self, key: &str, problem: impl Display) {
        let name = format!("{DESKS}.{}.{key}", self.name);
        let name = name.trim_end_matches('.').to_owned();
        self.problems.push((name, problem.to_string()));
    }
}

fn role(text: &str) -> Result<Role, String> {
    match Role::from_word(text) {
        Some(Role::Student) => Err("students ask here: name those who answer in people".to_owned()),
        Some(role) => Ok(role),
        None => {
            let hint = suggest::hint(text, ["teacher", "agent", "admin"].into_iter());
            Err(format!("{text:?} is not a role{hint}"))
        }
    }
}

fn person(text: &str) -> Result<String, String> {
    let name = account::username(text).map_err(|problem| problem.sentence())?;
    Ok(account::folded(&name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn desks(file: &str) -> (Desks, Problems) {
        let mut problems = Vec::new();
        let tables = file.parse::<Table>().unwrap();
        (read(&tables, &mut problems), problems)
    }

    #[test]
    fn without_tables_there_is_the_default_desk() {
        let (found, problems) = desks("");
        assert_eq!((found, problems), (Desks::default(), Vec::new()));
    }

    #[test]
    fn a_table_says_everything_of_a_desk() {
        let (found, problems) = desks(
            "[faculty]
             title = \" Teachers' office \"
             who = 'Ms Hill and Mr Stone'
             roles = ['teacher', 'agent']
             people = ['Ms.Hill']
             hours = ['Mon-Thu 8:00-16:00', 'Fri 8:00-12:00']
             [admin]
             title = 'Office'
             [principal]
             title = 'Principal'
             people = 'head'",
        );
        assert_eq!(problems, []);
        let [admin, faculty, principal] = found.all() else {
            panic!("{found:?}")
        };
        assert_eq!(
            (admin.title.as_str(), &admin.roles),
            ("Office", &vec![Role::Agent])
        );
        assert_eq!(faculty.title, "Teachers' office");
        assert_eq!(faculty.who, "Ms Hill and Mr Stone");
        assert_eq!(faculty.roles, [Role::Teacher, Role::Agent]);
        assert_eq!(faculty.people, ["ms.hill"]);
        assert_eq!(faculty.hours.spans().len(), 5);
        assert_eq!(
            (principal.roles.as_slice(), &principal.people[..]),
            (&[][..], &["head".to_owned()][..])
        );
    }

    #[test]
    fn every_mistake_is_told() {
        let (_, problems) = desks(
            "flat = 1
             [Faculty]
             titel = 'x'
             [office]
             title = 7
             who = \"a\\nb\"
             roles = ['teachers', 'student']
             people = ['two words']
             hours = 'Mon-Fri 8-16'
             [other]
             title = 1979-05-27",
        );
        let told: Vec<String> = problems
            .into_iter()
            .map(|(name, problem)| format!("{name}: {problem}"))
            .collect();
        let told = told.join("\n");
        for part in [
            "desks.flat: must be a table",
            "desks.Faculty: a desk's name",
            "desks.Faculty.titel: there is no such setting; did you mean title?",
            "desks.Faculty.title: must say",
            "desks.office.who: must be one line",
            "did you mean teacher?",
            "students ask here",
            "desks.office.people: A username",
            "desks.office.hours",
            "desks.other.title: must be text",
        ] {
            assert!(told.contains(part), "{part} is missing in\n{told}");
        }
    }
}
