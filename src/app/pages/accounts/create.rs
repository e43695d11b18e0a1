//! Making an account.

use leptos::{html, prelude::*, task::spawn_local};

use super::{Desk, filter::ROLES};
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            form_field::{FieldProblem, FormError},
            icon::Icon,
            top_bar::role_name,
        },
    },
    browser::{dialog, focus},
    model::{
        Role, WireError,
        account::{Problem, Problems},
        keeping::AccountDraft,
    },
};

const DIALOG: &str = "create-account";
/// The fields' ids, by their names in problems.
const FIELDS: [(&str, &str); 3] = [
    ("name", "new-account-name"),
    ("username", "new-account-username"),
    ("email", "new-account-email"),
];

/// The button and its dialog.
#[component]
pub(super) fn CreateAccount(
    /// What the page's parts share.
    desk: Desk,
) -> impl IntoView {
    let t = use_locale();
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <button
            type="button"
            class="button primary"
            disabled=move || !is_alive.get()
            on:click=move |_| dialog::show(DIALOG)
        >
            <Icon name="plus" />
            {text!(t, accounts.create)}
        </button>
        <dialog id=DIALOG class="dialog" aria-labelledby="create-account-title">
            <h2 id="create-account-title">{text!(t, accounts.create)}</h2>
            <Form desk />
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(
    /// What the page's parts share.
    desk: Desk,
) -> impl IntoView {
    let t = use_locale();
    let [name, username, email] = [(); 3].map(|()| NodeRef::<html::Input>::new());
    let role = NodeRef::<html::Select>::new();
    let problems = RwSignal::new(Problems::new());
    let error = RwSignal::new(None::<WireError>);
    let draft = move || {
        Some(AccountDraft {
            username: username.get_untracked()?.value(),
            name: name.get_untracked()?.value(),
            email: email.get_untracked()?.value(),
            role: Role::from_word(&role.get_untracked()?.value())?,
        })
    };
    let tell = move |found: Problems| {
        let first = FIELDS.iter().find(|(field, _)| found.contains_key(*field));
        problems.set(found);
        if let Some((_, id)) = first {
            focus::on(id);
        }
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        error.set(None);
        let Some(typed) = draft() else { return };
        let draft = match typed.checked() {
            Ok(draft) => draft,
            Err(found) => return tell(found),
        };
        problems.set(Problems::new());
        spawn_local(async move {
            match api::accounts::add_account(draft.clone()).await {
                Ok(link) => {
                    for field in [name, username, email] {
                        if let Some(field) = field.get_untracked() {
                            field.set_value("");
                        }
                    }
                    dialog::close(DIALOG);
                    desk.found.refetch();
                    desk.tell(Ok(text!(t, accounts.created, name = draft.name.clone())));
                    desk.show(draft.name, link);
                }
                Err(WireError::AlreadyExists) => {
                    tell(Problems::from([("username".to_owned(), Problem::Taken)]));
                }
                Err(refused) => error.set(Some(refused)),
            }
        });
    };
    let problem = move |field: &'static str| {
        Signal::derive(move || problems.read().get(field).map(|p| errors::field(t, *p)))
    };
    let row = move |field: &'static str,
                    kind: &'static str,
                    label: String,
                    node: NodeRef<html::Input>| {
        let id = FIELDS
            .iter()
            .find(|(known, _)| *known == field)
            .map_or("", |(_, id)| *id);
        let found = problem(field);
        view! {
            <div class="form-row">
                <label for=id>{label}</label>
                <input
                    node_ref=node
                    id=id
                    class="input"
                    type=kind
                    dir="auto"
                    autocomplete="off"
                    autocapitalize=(field == "username").then_some("none")
                    spellcheck="false"
                    aria-invalid=move || found.get().map(|_| "true")
                    aria-describedby=format!("{id}-problem")
                />
                <FieldProblem name=id problem=found />
            </div>
        }
        .into_any()
    };
    view! {
        <form class="dialog-form" novalidate on:submit=submit>
            {move || {
                error.get().map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            {row("name", "text", text!(t, accounts.name), name)}
            {row("username", "text", text!(t, sign_in.username), username)}
            {row("email", "email", text!(t, register.email), email)}
            <div class="form-row">
                <label for="new-account-role">{text!(t, accounts.role)}</label>
                <select node_ref=role id="new-account-role" class="select">
                    {ROLES
                        .map(|role| {
                            view! { <option value=role.as_str()>{role_name(t, role)}</option> }
                        })
                        .collect_view()}
                </select>
            </div>
            <p class="field-hint">{text!(t, accounts.create_hint)}</p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| dialog::close(DIALOG)>
                    {text!(t, app.cancel)}
                </button>
                <button type="submit" class="button primary">
                    {text!(t, accounts.create)}
                </button>
            </div>
        </form>
    }
    .into_any()
}
