//! Signing in: a plain form, which works without a script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{components::Redirect, hooks::use_query_map};

use crate::{
    api::Boot,
    app::{
        i18n::{Locale, text, use_locale},
        parts::icon::Icon,
        start::{StartFailed, use_start},
    },
};

/// The page `/sign-in`; those who are signed in already go to the start page.
#[component]
pub fn SignInPage() -> impl IntoView {
    let start = use_start();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match start.boot().await {
                    Ok(Boot { session: Some(_), .. }) => view! { <Redirect path="/" /> }.into_any(),
                    Ok(boot) => view! { <SignInCard boot /> }.into_any(),
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
) -> impl IntoView {
    let t = use_locale();
    let query = use_query_map().read_untracked().clone();
    let problem = query.get("error").map(|code| problem(t, &code));
    let next = query.get("next").unwrap_or_default();
    view! {
        <Title text=format!("{} – {}", text!(t, sign_in.title), boot.school.name) />
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
                {problem
                    .map(|sentence| {
                        view! {
                            <p class="form-error" role="alert">
                                <Icon name="alert" />
                                <span>{sentence}</span>
                            </p>
                        }
                    })}
                <input type="hidden" name="csrf" value=boot.csrf />
                <input type="hidden" name="next" value=next />
                <div class="form-row">
                    <label for="username">{text!(t, sign_in.username)}</label>
                    <input
                        id="username"
                        class="input"
                        name="username"
                        type="text"
                        dir="auto"
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                    />
                </div>
                <PasswordField />
                <button type="submit" class="button primary wide">
                    {text!(t, sign_in.submit)}
                </button>
            </form>
        </main>
    }
}

/// The password, with a button to see it once the page is alive.
#[component]
fn PasswordField() -> impl IntoView {
    let t = use_locale();
    let is_shown = RwSignal::new(false);
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    let label = move || {
        if is_shown.get() {
            text!(t, sign_in.hide_password)
        } else {
            text!(t, sign_in.show_password)
        }
    };
    view! {
        <div class="form-row">
            <label for="password">{text!(t, sign_in.password)}</label>
            <div class="input-with-button">
                <input
                    id="password"
                    class="input"
                    name="password"
                    type=move || if is_shown.get() { "text" } else { "password" }
                    autocomplete="current-password"
                    required
                />
                <Show when=move || is_alive.get()>
                    <button
                        type="button"
                        class="icon-button"
                        aria-label=label
                        title=label
                        on:click=move |_| is_shown.update(|shown| *shown = !*shown)
                    >
                        {move || {
                            if is_shown.get() {
                                view! { <Icon name="eye-off" /> }
                            } else {
                                view! { <Icon name="eye" /> }
                            }
                        }}
                    </button>
                </Show>
            </div>
        </div>
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
