//! The bodies of the accounts' server functions.

use super::{account::form_as_sent, state, told, viewer};
use crate::{
    api::accounts::PasswordForm,
    model::{
        Role, UserId, WireError,
        keeping::{AccountDraft, AccountList, AccountQuery, ImportAnswer, Newcomer, PasswordLink},
        limits::IMPORT_MISTAKES,
        roster::Mistake,
    },
    server::service::{Imported, NotImported},
};

/// See [`crate::api::accounts::accounts`].
pub async fn accounts(asked: AccountQuery) -> Result<AccountList, WireError> {
    told(async { state()?.services.accounts(Some(&viewer()?), &asked).await }.await)
}

/// See [`crate::api::accounts::add_account`].
pub async fn add_account(draft: AccountDraft) -> Result<PasswordLink, WireError> {
    let added = async {
        let (services, viewer) = (state()?.services, viewer()?);
        Ok(services.add_person(Some(&viewer), &draft).await?)
    };
    told(added.await)
}

/// See [`crate::api::accounts::import_people`].
pub async fn import_people(csv: String) -> Result<ImportAnswer, WireError> {
    told(async { import(csv).await }.await)
}

async fn import(csv: String) -> Result<ImportAnswer, WireError> {
    let (services, viewer) = (state()?.services, viewer()?);
    // A task of its own: whoever goes away meanwhile does not stop it half way.
    let import = tokio::spawn(async move { services.import_file(Some(&viewer), &csv).await });
    match import.await {
        Ok(Ok(imported)) => Ok(done(imported)),
        Ok(Err(NotImported::Mistakes(mistakes))) => Ok(mistaken(mistakes)),
        Ok(Err(NotImported::Error(error))) => Err(error),
        Err(_) => Err(WireError::Internal),
    }
}

fn done(imported: Vec<Imported>) -> ImportAnswer {
    let people = imported.into_iter().map(|person| Newcomer {
        username: person.username,
        path: person.path,
    });
    ImportAnswer::Done {
        people: people.collect(),
    }
}

/// The first of them, and how many there are besides.
fn mistaken(mut mistakes: Vec<Mistake>) -> ImportAnswer {
    let more = mistakes.len().saturating_sub(IMPORT_MISTAKES);
    mistakes.truncate(IMPORT_MISTAKES);
    ImportAnswer::Mistaken { mistakes, more }
}

/// See [`crate::api::accounts::change_role`].
pub async fn change_role(id: UserId, role: Role) -> Result<(), WireError> {
    told(async { state()?.services.set_role(Some(&viewer()?), id, role).await }.await)
}

/// See [`crate::api::accounts::make_password_link`].
pub async fn make_password_link(id: UserId) -> Result<PasswordLink, WireError> {
    told(
        async {
            state()?
                .services
                .make_password_link(Some(&viewer()?), id)
                .await
        }
        .await,
    )
}

/// See [`crate::api::accounts::close_account`].
pub async fn close_account(id: UserId) -> Result<(), WireError> {
    told(async { state()?.services.close_account(Some(&viewer()?), id).await }.await)
}

/// See [`crate::api::accounts::reopen_account`].
pub async fn reopen_account(id: UserId) -> Result<(), WireError> {
    told(async { state()?.services.reopen_account(Some(&viewer()?), id).await }.await)
}

/// See [`crate::api::accounts::end_sessions_of`].
pub async fn end_sessions_of(id: UserId) -> Result<(), WireError> {
    told(
        async {
            state()?
                .services
                .end_sessions_of(Some(&viewer()?), id)
                .await
        }
        .await,
    )
}

/// See [`crate::api::accounts::open_password_form`].
pub async fn open_password_form(token: String) -> Result<PasswordForm, WireError> {
    let form = async {
        let username = state()?.services.link_holder(&token).await?;
        let sent = form_as_sent()?;
        Ok(PasswordForm {
            username,
            problem: sent.problems.get("password").copied(),
            error: sent.error,
        })
    };
    told(form.await)
}
