//! Whose the open conversation is: beside it where there is room, over it where there is not.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        dates, errors,
        i18n::{language_name, text, use_locale},
        parts::{
            avatar::Avatar,
            icon::Icon,
            status::{Failed, Skeleton},
            top_bar::role_name,
        },
        state::Chat,
    },
    browser::focus,
    model::{PersonDetails, RoomId, Zone},
};

/// Its id, for the button that opens it.
pub const PERSON: &str = "person";
/// The id of that button.
pub const ABOUT: &str = "about-person";

/// The right column.
#[component]
pub fn PersonPanel(
    /// The chat.
    chat: Chat,
    /// The room.
    room_id: RoomId,
    /// The reader's time zone.
    zone: Zone,
    /// Whether it is shown where there is no room for it.
    is_open: RwSignal<bool>,
) -> impl IntoView {
    let t = use_locale();
    let zone = StoredValue::new(zone);
    let close = move || {
        is_open.set(false);
        focus::on(ABOUT);
    };
    // Once the page is alive. Not as a resource: what the server waits for would hold up the conversation beside it.
    let details = RwSignal::new(None);
    let load = move || {
        details.set(None);
        spawn_local(async move {
            let answer = api::support::support_person(room_id).await;
            drop(details.try_set(Some(answer)));
        });
    };
    Effect::new(move |_| load());
    view! {
        <aside
            id=PERSON
            class="person"
            data-region=""
            tabindex="-1"
            aria-label=text!(t, inbox.about_person)
            data-open=move || is_open.get().to_string()
            on:keydown=move |ev| {
                if ev.key() == "Escape" && is_open.get_untracked() {
                    ev.prevent_default();
                    close();
                }
            }
        >
            <button
                type="button"
                class="icon-button person-close"
                aria-label=text!(t, inbox.hide_about)
                title=text!(t, inbox.hide_about)
                on:click=move |_| close()
            >
                <Icon name="back" />
            </button>
            {move || match details.get() {
                None => view! { <Skeleton lines=4 /> }.into_any(),
                Some(Ok(person)) => view! { <Details chat person zone /> }.into_any(),
                Some(Err(error)) => {
                    let message = errors::sentence(t, &error);
                    view! { <Failed message on_retry=move |()| load() /> }.into_any()
                }
            }}
        </aside>
    }
}

#[component]
fn Details(
    /// The chat.
    chat: Chat,
    /// Whose conversation it is.
    person: PersonDetails,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
) -> impl IntoView {
    let t = use_locale();
    let PersonDetails {
        card,
        username,
        email,
        language,
        zone: own_zone,
        created_at,
    } = person;
    let email = match email {
        Some(email) => view! { <a href=format!("mailto:{email}")>{email.clone()}</a> }.into_any(),
        None => text!(t, inbox.no_email).into_any(),
    };
    let since = zone
        .with_value(|zone| dates::day_heading(t, zone, created_at, chat.minute.get_untracked()));
    view! {
        <div class="person-card">
            <Avatar id=card.id name=card.name.clone() />
            <h2 dir="auto">{card.name}</h2>
            <p>{role_name(t, card.role)}</p>
        </div>
        <dl class="person-facts">
            <dt>{text!(t, inbox.username)}</dt>
            <dd>
                <bdi>{username}</bdi>
            </dd>
            <dt>{text!(t, inbox.email)}</dt>
            <dd>{email}</dd>
            <dt>{text!(t, inbox.language)}</dt>
            <dd>
                <bdi>{language_name(t, &language)}</bdi>
            </dd>
            <dt>{text!(t, inbox.local_time)}</dt>
            <dd>{move || own_zone.clock(chat.minute.get())}</dd>
            <dt>{text!(t, inbox.member_since)}</dt>
            <dd>{since}</dd>
        </dl>
    }
}
