//! `quad demo`: a small school to try Quad out with.
//!
//! Everything goes through the use cases, never by SQL, so the demo is what people could have made themselves. Running
//! it again adds what is missing and nothing else: accounts are found by their sign-in names, messages by their keys.
//!
//! Owns: the demo's people and conversations ([`people`], `talks`). Must not know: SQL, the command line.

pub mod people;
mod plan;
mod report;
mod talks;
#[cfg(test)]
mod tests;

use secrecy::SecretString;

pub use self::report::Report;
use self::{
    people::{AGENT, PASSWORD, PEOPLE, Person},
    plan::Planned,
    talks::{Side, TALKS, Talk},
};
use super::service::{NewUser, Services, Viewer};
use crate::model::{Role, RoomId, Seq, SessionId, UserId, WireError, permission::Actor};

/// Why the demo was not made.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// The database is somebody's.
    #[error(
        "this database has accounts that are not the demo's; demo accounts have a password that everybody knows, so \
         nothing was added (--force adds them all the same)"
    )]
    NotADemo,
    /// A demo name belongs to an account of another role.
    #[error(
        "the sign-in name {0} belongs to an account with another role; the demo needs a database of its own"
    )]
    OtherRole(&'static str),
    /// A use case refused.
    #[error(transparent)]
    Refused(#[from] WireError),
}

/// A demo account as it is in the database.
struct Account {
    person: &'static Person,
    actor: Actor,
    is_new: bool,
}

/// A student's conversation as it is in the database.
struct Room {
    id: RoomId,
    student: Actor,
    /// The newest seq before the demo came.
    seq_before: Seq,
    /// The seqs of the demo's messages.
    seqs: Vec<Seq>,
}

/// A person of the demo, and the account of that sign-in name.
type Found = (&'static Person, Option<(UserId, Role)>);

/// Adds what is missing of the demo. With `force` also where there are other accounts.
///
/// Errors: [`DemoError::NotADemo`] without `force`, [`DemoError::OtherRole`]; nothing has been added then.
pub async fn fill(services: &Services, force: bool) -> Result<Report, DemoError> {
    let found = find(services).await?;
    if !force && !is_demo(&found, services.user_count().await?) {
        return Err(DemoError::NotADemo);
    }
    check_roles(&found)?;
    let mut accounts = Vec::new();
    for found in found {
        accounts.push(account(services, found).await?);
    }
    let mut rooms = Vec::new();
    for talk in &TALKS {
        rooms.push(room(services, actor(&accounts, talk.student)?).await?);
    }
    for planned in plan::plan(&TALKS, services.clock.now()) {
        bring_in(services, &accounts, &mut rooms, planned).await?;
    }
    for (room, talk) in rooms.iter().zip(&TALKS) {
        mark(services, &accounts, room, talk).await?;
    }
    Ok(Report {
        accounts: accounts
            .iter()
            .map(|account| (account.person, account.is_new))
            .collect(),
        new_messages: rooms.iter().map(Room::new_messages).sum(),
    })
}

async fn find(services: &Services) -> Result<Vec<Found>, WireError> {
    let mut found = Vec::new();
    for person in &PEOPLE {
        found.push((person, services.user_by_username(person.username).await?));
    }
    Ok(found)
}

/// Whether the database is empty, or holds the demo's accounts and no others: all of them, or the first ones, where an
/// earlier run was interrupted.
fn is_demo(found: &[Found], user_count: i64) -> bool {
    let is_there = |(_, account): &Found| account.is_some();
    let ours = found.iter().filter(|found| is_there(found)).count();
    found.iter().take(ours).all(is_there) && i64::try_from(ours) == Ok(user_count)
}

fn check_roles(found: &[Found]) -> Result<(), DemoError> {
    for (person, account) in found {
        if account.is_some_and(|(_, role)| role != person.role) {
            return Err(DemoError::OtherRole(person.username));
        }
    }
    Ok(())
}

async fn account(services: &Services, (person, found): Found) -> Result<Account, WireError> {
    let (id, is_new) = match found {
        Some((id, _)) => (id, false),
        None => (add(services, person).await?, true),
    };
    let role = person.role;
    let actor = Actor { id, role };
    Ok(Account {
        person,
        actor,
        is_new,
    })
}

async fn add(services: &Services, person: &Person) -> Result<UserId, WireError> {
    let new = NewUser {
        username: person.username.to_owned(),
        name: person.name.to_owned(),
        email: None,
        role: person.role,
        language: person.language.to_owned(),
        time_zone: person.time_zone.to_owned(),
        password: SecretString::from(PASSWORD),
    };
    services.add_user(new).await
}

/// The account of that sign-in name. Errors: `not_found` where the tables contradict each other.
fn actor(accounts: &[Account], username: &str) -> Result<Actor, WireError> {
    accounts
        .iter()
        .find(|account| account.person.username == username)
        .map(|account| account.actor)
        .ok_or(WireError::NotFound)
}

async fn room(services: &Services, student: Actor) -> Result<Room, WireError> {
    let id = services.open_support_room(student).await?;
    // Nobody is signed in here; reading a list needs no more than who reads.
    let viewer = Viewer {
        user_id: student.id,
        role: student.role,
        session_id: SessionId::default(),
        language: String::new(),
    };
    let seq_before = services
        .room_for(&viewer, id)
        .await?
        .map_or(Seq(0), |room| room.seq);
    Ok(Room {
        id,
        student,
        seq_before,
        seqs: Vec::new(),
    })
}

async fn bring_in(
    services: &Services,
    accounts: &[Account],
    rooms: &mut [Room],
    planned: Planned,
) -> Result<(), WireError> {
    let room = rooms.get_mut(planned.talk).ok_or(WireError::NotFound)?;
    let sender = match planned.line.side {
        Side::Student => room.student,
        Side::Agent => actor(accounts, AGENT)?,
    };
    let content = planned.line.text.to_owned();
    let message = services
        .import_message(sender, room.id, planned.client_id, content, planned.at)
        .await?;
    room.seqs.push(message.seq);
    Ok(())
}

/// Moves everybody's marks to where the table says; marks never go back, so a second run changes nothing.
async fn mark(
    services: &Services,
    accounts: &[Account],
    room: &Room,
    talk: &Talk,
) -> Result<(), WireError> {
    services
        .mark_read(room.student, room.id, room.seq_but(talk.unread_by_student))
        .await?;
    for staff in accounts
        .iter()
        .filter(|account| account.actor.role.is_staff())
    {
        services
            .mark_read(staff.actor, room.id, room.seq_but(talk.unread_by_desk))
            .await?;
    }
    Ok(())
}

impl Room {
    /// The seq of the demo's newest message but so many.
    fn seq_but(&self, unread: usize) -> Seq {
        self.seqs
            .iter()
            .rev()
            .nth(unread)
            .copied()
            .unwrap_or_default()
    }

    fn new_messages(&self) -> usize {
        self.seqs
            .iter()
            .filter(|seq| **seq > self.seq_before)
            .count()
    }
}
