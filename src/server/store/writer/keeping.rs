//! Keeping accounts, inside the transaction: who may, what is written, and the line in the audit table beside it.

use serde_json::{Value, json};

use super::{Outcome, WriteResult, apply::open_account};
use crate::{
    model::{
        Role, SessionId, Timestamp, UserId, WireError, keeping::Account,
        permission::may_manage_people,
    },
    server::store::{
        Conn, Result, accounts,
        audit::{self, AuditAction},
        control::{self, ControlKind},
        password_links::{self, NewLink},
        sessions,
        storable::storable,
        users::{self, NewUser},
    },
};

/// Something that is done with an account.
#[derive(Clone, Debug)]
pub enum PeopleAct {
    /// Make it, with a link by which its person chooses a password.
    Add(NewUser, Option<NewLink>),
    /// Give it another role.
    SetRole(UserId, Role),
    /// Make a link by which its person chooses a password; former ones hold no more.
    MakeLink(UserId, NewLink),
    /// Close it, and end its sessions.
    Close(UserId),
    /// Open it again.
    Reopen(UserId),
    /// End its sessions.
    EndSessions(UserId),
}

/// What has become of an account.
#[derive(Clone, Debug, Default)]
pub struct PeopleDone {
    /// Which one.
    pub user_id: UserId,
    /// The sessions that are over.
    pub ended: Vec<SessionId>,
    /// Whether it was closed.
    pub is_closed: bool,
    /// The role that it has now, where it had another one.
    pub role: Option<Role>,
}

impl PeopleAct {
    /// Whose account it is about; none: one that is not there yet.
    fn target(&self) -> Option<UserId> {
        match self {
            Self::Add(..) => None,
            Self::SetRole(id, _)
            | Self::MakeLink(id, _)
            | Self::Close(id)
            | Self::Reopen(id)
            | Self::EndSessions(id) => Some(*id),
        }
    }

    /// Whether it may leave the school without an admin.
    fn may_lose_an_admin(&self) -> bool {
        matches!(self, Self::Close(_) | Self::SetRole(..))
    }
}

/// Whose rows the act needs to itself: two that would each leave another admin meet here.
pub(super) async fn touched(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    act: &PeopleAct,
) -> Result<Vec<UserId>> {
    let mut ids = Vec::from_iter(by.into_iter().chain(act.target()));
    if act.may_lose_an_admin() && matches!(conn, Conn::Postgres(_)) {
        ids.extend(accounts::admins(conn).await?);
    }
    Ok(ids)
}

/// Does it, for `by` (none: the command line, which needs nobody's leave).
///
/// Errors: `unauthorized`, `forbidden` for those who keep no accounts, `not_found`; `last_admin`; `conflict` for a link to
/// a closed account; `invalid` for a text that cannot be stored.
pub(super) async fn act(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    act: &PeopleAct,
    now: Timestamp,
) -> Result<WriteResult> {
    if let Err(refusal) = permitted(conn, by).await? {
        return Ok(Err(refusal));
    }
    let Some(id) = act.target() else {
        return match act {
            PeopleAct::Add(user, link) => add(conn, by, user, link.as_ref(), now).await,
            _ => Ok(Err(WireError::Internal)),
        };
    };
    let Some(account) = accounts::by_id(conn, id).await? else {
        return Ok(Err(WireError::NotFound));
    };
    let is_open_admin = account.role == Role::Admin && account.closed_at.is_none();
    let stays = matches!(act, PeopleAct::SetRole(_, Role::Admin));
    if act.may_lose_an_admin() && is_open_admin && !stays && accounts::admins(conn).await?.len() < 2
    {
        return Ok(Err(WireError::LastAdmin));
    }
    let done = match act {
        PeopleAct::Add(..) => Err(WireError::Internal),
        PeopleAct::SetRole(_, role) => Ok(set_role(conn, by, &account, *role, now).await?),
        PeopleAct::MakeLink(_, link) => make_link(conn, by, &account, link, now).await?,
        PeopleAct::Close(_) => Ok(close(conn, by, &account, now).await?),
        PeopleAct::Reopen(_) => Ok(reopen(conn, by, &account, now).await?),
        PeopleAct::EndSessions(_) => Ok(end_sessions(conn, by, &account, now).await?),
    };
    Ok(done.map(|done| Outcome::People(Box::new(done))))
}

