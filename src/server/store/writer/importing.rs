//! Importing accounts, portion by portion, inside the transaction. How that is all or nothing: `store::imports`.

use std::collections::HashMap;

use super::{Outcome, WriteResult, keeping};
use crate::{
    model::{Timestamp, UserId, WireError},
    server::store::{
        Conn, Result, accounts,
        audit::{self, AuditAction},
        imports,
        password_links::{self, NewLink},
        storable::storable,
        users::NewUser,
    },
};

/// Accounts that are opened, or taken back, in one transaction: it may hold the writer for 20 ms at most.
const PORTION: i64 = 32;

/// A step of an import.
#[derive(Clone, Debug)]
pub enum ImportStep {
    /// Begin one.
    Begin,
    /// Write these accounts of it, closed, each with its link.
    Stage(i64, Vec<(NewUser, Option<NewLink>)>),
    /// From now on they come.
    Decide(i64),
    /// Open the next ones, or take them back where it was not decided.
    GoOn(i64),
}

/// Does a step, for `by` (none: the command line, and what goes on with an import that was left).
///
/// Errors: `unauthorized`, `forbidden`; `conflict` where the import is gone.
pub(super) async fn step(
    conn: &mut Conn<'_>,
    by: Option<UserId>,
    step: &ImportStep,
    now: Timestamp,
) -> Result<WriteResult> {
    if let Err(refusal) = keeping::permitted(conn, by).await? {
        return Ok(Err(refusal));
    }
    match step {
        ImportStep::Begin => {
            let id = imports::insert(conn, by, now).await?;
            Ok(Ok(Outcome::ImportBegun(id)))
        }
        ImportStep::Stage(id, people) => stage(conn, *id, people, now).await,
        ImportStep::Decide(id) => Ok(if imports::decide(conn, *id, now).await? {
            Ok(Outcome::ImportMoved { is_done: false })
        } else {
            Err(WireError::Conflict)
        }),
        ImportStep::GoOn(id) => {
            let is_done = go_on(conn, *id, now).await?;
            Ok(Ok(Outcome::ImportMoved { is_done }))
        }
    }
}

async fn stage(
    conn: &mut Conn<'_>,
    id: i64,
    people: &[(NewUser, Option<NewLink>)],
    now: Timestamp,
) -> Result<WriteResult> {
    for (field, text) in people.iter().flat_map(|(user, _)| user.texts()) {
        if let Err(refusal) = storable(field, text) {
            return Ok(Err(refusal));
        }
    }
    if !imports::touch(conn, id, now).await? {
        return Ok(Err(WireError::Conflict));
    }
    let users: Vec<&NewUser> = people.iter().map(|(user, _)| user).collect();
    let staged = imports::stage(conn, id, &users, now).await?;
    let staged: HashMap<String, UserId> = staged.into_iter().collect();
    let mut ids = Vec::with_capacity(people.len());
    for (user, link) in people {
        let id = staged.get(&user.username_folded).copied();
        if let (Some(id), Some(link)) = (id, link) {
            password_links::insert(conn, id, link, now).await?;
        }
        ids.push(id);
    }
    Ok(Ok(Outcome::ImportStaged(ids)))
}

/// Goes on by one portion, as the import's row says; answers whether that was all.
async fn go_on(conn: &mut Conn<'_>, id: i64, now: Timestamp) -> Result<bool> {
    let Some(import) = imports::by_id(conn, id).await? else {
        return Ok(true);
    };
    imports::touch(conn, id, now).await?;
    let ids = imports::waiting(conn, id, PORTION).await?;
    if ids.is_empty() {
        imports::delete(conn, id).await?;
        return Ok(true);
    }
    if import.decided_at.is_none() {
        imports::take_back(conn, &ids).await?;
        return Ok(false);
    }
    imports::open(conn, &ids).await?;
    for id in ids {
        if let Some(account) = accounts::by_id(conn, id).await? {
            let args = keeping::added(account.role);
            let by = import.actor_id;
            audit::append(conn, by, AuditAction::UserAdded, id, &args, now).await?;
        }
    }
    Ok(false)
}
