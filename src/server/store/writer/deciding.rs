//! What is decided for the whole school, and what somebody decides for themselves about others, inside the transaction.

use super::{Outcome, WriteResult, apply::open_account};
use crate::{
    model::{
        AlertId, Look, Policy, Timestamp, UserId, WireError,
        alert::ALERTS_MOST,
        permission::{may_block, runs_the_school},
    },
    server::store::{
        Conn, Result, alerts, blocks,
        control::{self, ControlKind},
        school::{self, Logo},
        storable::storable,
        users::{self, UserRow},
    },
};

/// Something that an admin decides for the school. What is in it has been checked.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Who writes to whom, and who makes rooms.
    Policy(Policy),
    /// Its name and its colour; the logo stays.
    Look(Look),
    /// Its logo, by its hash; none: as it comes.
    Logo(Option<(String, Logo)>),
    /// Everybody is told something, up to a time.
    Alert(String, Option<Timestamp>),
    /// That is over.
    EndAlert(AlertId),
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decided {
    /// The school stands otherwise, or not.
    School,
    /// The alert.
    Alert(AlertId),
}

/// Decides it. Errors: `unauthorized`; `forbidden` for all but admins; `not_found` for what is not there; `conflict` for an
/// alert too many.
pub(super) async fn decide(
    conn: &mut Conn<'_>,
    by: UserId,
    decision: &Decision,
    now: Timestamp,
) -> Result<WriteResult> {
    let Some(admin) = open_account(conn, by).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if !runs_the_school(admin.role) {
        return Ok(Err(WireError::Forbidden));
    }
    let decided = match decision {
        Decision::Policy(policy) => {
            school::set_policy(conn, policy).await?;
            Ok(Decided::School)
        }
        Decision::Look(look) => set_look(conn, look).await?,
        Decision::Logo(logo) => set_logo(conn, logo.as_ref()).await?,
        Decision::Alert(text, until) => tell(conn, (text, *until), by, now).await?,
        Decision::EndAlert(id) => match alerts::end(conn, *id, now).await? {
            true => Ok(Decided::Alert(*id)),
            false => Err(WireError::NotFound),
        },
    };
    if let Ok(decided) = &decided {
        let kind = match decided {
            Decided::School => ControlKind::SchoolChanged,
            Decided::Alert(_) => ControlKind::AlertsChanged,
        };
        control::append(conn, kind, by, None, now).await?;
    }
    Ok(decided.map(Outcome::Decided))
}

type Step = std::result::Result<Decided, WireError>;

async fn set_look(conn: &mut Conn<'_>, look: &Look) -> Result<Step> {
    if let Err(refusal) = storable("name", look.name.as_deref().unwrap_or_default()) {
        return Ok(Err(refusal));
    }
    let logo = school::state(conn).await?.look.logo;
    let look = Look {
        logo,
        ..look.clone()
    };
    school::set_look(conn, &look).await?;
    Ok(Ok(Decided::School))
}

async fn set_logo(conn: &mut Conn<'_>, logo: Option<&(String, Logo)>) -> Result<Step> {
    let hash = logo.map(|(hash, _)| hash.clone());
    if let Some((hash, logo)) = logo {
        school::keep_logo(conn, hash, logo).await?;
    }
    let look = Look {
        logo: hash.clone(),
        ..school::state(conn).await?.look
    };
    school::set_look(conn, &look).await?;
    school::drop_other_logos(conn, hash.as_deref()).await?;
    Ok(Ok(Decided::School))
}

async fn tell(
    conn: &mut Conn<'_>,
    (text, until): (&str, Option<Timestamp>),
    by: UserId,
    now: Timestamp,
) -> Result<Step> {
    if let Err(refusal) = storable("text", text) {
        return Ok(Err(refusal));
    }
    if alerts::current(conn, now).await?.len() >= ALERTS_MOST {
        return Ok(Err(WireError::Conflict));
    }
    let id = alerts::insert(conn, text, until, by, now).await?;
    Ok(Ok(Decided::Alert(id)))
}

/// Puts an alert away for whoever does so. Errors: `unauthorized`, `not_found` for one that does not stand.
pub(super) async fn dismiss(
    conn: &mut Conn<'_>,
    user_id: UserId,
    id: AlertId,
    now: Timestamp,
) -> Result<WriteResult> {
    if open_account(conn, user_id).await?.is_none() {
        return Ok(Err(WireError::Unauthorized));
    }
    let current = alerts::current(conn, now).await?;
    if !current.iter().any(|alert| alert.id == id) {
        return Ok(Err(WireError::NotFound));
    }
    let mut changed = Vec::new();
    if alerts::dismiss(conn, user_id, id).await? {
        changed.push((user_id, users::bump_rev(conn, user_id).await?));
    }
    Ok(Ok(Outcome::ListsChanged(changed)))
}

/// Blocks somebody, or lifts that. Errors: `unauthorized`, `not_found` for who is not there; `invalid` on `user_id` for
/// oneself; `forbidden` for those who answer for the school, and by them.
pub(super) async fn block(
    conn: &mut Conn<'_>,
    user_id: UserId,
    (whom, is_blocked): (UserId, bool),
    now: Timestamp,
) -> Result<WriteResult> {
    let (by, whom) = match two(conn, user_id, whom).await? {
        Ok(two) => two,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let is_changed = if !is_blocked {
        blocks::delete(conn, by.id, whom.id).await?
    } else if may_block(by.role, whom.role) {
        blocks::insert(conn, by.id, whom.id, now).await?
    } else {
        return Ok(Err(WireError::Forbidden));
    };
    let mut changed = Vec::new();
    if is_changed {
        // Both: what they have together is closed to both.
        for id in [by.id, whom.id] {
            changed.push((id, users::bump_rev(conn, id).await?));
        }
    }
    Ok(Ok(Outcome::ListsChanged(changed)))
}

async fn two(
    conn: &mut Conn<'_>,
    by: UserId,
    whom: UserId,
) -> Result<std::result::Result<(UserRow, UserRow), WireError>> {
    let Some(by) = open_account(conn, by).await? else {
        return Ok(Err(WireError::Unauthorized));
    };
    if by.id == whom {
        let problem = "Choose somebody else.";
        return Ok(Err(WireError::field("user_id", problem)));
    }
    // Also of a closed account: who is blocked stays so, and may be let go.
    let whom = users::by_id(conn, whom).await?;
    Ok(whom.map(|whom| (by, whom)).ok_or(WireError::NotFound))
}