/// Whether `by` keeps the school's accounts, by the row as it is now.
pub(super) async fn permitted(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
) -> Result<std::result::Result<(), WireError>> {
    let Some(by) = by else {
        return Ok(Ok(()));
    };
    Ok(match open_account(conn, by).await? {
        None => Err(WireError::Unauthorized),
        Some(user) if may_manage_people(user.role) => Ok(()),
        Some(_) => Err(WireError::Forbidden),
    })
}

async fn add(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    user: &NewUser,
    link: Option<&NewLink>,
    now: Timestamp,
) -> Result<WriteResult> {
    for (field, text) in user.texts() {
        if let Err(refusal) = storable(field, text) {
            return Ok(Err(refusal));
        }
    }
    let Some(id) = users::insert(conn, user, now).await? else {
        return Ok(Err(WireError::AlreadyExists));
    };
    audit::append(conn, by, AuditAction::UserAdded, id, &added(user.role), now).await?;
    if let Some(link) = link {
        password_links::insert(conn, id, link, now).await?;
        let made = json!({ "expires_at": link.expires_at });
        audit::append(conn, by, AuditAction::PasswordLinkMade, id, &made, now).await?;
    }
    Ok(Ok(Outcome::People(Box::new(of(id)))))
}

/// What the audit table says of an account that was made.
pub(super) fn added(role: Role) -> Value {
    json!({ "role": role })
}

/// Nothing but whose account it is.
pub(super) fn of(user_id: UserId) -> PeopleDone {
    PeopleDone {
        user_id,
        ..PeopleDone::default()
    }
}

async fn set_role(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    account: &Account,
    role: Role,
    now: Timestamp,
) -> Result<PeopleDone> {
    let id = account.id;
    if account.role == role {
        return Ok(of(id));
    }
    accounts::set_role(conn, id, role).await?;
    control::append(conn, ControlKind::RoleChanged, id, None, now).await?;
    let args = json!({ "from": account.role, "to": role });
    audit::append(conn, by, AuditAction::RoleChanged, id, &args, now).await?;
    Ok(PeopleDone {
        role: Some(role),
        ..of(id)
    })
}

async fn make_link(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    account: &Account,
    link: &NewLink,
    now: Timestamp,
) -> Result<std::result::Result<PeopleDone, WireError>> {
    if account.closed_at.is_some() {
        return Ok(Err(WireError::Conflict));
    }
    password_links::insert(conn, account.id, link, now).await?;
    let args = json!({ "expires_at": link.expires_at });
    let made = AuditAction::PasswordLinkMade;
    audit::append(conn, by, made, account.id, &args, now).await?;
    Ok(Ok(of(account.id)))
}

async fn close(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    account: &Account,
    now: Timestamp,
) -> Result<PeopleDone> {
    let id = account.id;
    if account.closed_at.is_some() {
        return Ok(of(id));
    }
    accounts::set_closed(conn, id, Some(now)).await?;
    password_links::end_of_user(conn, id, now).await?;
    let ended = sessions::end_of_user(conn, id, None, now).await?;
    control::append(conn, ControlKind::AccountClosed, id, None, now).await?;
    audit::append(conn, by, AuditAction::UserClosed, id, &json!({}), now).await?;
    Ok(PeopleDone {
        ended,
        is_closed: true,
        ..of(id)
    })
}

async fn reopen(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    account: &Account,
    now: Timestamp,
) -> Result<PeopleDone> {
    if account.closed_at.is_some() {
        accounts::set_closed(conn, account.id, None).await?;
        audit::append(
            conn,
            by,
            AuditAction::UserReopened,
            account.id,
            &json!({}),
            now,
        )
        .await?;
    }
    Ok(of(account.id))
}

async fn end_sessions(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    account: &Account,
    now: Timestamp,
) -> Result<PeopleDone> {
    let ended = sessions::end_of_user(conn, account.id, None, now).await?;
    let args = json!({ "count": ended.len() });
    audit::append(conn, by, AuditAction::SessionsEnded, account.id, &args, now).await?;
    Ok(PeopleDone {
        ended,
        ..of(account.id)
    })
}
