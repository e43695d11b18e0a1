//! Making an account for oneself, where the school has that open: a plain form, which works without a script.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::Redirect;

use super::not_found::NotFoundPage;
use crate::{
    api::{self, Boot, account::RegisterForm},
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            form_field::{FormError, PasswordField, TextField},
            icon::Icon,
            page_title::written,
        },
        start::{StartFailed, use_start},
    },
    model::{WireError, account::PASSWORD_CHARS},
};

/// The page `/register`; those who are signed in already go to the start page, and where it is closed it is not there.
#[component]
pub fn RegisterPage() -> impl IntoView {
    let start = use_start();
    let form = Resource::new_blocking(|| (), |()| api::account::open_register_form());
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                match (start.boot().await, form.await) {
                    (Ok(Boot { session: Some(_), .. }), _) => {
                        view! { <Redirect path="/" /> }.into_any()
                    }
                    (Ok(boot), Ok(form)) => view! { <RegisterCard boot form /> }.into_any(),
                    (_, Err(WireError::NotFound)) => view! { <NotFoundPage /> }.into_any(),
                    (Err(error), _) | (_, Err(error)) => {
                        view! { <StartFailed error /> }.into_any()
                    }
                }
            })}
        </Suspense>
    }
}

#[component]
fn RegisterCard(
    /// What the page starts from.
    boot: Boot,
    /// What was typed before, and what was wrong with it.
    form: RegisterForm,
) -> impl IntoView {
    let t = use_locale();
    let problem = |field: &str| form.problems.get(field).map(|p| errors::field(t, *p));
    let error = match &form.error {
        Some(error) => Some(errors::sentence(t, error)),
        None if form.problems.is_empty() => None,
        None => Some(text!(t, register.problems)),
    };
    let password_problem = problem("password");
    view! {
        <Title text=written(format!("{} – {}", text!(t, register.title), boot.school.name)) />
        <main id="main" class="sign-in" tabindex="-1">
            <form class="card sign-in-card" method="post" action="/register" novalidate>
                <p class="sign-in-school">
                    <span class="school-mark">
                        <Icon name="school" />
                    </span>
                    <bdi>{boot.school.name.clone()}</bdi>
                </p>
                <h1>{text!(t, register.title)}</h1>
                <p class="lead">{text!(t, register.welcome)}</p>
                {error.map(|sentence| view! { <FormError sentence /> })}
                <input type="hidden" name="csrf" value=boot.csrf />
                <TextField
                    name="name"
                    label=text!(t, register.name)
                    hint=Some(text!(t, register.name_hint))
                    problem=problem("name")
                    value=form.name.clone()
                    autocomplete="name"
                />
                <TextField
                    name="username"
                    label=text!(t, register.username)
                    hint=Some(text!(t, register.username_hint))
                    problem=problem("username")
                    value=form.username.clone()
                    autocomplete="username"
                    is_word=true
                />
                <TextField
                    name="email"
                    kind="email"
                    label=text!(t, register.email)
                    problem=problem("email")
                    value=form.email.clone()
                    autocomplete="email"
                    optional=true
                />
                <PasswordField
                    label=text!(t, register.password)
                    hint=Some(text!(t, register.password_hint, count = PASSWORD_CHARS))
                    problem=Signal::stored(password_problem)
                    autocomplete="new-password"
                />
                <button type="submit" class="button primary wide">
                    {text!(t, register.submit)}
                </button>
                <p class="form-other">
                    {text!(t, register.sign_in_question)} " "
                    <a href="/sign-in">{text!(t, register.sign_in)}</a>
                </p>
            </form>
        </main>
    }
}
