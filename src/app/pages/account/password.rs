//! Choosing another password.

use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::form_field::{FormError, PasswordField},
    },
    browser::{focus, page},
    model::{
        WireError,
        account::{PASSWORD_CHARS, Problems, check_password},
    },
};

const OLD: &str = "old_password";
const NEW: &str = "new_password";

/// The card with the form. It takes the CSRF header, so it waits for the page to be alive.
#[component]
pub fn ChangePassword(
    /// The reader's sign-in name, for the browser's password keeper.
    username: String,
) -> impl IntoView {
    let t = use_locale();
    let problems = RwSignal::new(Problems::new());
    let error = RwSignal::new(None::<WireError>);
    let is_done = RwSignal::new(false);
    let is_busy = RwSignal::new(true);
    Effect::new(move |_| is_busy.set(false));
    let (old, new) = (NodeRef::<html::Input>::new(), NodeRef::<html::Input>::new());
    let problem = move |field: &'static str| {
        Signal::derive(move || problems.read().get(field).map(|p| errors::field(t, *p)))
    };
    let tell = move |found: Problems| {
        let first = [OLD, NEW]
            .into_iter()
            .find(|field| found.contains_key(*field));
        problems.set(found);
        if let Some(field) = first {
            focus::on(field);
        }
    };
    let submit = move || {
        let (Some(old), Some(new)) = (old.get_untracked(), new.get_untracked()) else {
            return;
        };
        is_done.set(false);
        error.set(None);
        if let Err(problem) = check_password(&new.value()) {
            return tell(Problems::from([(NEW.to_owned(), problem)]));
        }
        is_busy.set(true);
        spawn_local(async move {
            let answer = api::account::change_password(old.value(), new.value()).await;
            is_busy.set(false);
            match answer {
                Ok(found) if found.is_empty() => {
                    old.set_value("");
                    new.set_value("");
                    tell(found);
                    is_done.set(true);
                }
                Ok(found) => tell(found),
                Err(WireError::Unauthorized) => page::reload(),
                Err(refused) => error.set(Some(refused)),
            }
        });
    };
    view! {
        <section class="card" aria-labelledby="password-heading">
            <h2 id="password-heading">{text!(t, account.password)}</h2>
            <p>{text!(t, account.password_text)}</p>
            <form
                class="account-form"
                method="post"
                novalidate
                on:submit=move |ev| {
                    ev.prevent_default();
                    submit();
                }
            >
                {move || {
                    error
                        .get()
                        .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
                }}
                <input type="hidden" name="username" autocomplete="username" value=username />
                <PasswordField
                    name=OLD
                    label=text!(t, account.old_password)
                    problem=problem(OLD)
                    node_ref=old
                />
                <PasswordField
                    name=NEW
                    label=text!(t, account.new_password)
                    hint=Some(text!(t, register.password_hint, count = PASSWORD_CHARS))
                    problem=problem(NEW)
                    autocomplete="new-password"
                    node_ref=new
                />
                <button
                    type="submit"
                    class="button primary"
                    disabled=move || is_busy.get()
                >
                    {text!(t, account.change_password)}
                </button>
                <p class="form-done" role="status">
                    {move || is_done.get().then(|| text!(t, account.password_changed))}
                </p>
            </form>
        </section>
    }
}
