//! The way to a room with one other person.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::{form_field::FormError, icon::Icon};
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
    },
    model::{UserCard, WireError},
};

/// The button; where it does not work, why.
#[component]
pub fn ChatWith(
    /// With whom.
    person: UserCard,
    /// Whether it is what the page is for.
    #[prop(default = false)]
    is_primary: bool,
) -> impl IntoView {
    let t = use_locale();
    let problem = RwSignal::new(None::<WireError>);
    let navigate = use_navigate();
    let user_id = person.id;
    let open = move |_| {
        let navigate = navigate.clone();
        problem.set(None);
        spawn_local(async move {
            match api::rooms::open_direct(user_id).await {
                Ok(room_id) => navigate(&format!("/chat/{room_id}"), Default::default()),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    view! {
        <button type="button" class="button" class:primary=is_primary on:click=open>
            <Icon name="message" />
            {text!(t, directory.chat_with, name = person.name)}
        </button>
        {move || {
            problem
                .get()
                .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
        }}
    }
}
