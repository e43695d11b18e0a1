//! Which accounts are listed. It stands in the address, so that it can be shared, survives a reload, and works without a
//! script: the form is a plain one.

use leptos::{html, prelude::*};
use leptos_router::{hooks::use_navigate, params::ParamsMap};

use super::ACCOUNTS;
use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        parts::{icon::Icon, top_bar::role_name},
    },
    model::{
        Role, UserId,
        keeping::{AccountQuery, AccountState},
    },
};

/// Every role, as they are offered.
pub(super) const ROLES: [Role; 4] = [Role::Student, Role::Teacher, Role::Agent, Role::Admin];
const STATES: [AccountState; 2] = [AccountState::Open, AccountState::Closed];

/// What the query of the address says; what makes no sense is left out.
pub(super) fn of_query(query: &ParamsMap) -> AccountQuery {
    let word = |name| query.get_str(name).unwrap_or_default();
    AccountQuery {
        search: word("q").trim().to_owned(),
        role: Role::from_word(word("role")),
        state: AccountState::from_word(word("state")),
        after: Some(word("after"))
            .filter(|id| !id.is_empty())
            .and_then(UserId::from_digits),
    }
}

/// The address with that query.
pub(super) fn address(asked: &AccountQuery) -> String {
    let mut query = ParamsMap::new();
    let mut put = |name: &'static str, word: String| {
        if !word.is_empty() {
            query.insert(name, word);
        }
    };
    put("q", asked.search.clone());
    put("role", asked.role.map_or("", Role::as_str).to_owned());
    put(
        "state",
        asked.state.map_or("", AccountState::as_str).to_owned(),
    );
    put(
        "after",
        asked.after.map(|id| id.to_string()).unwrap_or_default(),
    );
    format!("{ACCOUNTS}{}", query.to_query_string())
}

/// The search field and the choices. Enter or the button looks, a choice at once.
#[component]
pub(super) fn FilterForm(
    /// What the address asks for.
    asked: Memo<AccountQuery>,
) -> impl IntoView {
    let t = use_locale();
    let search = NodeRef::<html::Input>::new();
    let role = NodeRef::<html::Select>::new();
    let state = NodeRef::<html::Select>::new();
    let navigate = use_navigate();
    let look = move || {
        let fields = (
            search.get_untracked(),
            role.get_untracked(),
            state.get_untracked(),
        );
        if let (Some(search), Some(role), Some(state)) = fields {
            let asked = AccountQuery {
                search: search.value().trim().to_owned(),
                role: Role::from_word(&role.value()),
                state: AccountState::from_word(&state.value()),
                after: None,
            };
            navigate(&address(&asked), Default::default());
        }
    };
    let (look_by_role, look_by_state) = (look.clone(), look.clone());
    let now = asked.get_untracked();
    view! {
        <form
            class="accounts-filter"
            role="search"
            aria-label=text!(t, accounts.filter)
            method="get"
            action=ACCOUNTS
            on:submit=move |ev| {
                ev.prevent_default();
                look();
            }
        >
            <input
                node_ref=search
                type="search"
                name="q"
                class="input"
                dir="auto"
                value=now.search
                prop:value=move || asked.get().search
                placeholder=text!(t, accounts.search)
                aria-label=text!(t, accounts.search)
            />
            <select
                node_ref=role
                name="role"
                class="select"
                aria-label=text!(t, accounts.role)
                prop:value=move || asked.get().role.map_or("", Role::as_str)
                on:change=move |_| look_by_role()
            >
                <option value="">{text!(t, accounts.every_role)}</option>
                {ROLES
                    .map(|role| {
                        view! {
                            <option value=role.as_str() selected=now.role == Some(role)>
                                {role_name(t, role)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <select
                node_ref=state
                name="state"
                class="select"
                aria-label=text!(t, accounts.state)
                prop:value=move || asked.get().state.map_or("", AccountState::as_str)
                on:change=move |_| look_by_state()
            >
                <option value="">{text!(t, accounts.every_state)}</option>
                {STATES
                    .map(|state| {
                        view! {
                            <option value=state.as_str() selected=now.state == Some(state)>
                                {state_name(t, state)}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
            <button type="submit" class="button">
                <Icon name="search" />
                {text!(t, accounts.look)}
            </button>
        </form>
    }
    .into_any()
}

fn state_name(t: Locale, state: AccountState) -> String {
    match state {
        AccountState::Open => text!(t, accounts.open),
        AccountState::Closed => text!(t, accounts.closed),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_asked_comes_back_from_its_address() {
        let all = AccountQuery::default();
        assert_eq!(address(&all), ACCOUNTS);
        let asked = AccountQuery {
            search: "ana & ben".to_owned(),
            role: Some(Role::Teacher),
            state: Some(AccountState::Closed),
            after: Some(UserId(7)),
        };
        let address = address(&asked);
        assert!(address.starts_with("/admin/people?"), "{address}");
        let mut query = ParamsMap::new();
        for (name, word) in [
            ("q", "ana & ben"),
            ("role", "teacher"),
            ("state", "closed"),
            ("after", "7"),
        ] {
            query.insert(name, word.to_owned());
        }
        assert_eq!(of_query(&query), asked);
        assert!(!address.contains("ana & ben"), "{address}");
        query.replace("role", "pupil".to_owned());
        query.replace("after", "-7".to_owned());
        let asked = of_query(&query);
        assert_eq!((asked.role, asked.after), (None, None));
    }
}
