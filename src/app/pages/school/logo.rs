//! The school's logo.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::client::CSRF_HEADER,
    app::{
        i18n::{Locale, text, use_locale},
        parts::form_field::FormError,
    },
    browser::{csrf, page, upload},
    model::school::LOGO_BYTES,
};

/// Where it is given and taken away.
const ADDRESS: &str = "/api/chat/school/logo/";
const FIELD: &str = "school-logo";

/// The card with the picture. What is chosen is taken at once.
#[component]
pub fn LogoForm(
    /// Where the present one is.
    logo: Option<String>,
) -> impl IntoView {
    let t = use_locale();
    let is_busy = RwSignal::new(true);
    Effect::new(move |_| is_busy.set(false));
    let problem = RwSignal::new(None::<String>);
    let finish = move |status: Option<u16>| {
        is_busy.try_set(false);
        match status {
            Some(204 | 401) => page::reload(),
            status => drop(problem.try_set(Some(reason(t, status)))),
        }
    };
    let give = move |_| {
        problem.set(None);
        is_busy.set(true);
        spawn_local(async move {
            let header = (CSRF_HEADER, csrf::token());
            finish(upload::put_chosen(FIELD, ADDRESS, header, LOGO_BYTES).await);
        });
    };
    let remove = move |_| {
        problem.set(None);
        is_busy.set(true);
        spawn_local(async move {
            let header = (CSRF_HEADER, csrf::token());
            finish(upload::delete(ADDRESS, header).await);
        });
    };
    let has_one = logo.is_some();
    view! {
        <section class="card" aria-labelledby="logo-heading">
            <h2 id="logo-heading">{text!(t, school.logo)}</h2>
            <p id="logo-text">{text!(t, school.logo_text)}</p>
            {logo
                .map(|path| {
                    view! { <img class="logo-shown" src=path alt=text!(t, school.logo) height="64" /> }
                })}
            <div class="form-row">
                <label for=FIELD>{text!(t, school.logo_choose)}</label>
                <input
                    id=FIELD
                    class="input"
                    type="file"
                    accept="image/png,image/jpeg,image/webp"
                    aria-describedby="logo-text"
                    disabled=move || is_busy.get()
                    on:change=give
                />
            </div>
            {has_one
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            disabled=move || is_busy.get()
                            on:click=remove
                        >
                            {text!(t, school.logo_remove)}
                        </button>
                    }
                })}
            {move || problem.get().map(|sentence| view! { <FormError sentence /> })}
        </section>
    }
    .into_any()
}

fn reason(t: Locale, status: Option<u16>) -> String {
    match status {
        Some(413) => text!(t, school.logo_large),
        Some(415) => text!(t, school.logo_kind),
        Some(403) => text!(t, error.forbidden),
        _ => text!(t, error.unavailable),
    }
}
