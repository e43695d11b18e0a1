//! The demo's accounts: a small school whose students are at home all over the world.

use crate::model::Role;

/// The password of every demo account. Everybody knows it.
pub const PASSWORD: &str = "quad-demo-1";

/// The sign-in names of those who answer, but for the admin.
pub(super) const AGENTS: [&str; 2] = ["agent", "samir"];

/// An account of the demo.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) username: &'static str,
    pub(super) name: &'static str,
    /// What others call them, in Latin letters.
    pub(super) called: &'static str,
    pub(super) role: Role,
    /// The language that they like best to be answered in.
    pub(super) speaks: &'static str,
    pub(super) time_zone: &'static str,
}

impl Person {
    /// The interface's language: their own, where it is there in it.
    pub(super) fn language(&self) -> &'static str {
        match self.speaks {
            "ar" | "de" => self.speaks,
            _ => "en",
        }
    }

    pub(super) fn email(&self) -> String {
        let domain = match self.role {
            Role::Student => "students.example",
            _ => "school.example",
        };
        format!("{}@{domain}", self.username)
    }

    /// What they are called in their own language.
    pub(super) fn called_at_home(&self) -> &'static str {
        match self.speaks {
            "ar" | "hi" | "ja" => self.name.split(' ').next().unwrap_or(self.name),
            "zh" => self.name,
            _ => self.called,
        }
    }
}

const fn student(
    username: &'static str,
    name: &'static str,
    called: &'static str,
    speaks: &'static str,
    time_zone: &'static str,
) -> Person {
    Person {
        username,
        name,
        called,
        role: Role::Student,
        speaks,
        time_zone,
    }
}

const fn staff(
    username: &'static str,
    name: &'static str,
    called: &'static str,
    role: Role,
    time_zone: &'static str,
) -> Person {
    Person {
        role,
        ..student(username, name, called, "en", time_zone)
    }
}

