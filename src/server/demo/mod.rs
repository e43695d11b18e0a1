//! `quad demo`: a small school to try Quad out with.
//!
//! Everything goes through the use cases, never by SQL, so the demo is what people could have made themselves. Running
//! it again adds what is missing and nothing else: accounts are found by their sign-in names, messages by their keys,
//! and where a conversation stands is said right before its last message, if that is not there yet.
//!
//! - [`people`] and [`crowd`]: the accounts. `lessons`: the courses, as a table; `classes` brings them in. `talks`: the conversations, as a table. `texts/`, read by `scripts`: what is said.
//! - `arrivals`: when the accounts were made. `compose`: from the table to lines, by `dice` and `slots`. `plan`: from lines
//!   to dated messages, by `calendar`.
//! - `school`: bringing it all into the database. `report`: what came of it.
//!
//! Must not know: SQL, the command line.

mod arrivals;
mod calendar;
mod classes;
mod compose;
pub mod crowd;
mod dice;
mod lessons;
pub mod people;
mod plan;
mod report;
mod school;
mod scripts;
mod slots;
mod talks;
#[cfg(test)]
mod tests;

pub use self::report::Report;
use self::{
    calendar::Calendar,
    crowd::CROWD,
    people::{PEOPLE, Person},
    school::School,
};
use super::service::Services;
use crate::model::{Role, UserId, WireError};

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

/// A person of the demo, and the account of that sign-in name.
type Found = (&'static Person, Option<(UserId, Role)>);

/// Adds what is missing of the demo. With `force` also where there are other accounts.
///
/// Errors: [`DemoError::NotADemo`] without `force`, [`DemoError::OtherRole`]; nothing has been added then.
pub async fn fill(services: &Services, force: bool) -> Result<Report, DemoError> {
    // Counted first: what an interrupted run still adds meanwhile is found, and is not somebody's.
    let count = services.user_count().await?;
    let found = find(services).await?;
    if !force && !is_demo(&found, count) {
        return Err(DemoError::NotADemo);
    }
    check_roles(&found)?;
    let calendar = Calendar {
        now: services.clock.now(),
        zone: services.school_zone(),
    };
    let planned = plan::plan(&calendar);
    let arrivals = arrivals::arrivals(&calendar, &planned);
    let mut school = School::open(services, found, &arrivals).await?;
    school.bring_in(planned).await?;
    school.mark().await?;
    school.teach(&calendar).await?;
    Ok(school.report())
}

async fn find(services: &Services) -> Result<Vec<Found>, WireError> {
    let mut found = Vec::new();
    for person in PEOPLE.iter().chain(CROWD.iter()) {
        found.push((person, services.user_by_username(person.username).await?));
    }
    Ok(found)
}

/// Whether the database is empty, or holds the demo's accounts and no others: all of them, or the first ones, where an
/// earlier run was interrupted.
fn is_demo(found: &[Found], user_count: i64) -> bool {
    let is_there = |(_, account): &Found| account.is_some();
    let ours = found.iter().filter(|found| is_there(found)).count();
    found.iter().take(ours).all(is_there)
        && i64::try_from(ours).is_ok_and(|ours| ours >= user_count)
}

fn check_roles(found: &[Found]) -> Result<(), DemoError> {
    for (person, account) in found {
        if account.is_some_and(|(_, role)| role != person.role) {
            return Err(DemoError::OtherRole(person.username));
        }
    }
    Ok(())
}
