//! Choosing a password by a link: a plain form, which works without a script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;

use crate::{
    api::{self, Boot, accounts::PasswordForm},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            form_field::{FormError, PasswordField},
            icon::Icon,
            page_title::written,
        },
        respond,
        start::{StartFailed, use_start},
    },
    model::{WireError, account::PASSWORD_CHARS},
};

/// The page `/password/{token}`. A link that does not hold has one answer, whatever the reason.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let start = use_start();
    let params = use_params_map();
    let token = params.read_untracked().get("token").unwrap_or_default();
    let asked = token.clone();
    let form = Resource::new_blocking(
        move || asked.clone(),
        |token| async move { api::accounts::open_password_form(token).await },
    );
    view! {
        <Suspense>
            {move || {
                let token = token.clone();
                Suspend::new(async move {
                    match (start.boot().await, form.await) {
                        (Ok(boot), Ok(form)) => view! { <Card boot form token /> }.into_any(),
                        (Ok(boot), Err(WireError::NotFound)) => view! { <Over boot /> }.into_any(),
                        (Err(error), _) | (_, Err(error)) => view! { <StartFailed error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Card(
    /// What the page starts from.
    boot: Boot,
    /// Whose password, and what was wrong before.
    form: PasswordForm,
    /// The link's token.
    token: String,
) -> impl IntoView {
    let t = use_locale();
    let problem = form.problem.map(|problem| errors::field(t, problem));
    let error = form.error.map(|error| errors::sentence(t, &error));
    view! {
        <Title text=written(format!("{} – {}", text!(t, password.title), boot.school.name)) />
        <main id="main" class="sign-in" tabindex="-1">
            <form class="card sign-in-card" method="post" action="/password" novalidate>
                <p class="sign-in-school">
                    <span class="school-mark">
                        <Icon name="school" />
                    </span>
                    <bdi>{boot.school.name.clone()}</bdi>
                </p>
                <h1>{text!(t, password.title)}</h1>
                <p class="lead" dir="auto">
                    {text!(t, password.lead, username = form.username.clone())}
                </p>
                {error.map(|sentence| view! { <FormError sentence /> })}
                <input type="hidden" name="csrf" value=boot.csrf />
                <input type="hidden" name="token" value=token />
                <input type="hidden" name="username" autocomplete="username" value=form.username />
                <PasswordField
                    label=text!(t, account.new_password)
                    hint=Some(text!(t, register.password_hint, count = PASSWORD_CHARS))
                    problem=Signal::stored(problem)
                    autocomplete="new-password"
                />
                <button type="submit" class="button primary wide">
                    {text!(t, password.submit)}
                </button>
            </form>
        </main>
    }
    .into_any()
}

/// The link is unknown, used, replaced or too old.
#[component]
fn Over(
    /// What the page starts from.
    boot: Boot,
) -> impl IntoView {
    let t = use_locale();
    respond::set_status(404);
    view! {
        <Title text=written(format!("{} – {}", text!(t, password.over_title), boot.school.name)) />
        <main id="main" class="page narrow centred" tabindex="-1">
            <h1>{text!(t, password.over_title)}</h1>
            <p class="lead">{text!(t, password.over_text)}</p>
            <p>
                <a class="button primary" href="/sign-in">
                    {text!(t, sign_in.submit)}
                </a>
            </p>
        </main>
    }
    .into_any()
}
