//! The demo's accounts.

use crate::model::Role;

/// The password of every demo account. Everybody knows it.
pub const PASSWORD: &str = "quad-demo-1";

/// The sign-in name of the agent who answers.
pub(super) const AGENT: &str = "agent";

/// An account of the demo.
pub(super) struct Person {
    pub(super) username: &'static str,
    pub(super) name: &'static str,
    pub(super) role: Role,
    pub(super) language: &'static str,
    pub(super) time_zone: &'static str,
}

const fn person(
    username: &'static str,
    name: &'static str,
    role: Role,
    time_zone: &'static str,
) -> Person {
    Person {
        username,
        name,
        role,
        language: "en",
        time_zone,
    }
}

/// Everybody, in the order in which they are added. The admin comes last: where `admin` is there alone, somebody made
/// it by hand, and the database is not the demo's.
pub(super) const PEOPLE: [Person; 6] = [
    person("ana", "Ana Petrović", Role::Student, "Europe/Belgrade"),
    person("kofi", "Kofi Mensah", Role::Student, "Africa/Accra"),
    person("mei", "Mei Tanaka", Role::Student, "Asia/Tokyo"),
    person("teacher", "Daniel Okafor", Role::Teacher, "Africa/Lagos"),
    person(AGENT, "Nora Lindqvist", Role::Agent, "Europe/Stockholm"),
    person("admin", "Rosa Almeida", Role::Admin, "Europe/Lisbon"),
];