/// Everybody, in the order in which they are added. The admin comes last: where `admin` is there alone, somebody made
/// it by hand, and the database is not the demo's.
pub(super) const PEOPLE: [Person; 46] = [
    student("ana", "Ana Petrović", "Ana", "en", "Europe/Belgrade"),
    student("kofi", "Kofi Mensah", "Kofi", "en", "Africa/Accra"),
    student("mei", "Mei Tanaka", "Mei", "en", "Asia/Tokyo"),
    student("hannah", "Hannah Brückner", "Hannah", "de", "Europe/Berlin"),
    student("yusuf", "يوسف الخطيب", "Yusuf", "ar", "Asia/Amman"),
    student(
        "lucia",
        "Lucía Fernández Ortega",
        "Lucía",
        "es",
        "Europe/Madrid",
    ),
    student("yuma", "佐藤 悠真", "Yuma", "ja", "Asia/Tokyo"),
    student("aminata", "Aminata Diallo", "Aminata", "fr", "Africa/Dakar"),
    student("zihan", "王梓涵", "Zihan", "zh", "Asia/Shanghai"),
    student("olena", "Олена Коваль", "Olena", "uk", "Europe/Kyiv"),
    student("arjun", "अर्जुन शर्मा", "Arjun", "hi", "Asia/Kolkata"),
    student("zeynep", "Zeynep Yılmaz", "Zeynep", "tr", "Europe/Istanbul"),
    student(
        "beatriz",
        "Beatriz Carvalho",
        "Beatriz",
        "pt",
        "Europe/Lisbon",
    ),
    student(
        "diego",
        "Diego Quispe Mamani",
        "Diego",
        "es",
        "America/Lima",
    ),
    student("lukas", "Lukas Steiner", "Lukas", "de", "Europe/Vienna"),
    student("minjun", "김민준", "Minjun", "en", "Asia/Seoul"),
    student(
        "nikos",
        "Νίκος Παπαδόπουλος",
        "Nikos",
        "en",
        "Europe/Athens",
    ),
    student("linh", "Nguyễn Thùy Linh", "Linh", "en", "Asia/Ho_Chi_Minh"),
    student("ploy", "พลอย ศรีสุข", "Ploy", "en", "Asia/Bangkok"),
    student("amina", "Амина Садыкова", "Amina", "en", "Asia/Almaty"),
    student("noa", "נועה לוי", "Noa", "en", "Asia/Jerusalem"),
    student("tamar", "თამარ ბერიძე", "Tamar", "en", "Asia/Tbilisi"),
    student("camille", "Camille Dubois", "Camille", "fr", "Europe/Paris"),
    student("thabo", "Thabo Nkosi", "Thabo", "en", "Africa/Johannesburg"),
    student(
        "sigrun",
        "Sigrún Jónsdóttir",
        "Sigrún",
        "en",
        "Atlantic/Reykjavik",
    ),
    student("eszter", "Szabó Eszter", "Eszter", "en", "Europe/Budapest"),
    student("keoni", "Keoni Kahale", "Keoni", "en", "Pacific/Honolulu"),
    student(
        "wanjiru",
        "Wanjiru Kamau",
        "Wanjiru",
        "en",
        "Africa/Nairobi",
    ),
    student("zofia", "Zofia Wiśniewska", "Zofia", "en", "Europe/Warsaw"),
    student("liam", "Liam O’Connor", "Liam", "en", "Europe/Dublin"),
    student("fatemeh", "فاطمه رضایی", "Fatemeh", "en", "Asia/Tehran"),
    student("ani", "Անի Հակոբյան", "Ani", "en", "Asia/Yerevan"),
    student(
        "joao",
        "João Vitor Nascimento",
        "João",
        "en",
        "America/Sao_Paulo",
    ),
    student("priya", "Priya Raghunathan", "Priya", "en", "Asia/Kolkata"),
    student("marek", "Marek Dvořák", "Marek", "en", "Europe/Prague"),
    student("aino", "Aino Virtanen", "Aino", "en", "Europe/Helsinki"),
    student("chioma", "Chioma Eze", "Chioma", "en", "Africa/Lagos"),
    student("reto", "Reto Zürcher", "Reto", "de", "Europe/Zurich"),
    student("emre", "Emre Şahin", "Emre", "tr", "Europe/Istanbul"),
    student(
        "valentina",
        "Valentina Rojas",
        "Valentina",
        "es",
        "America/Bogota",
    ),
    staff(
        "teacher",
        "Daniel Okafor",
        "Daniel",
        Role::Teacher,
        "Africa/Lagos",
    ),
    staff(
        "ingrid",
        "Ingrid Sørensen",
        "Ingrid",
        Role::Teacher,
        "Europe/Oslo",
    ),
    staff(
        "rafael",
        "Rafael Quintero",
        "Rafael",
        Role::Teacher,
        "America/Mexico_City",
    ),
    staff(
        "agent",
        "Nora Lindqvist",
        "Nora",
        Role::Agent,
        "Europe/Stockholm",
    ),
    staff("samir", "Samir Haddad", "Samir", Role::Agent, "Asia/Beirut"),
    staff(
        "admin",
        "Rosa Almeida",
        "Rosa",
        Role::Admin,
        "Europe/Lisbon",
    ),
];

/// The person of that sign-in name.
pub(super) fn named(username: &str) -> Option<&'static Person> {
    PEOPLE.iter().find(|person| person.username == username)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use jiff::tz::TimeZone;

    use super::*;
    use crate::{model::account, server::demo::scripts};

    #[test]
    fn it_is_a_small_school() {
        let count = |role| PEOPLE.iter().filter(|person| person.role == role).count();
        let roles = [Role::Admin, Role::Agent, Role::Teacher, Role::Student];
        assert_eq!(roles.map(count), [1, 2, 3, 40]);
        assert_eq!(PEOPLE.last().map(|person| person.role), Some(Role::Admin));
        for username in AGENTS {
            assert_eq!(named(username).map(|person| person.role), Some(Role::Agent));
        }
    }

    #[test]
    fn everybody_could_have_been_made_by_hand() {
        let names: BTreeSet<&str> = PEOPLE.iter().map(|person| person.username).collect();
        assert_eq!(names.len(), PEOPLE.len());
        for person in &PEOPLE {
            account::username(person.username).unwrap();
            account::name(person.name).unwrap();
            account::email(&person.email()).unwrap();
            TimeZone::get(person.time_zone).unwrap();
            assert!(
                !scripts::in_language(person.speaks).is_empty(),
                "{person:?}"
            );
        }
    }
}
