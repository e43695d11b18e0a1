//! The school's own sign beside its name: its logo, or a hat where it has none.

use leptos::prelude::*;

use super::icon::Icon;

/// Decoration: the name stands beside it.
#[component]
pub fn SchoolMark(
    /// Where the logo is, if there is one.
    logo: Option<String>,
) -> impl IntoView {
    match logo {
        Some(path) => view! {
            <span class="school-mark" data-logo="">
                <img src=path alt="" width="32" height="32" />
            </span>
        }
        .into_any(),
        None => view! {
            <span class="school-mark">
                <Icon name="school" />
            </span>
        }
        .into_any(),
    }
}
