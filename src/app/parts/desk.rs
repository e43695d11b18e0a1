//! Desks, as people choose one: what each is called, who answers, when to expect it.

use leptos::prelude::*;

use super::{badge::Badge, icon::Icon};
use crate::{
    app::{
        dates,
        i18n::{Locale, text, use_locale},
        pages::contact::contact_path,
        state::Chat,
    },
    model::{Desk, DeskCard, Opening, Role, RoomForMe, RoomKind, permission},
};

/// What a desk is called.
pub fn title(t: Locale, card: &DeskCard) -> String {
    if card.title.is_empty() {
        text!(t, home.support_title)
    } else {
        card.title.clone()
    }
}

/// Who answers there.
pub fn who(t: Locale, card: &DeskCard) -> String {
    if !card.who.is_empty() {
        card.who.clone()
    } else if card.roles == [Role::Teacher] {
        text!(t, desk.teachers)
    } else {
        text!(t, widget.answers)
    }
}

/// The desks that the signed-in person answers, with their titles.
pub fn answered(t: Locale, chat: Chat) -> Vec<(Desk, String)> {
    let Some(user) = chat.user() else {
        return Vec::new();
    };
    let desks = chat.desks();
    let answered = desks.all().iter().filter(|card| user.named().is_on(card));
    answered
        .map(|card| (card.desk.clone(), title(t, card)))
        .collect()
}

/// What the desk of a room is called, for those who answer at several.
pub fn desk_of(t: Locale, chat: Chat, room: &RoomForMe) -> Option<String> {
    let desks = answered(t, chat);
    let own = desks
        .iter()
        .find(|(desk, _)| room.shared.desk.as_ref() == Some(desk));
    own.filter(|_| desks.len() > 1)
        .map(|(_, title)| title.clone())
}

/// The desks with which the signed-in person has a conversation.
pub fn asked(chat: Chat) -> Vec<DeskCard> {
    let Some(user) = chat.user() else {
        return Vec::new();
    };
    let desks = chat.desks();
    let own = permission::own_desks(&desks, user.named());
    let own = own.iter().filter_map(|desk| desks.get(desk));
    own.cloned().collect()
}

/// One's own conversation with a desk, as the list has it.
pub fn own_room(chat: Chat, desk: &Desk) -> Option<RoomForMe> {
    let me = chat.user()?.id;
    let lists = chat.lists.read();
    let own = lists.rooms.values().find(|room| {
        let person = room.shared.user.as_ref().map(|user| user.id);
        let shared = &room.shared;
        shared.kind == RoomKind::Support && person == Some(me) && shared.desk.as_ref() == Some(desk)
    });
    own.cloned()
}

/// Who answers at a desk and when, in a line.
#[component]
pub fn DeskLine(
    /// The chat.
    chat: Chat,
    /// The desk.
    card: DeskCard,
) -> impl IntoView {
    let t = use_locale();
    let who = who(t, &card);
    let zone = StoredValue::new(chat.user().map(|user| user.zone).unwrap_or_default());
    let (hours, school) = (card.hours, chat.school_zone());
    let opening = Memo::new(move |_| {
        let now = chat.minute.get();
        let said = match hours.at(now, &school)? {
            Opening::Open(until) => {
                let clock = zone.with_value(|zone| zone.clock(until));
                (true, text!(t, desk.open_until, clock = clock))
            }
            Opening::Closed(until) => {
                let time = zone.with_value(|zone| dates::coming(t, zone, until, now));
                (false, text!(t, desk.again, time = time))
            }
        };
        Some(said)
    });
    view! {
        <span class="desk-line">
            {who}
            {move || {
                opening
                    .get()
                    .map(|(is_open, said)| {
                        view! {
                            " "
                            <span class="desk-hours" data-open=is_open.to_string()>{said}</span>
                        }
                    })
            }}
        </span>
    }
}

/// The desks to choose from: one's own conversations, one a desk. Links, so that they work without a script; a click is
/// told to `choose`, which answers whether it has done what the link would do.
#[component]
pub fn DeskList(
    /// The chat.
    chat: Chat,
    /// What a click does.
    choose: impl Fn(Desk) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let desks = asked(chat);
    view! {
        <ul class="desk-list" role="list">
            {desks
                .into_iter()
                .map(|card| view! { <li><DeskLink chat card choose /></li> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn DeskLink(
    /// The chat.
    chat: Chat,
    /// The desk.
    card: DeskCard,
    /// What a click does.
    choose: impl Fn(Desk) -> bool + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let t = use_locale();
    let desk = StoredValue::new(card.desk.clone());
    let (href, title) = (contact_path(&card.desk), title(t, &card));
    let room = Memo::new(move |_| desk.with_value(|desk| own_room(chat, desk)));
    let unread = Memo::new(move |_| room.read().as_ref().map_or(0, |room| room.unread_count));
    let last = move || {
        let room = room.read();
        let last = room.as_ref()?.last_message.as_ref()?;
        let excerpt = if last.is_deleted {
            text!(t, timeline.deleted)
        } else {
            last.excerpt.clone()
        };
        Some(view! { <bdi class="desk-link-last">{excerpt}</bdi> })
    };
    view! {
        <a
            class="desk-link"
            href=href
            data-unread=move || (unread.get() > 0).to_string()
            on:click=move |ev| {
                if choose(desk.get_value()) {
                    ev.prevent_default();
                }
            }
        >
            <span class="desk-link-icon"><Icon name="messages" /></span>
            <span class="desk-link-text">
                <bdi class="desk-link-title">{title}</bdi>
                <DeskLine chat card />
                {last}
            </span>
            <Badge count=unread />
            <Show when=move || unread.get() != 0>
                <span class="visually-hidden">
                    {move || text!(t, inbox.unread_count, count = unread.get())}
                </span>
            </Show>
        </a>
    }
}
