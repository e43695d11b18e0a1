//! The accounts that were found, as a table. On a narrow screen each row is a card: the roles are said outright, since
//! the layout takes them from the elements.

use leptos::prelude::*;

use super::{Desk, filter::address, verbs::AccountVerbs};
use crate::{
    app::{
        dates,
        i18n::{Locale, text, use_locale},
        parts::{avatar::Avatar, icon::Icon, status::Empty, top_bar::role_name},
    },
    model::keeping::{Account, AccountList, AccountQuery},
};

/// The accounts of this page, which acts change.
pub(super) type People = RwSignal<Vec<Account>>;

/// The table, and the way to the next page.
#[component]
pub(super) fn AccountRows(
    /// What the page's parts share.
    desk: Desk,
    /// What the address asks for.
    asked: Memo<AccountQuery>,
    /// What was found.
    list: AccountList,
) -> impl IntoView {
    let t = use_locale();
    let AccountList {
        people,
        count,
        next,
    } = list;
    let is_empty = people.is_empty();
    let people = RwSignal::new(people);
    let asked = asked.get_untracked();
    let is_first = asked.after.is_none();
    let to = |after| {
        let asked = AccountQuery {
            after,
            ..asked.clone()
        };
        address(&asked)
    };
    let first = (!is_first).then(|| to(None));
    let next = next.map(|after| to(Some(after)));
    view! {
        <p class="accounts-count" role="status">
            {text!(t, accounts.found, count = count)}
        </p>
        {if is_empty {
            view! {
                <Empty icon="search" title=text!(t, accounts.none) text=text!(t, accounts.none_text) />
            }
                .into_any()
        } else {
            view! { <Table desk people /> }.into_any()
        }}
        <Pages first next />
    }
    .into_any()
}

/// The ways to other pages, where there are some.
#[component]
fn Pages(
    /// To the first one.
    first: Option<String>,
    /// To the next one.
    next: Option<String>,
) -> impl IntoView {
    let t = use_locale();
    let link = |(address, label): (String, String)| {
        view! {
            <a class="button" href=address>
                {label}
            </a>
        }
    };
    let first = first.map(|address| (address, text!(t, accounts.first)));
    let next = next.map(|address| (address, text!(t, accounts.next)));
    let links: Vec<_> = first.into_iter().chain(next).map(link).collect();
    (!links.is_empty()).then(|| {
        view! {
            <nav class="accounts-pages" aria-label=text!(t, accounts.pages)>
                {links}
            </nav>
        }
    })
}

#[component]
fn Table(
    /// What the page's parts share.
    desk: Desk,
    /// The accounts.
    people: People,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <table class="accounts-table" role="table" aria-label=text!(t, accounts.title)>
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col">
                        {text!(t, accounts.name)}
                    </th>
                    <th role="columnheader" scope="col">
                        {text!(t, accounts.email)}
                    </th>
                    <th role="columnheader" scope="col">
                        {text!(t, accounts.role)}
                    </th>
                    <th role="columnheader" scope="col">
                        {text!(t, accounts.state)}
                    </th>
                    <th role="columnheader" scope="col">
                        <span class="visually-hidden">{text!(t, accounts.more)}</span>
                    </th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || people.get() key=|account| account.clone() let(account)>
                    <Row desk people account />
                </For>
            </tbody>
        </table>
    }
    .into_any()
}

#[component]
fn Row(
    /// What the page's parts share.
    desk: Desk,
    /// The accounts.
    people: People,
    /// This one.
    account: Account,
) -> impl IntoView {
    let t = use_locale();
    let zone = desk.zone.get_value();
    let since = dates::full(t, &zone, account.closed_at.unwrap_or(account.created_at));
    let is_closed = account.closed_at.is_some();
    let label = text!(t, accounts.more_of, name = account.name.clone());
    view! {
        <tr role="row" class="account-row" data-closed=is_closed.to_string()>
            <td role="cell" class="account-who">
                <Avatar id=account.id name=account.name.clone() />
                <span>
                    <bdi class="account-name">{account.name.clone()}</bdi>
                    <bdi class="account-username">{account.username.clone()}</bdi>
                </span>
            </td>
            <td role="cell" class="account-email">
                <bdi>{account.email.clone().unwrap_or_default()}</bdi>
            </td>
            <td role="cell">{role_name(t, account.role)}</td>
            <td role="cell" title=since>
                {state_text(t, &account)}
            </td>
            <td role="cell" class="account-verbs-cell">
                <details class="account-more" name="account-more">
                    <summary class="icon-button" aria-label=label.clone() title=label>
                        <Icon name="more" />
                    </summary>
                    <AccountVerbs desk people account />
                </details>
            </td>
        </tr>
    }
    .into_any()
}

fn state_text(t: Locale, account: &Account) -> String {
    match (account.closed_at, account.has_password) {
        (Some(_), _) => text!(t, accounts.closed),
        (None, true) => text!(t, accounts.open),
        (None, false) => text!(t, accounts.no_password),
    }
}
