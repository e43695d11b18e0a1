//! Signing in: a plain form, which works without a script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    api::{self, Boot},
    app::{
        i18n::{Locale, text, use_locale},
        parts::{
            form_field::{FormError, PasswordField, TextField},
            icon::Icon,
            page_title::written,
        },
        start::{StartFailed, use_start},
    },
};

/// The page `/sign-in`; those who are signed in already go to the start page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let start = use_start();
    let typed = Resource::new_blocking(|| (), |()| api::account::open_sign_in_form());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match start.boot().await {
                    Ok(Boot { session: Some(_), .. }) => view! { <Redirect path="/" /> }.into_any(),
                    Ok(boot) => {
                        // Without it one types again; that must not keep anybody out.
                        let username = typed.await.unwrap_or_default();
                        view! { <SignInCard boot username /> }.into_any()
                    }
                    Err(error) => view! { <StartFailed error /> }.into_any(),
                }
            })}
        </Suspense>
    }
}

#[component]
fn SignInCard(
    /// What the page starts from.
    boot: Boot,
    /// The name that was typed before.
    username: String,
) -> impl IntoView {
    let t = use_locale();
    let query = use_query_map().read_untracked().clone();
    let problem = query.get("error").map(|code| problem(t, &code));
    let next = query.get("next").unwrap_or_default();
    view! {
        <Title text=written(format!("{} – {}", text!(t, sign_in.title), boot.school.name)) />
        <main id="main" class="sign-in" tabindex="-1">
            <form class="card sign-in-card" method="post" action="/sign-in">
                <p class="sign-in-school">
                    <span class="school-mark">
                        <Icon name="school" />
                    </span>
                    <bdi>{boot.school.name.clone()}</bdi>
                </p>
                <h1>{text!(t, sign_in.title)}</h1>
                <p class="lead">{text!(t, sign_in.welcome)}</p>
                {problem.map(|sentence| view! { <FormError sentence /> })}
                <input type="hidden" name="csrf" value=boot.csrf />
                <input type="hidden" name="next" value=next />
                <TextField
                    name="username"
                    label=text!(t, sign_in.username)
                    value=username
                    autocomplete="username"
                    is_word=true
                />
                <PasswordField label=text!(t, sign_in.password) />
                <button type="submit" class="button primary wide">
                    {text!(t, sign_in.submit)}
                </button>
                {boot
                    .school
                    .is_registration_open
                    .then(|| {
                        view! {
                            <p class="form-other">
                                {text!(t, sign_in.register_question)} " "
                                <a href="/register">{text!(t, sign_in.register)}</a>
                            </p>
                        }
                    })}
            </form>
        </main>
    }
}

/// What the query's `error` means.
fn problem(t: Locale, code: &str) -> String {
    match code {
        "wrong_credentials" => text!(t, sign_in.wrong_credentials),
        "rate_limited" => text!(t, sign_in.rate_limited),
        "cross_site" => text!(t, sign_in.cross_site),
        _ => text!(t, sign_in.unavailable),
    }
}
