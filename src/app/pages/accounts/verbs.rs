//! What is done with an account. What takes something away from its person asks first, and names it.

use leptos::{prelude::*, task::spawn_local};

use super::{Desk, filter::ROLES, rows::People};
use crate::{
    api,
    app::{
        i18n::{Locale, text, use_locale},
        parts::top_bar::role_name,
    },
    browser::clock,
    model::{Role, UserId, WireError, keeping::Account},
};

/// What is to be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verb {
    Role(Role),
    EndSessions,
    Close,
    Reopen,
}

/// The menu of one account.
#[component]
pub(super) fn AccountVerbs(
    /// What the page's parts share.
    desk: Desk,
    /// The accounts of the page.
    people: People,
    /// This one.
    account: Account,
) -> impl IntoView {
    let t = use_locale();
    let is_closed = account.closed_at.is_some();
    let account = StoredValue::new(account);
    let item = move |verb: Verb| view! { <VerbItem desk people account verb /> };
    let roles = ROLES
        .into_iter()
        .filter(move |role| *role != account.with_value(|a| a.role));
    let link = move |_| {
        let (id, name) = account.with_value(|a| (a.id, a.name.clone()));
        spawn_local(async move {
            match api::accounts::make_password_link(id).await {
                Ok(link) => {
                    desk.error.set(None);
                    desk.show(name, link);
                }
                Err(error) => desk.tell(Err(error)),
            }
        });
    };
    view! {
        <div class="account-verbs">
            {(!is_closed)
                .then(|| {
                    view! {
                        <button type="button" class="menu-item" on:click=link>
                            {text!(t, accounts.make_link)}
                        </button>
                    }
                })} {roles.map(|role| item(Verb::Role(role))).collect_view()}
            {if is_closed {
                item(Verb::Reopen).into_any()
            } else {
                view! {
                    {item(Verb::EndSessions)}
                    {item(Verb::Close)}
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}

#[component]
fn VerbItem(
    /// What the page's parts share.
    desk: Desk,
    /// The accounts of the page.
    people: People,
    /// The account.
    account: StoredValue<Account>,
    /// What is to be done.
    verb: Verb,
) -> impl IntoView {
    let t = use_locale();
    let class = if verb == Verb::Close {
        "menu-item danger"
    } else {
        "menu-item"
    };
    let label = label(t, verb);
    let words = label.clone();
    let act = move |_| {
        let account = account.get_value();
        let done = done(t, verb, &account.name);
        let id = account.id;
        match question(t, verb, &account.name) {
            None => perform(desk, people, id, verb, done),
            Some((title, text)) => desk.confirm.ask(title, text, words.clone(), move || {
                perform(desk, people, id, verb, done.clone());
            }),
        }
    };
    view! {
        <button type="button" class=class on:click=act>
            {label}
        </button>
    }
    .into_any()
}

fn label(t: Locale, verb: Verb) -> String {
    match verb {
        Verb::Role(role) => text!(t, accounts.make_role, role = role_name(t, role)),
        Verb::EndSessions => text!(t, accounts.end_sessions),
        Verb::Close => text!(t, accounts.close),
        Verb::Reopen => text!(t, accounts.reopen),
    }
}

/// What is asked before; none: nothing is lost by it.
fn question(t: Locale, verb: Verb, name: &str) -> Option<(String, String)> {
    let name = name.to_owned();
    Some(match verb {
        Verb::Role(role) => (
            text!(
                t,
                accounts.role_title,
                name = name,
                role = role_name(t, role)
            ),
            text!(t, accounts.role_text),
        ),
        Verb::EndSessions => (
            text!(t, accounts.end_sessions_title, name = name),
            text!(t, accounts.end_sessions_text),
        ),
        Verb::Close => (
            text!(t, accounts.close_title, name = name),
            text!(t, accounts.close_text),
        ),
        Verb::Reopen => return None,
    })
}

/// What is said afterwards.
fn done(t: Locale, verb: Verb, name: &str) -> String {
    let name = name.to_owned();
    match verb {
        Verb::Role(role) => text!(
            t,
            accounts.role_done,
            name = name,
            role = role_name(t, role)
        ),
        Verb::EndSessions => text!(t, accounts.end_sessions_done, name = name),
        Verb::Close => text!(t, accounts.close_done, name = name),
        Verb::Reopen => text!(t, accounts.reopen_done, name = name),
    }
}

fn perform(desk: Desk, people: People, id: UserId, verb: Verb, done: String) {
    spawn_local(async move {
        let result = asked(id, verb).await;
        if result.is_ok() {
            // The page may have been left meanwhile.
            let _ = people.try_update(|people| {
                if let Some(account) = people.iter_mut().find(|account| account.id == id) {
                    apply(account, verb);
                }
            });
        }
        desk.tell(result.map(|()| done));
    });
}

async fn asked(id: UserId, verb: Verb) -> Result<(), WireError> {
    match verb {
        Verb::Role(role) => api::accounts::change_role(id, role).await,
        Verb::EndSessions => api::accounts::end_sessions_of(id).await,
        Verb::Close => api::accounts::close_account(id).await,
        Verb::Reopen => api::accounts::reopen_account(id).await,
    }
}

fn apply(account: &mut Account, verb: Verb) {
    match verb {
        Verb::Role(role) => account.role = role,
        Verb::EndSessions => {}
        Verb::Close => account.closed_at = Some(clock::now()),
        Verb::Reopen => account.closed_at = None,
    }
}
