//! A conversation in a list: whose, what was said last, and how much of it is unread.

use leptos::prelude::*;

use super::{avatar::Avatar, badge::Badge, desk::desk_of, icon::Icon, presence::PresenceMark};
use crate::{
    app::{
        dates,
        i18n::{Locale, text, use_locale},
        state::Chat,
    },
    model::{RoomForMe, RoomId, RoomKind, Timestamp, UserCard, UserId, Zone},
};

/// The link to a conversation of the inbox.
#[component]
pub fn RoomLink(
    /// The chat.
    chat: Chat,
    /// The room.
    id: RoomId,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// The room that is open beside the list.
    #[prop(into)]
    selected: Signal<Option<RoomId>>,
    /// The query that its address keeps.
    #[prop(into, default = Signal::stored(String::new()))]
    query: Signal<String>,
    /// The page that shows it.
    #[prop(default = "/admin/chat")]
    page: &'static str,
) -> impl IntoView {
    let t = use_locale();
    let room = Memo::new(move |_| chat.lists.read().rooms.get(&id).cloned());
    let me = chat.user().map(|user| user.id);
    let name = Memo::new(move |_| room.read().as_ref().map(|room| room_name(t, room, me)));
    let with = room
        .read_untracked()
        .as_ref()
        .and_then(|room| Some(whose(room, me)?.id))
        .filter(|with| Some(*with) != me);
    let person = with.or(me).unwrap_or(UserId(id.0));
    let icon = room
        .read_untracked()
        .as_ref()
        .and_then(|room| kind_icon(room.shared.kind));
    let desk = room
        .read_untracked()
        .as_ref()
        .and_then(|room| desk_of(t, chat, room));
    let unread = Memo::new(move |_| room.read().as_ref().map_or(0, |room| room.unread_count));
    let at = Memo::new(move |_| room.read().as_ref().map(RoomForMe::last_activity));
    let time = move || {
        let at = at.get()?;
        Some(zone.with_value(|zone| dates::list_time(t, zone, at, chat.minute.get())))
    };
    let has_draft =
        Memo::new(move |_| chat.drafts.read().contains(&id) && selected.get() != Some(id));
    let excerpt = move || room.read().as_ref().map(|room| excerpt(t, room, me));
    view! {
        <a
            class="room-link"
            href=move || format!("{page}/{id}{}", query.get())
            aria-current=move || (selected.get() == Some(id)).then_some("page")
            data-unread=move || (unread.get() > 0).to_string()
        >
            {move || match icon {
                Some(icon) => view! { <RoomMark icon /> }.into_any(),
                None => view! { <Avatar id=person name=name.get().unwrap_or_default() /> }.into_any(),
            }}
            <span class="room-link-name">
                <bdi>{move || name.get()}</bdi>
                {with.map(|id| view! { <PresenceMark chat id /> })}
            </span>
            <time class="room-link-time" datetime=move || at.get().map(|at| at.rfc3339())>
                {time}
            </time>
            <span class="room-link-excerpt">
                <Show when=move || has_draft.get()>
                    <span class="draft-mark">{text!(t, inbox.draft)}</span>
                    " "
                </Show>
                <bdi>{excerpt}</bdi>
            </span>
            <Standing room zone desk minute=chat.minute />
            <span class="room-link-badge">
                <Badge count=unread />
                <Show when=move || unread.get() != 0>
                    <span class="visually-hidden">
                        {move || text!(t, inbox.unread_count, count = unread.get())}
                    </span>
                </Show>
            </span>
        </a>
    }
}

/// Where a support conversation stands: at which desk, who waits, who takes care of it. Nothing where there is nothing to say.
#[component]
fn Standing(
    /// The room.
    room: Memo<Option<RoomForMe>>,
    /// The reader's time zone.
    zone: StoredValue<Zone>,
    /// Its desk, where that is to be told.
    desk: Option<String>,
    /// The device's clock.
    minute: RwSignal<Timestamp>,
) -> impl IntoView {
    let t = use_locale();
    let support = Memo::new(move |_| room.read().as_ref().and_then(|room| room.support.clone()));
    let waiting = move || {
        let since = support.read().as_ref()?.waiting_since?;
        let time = zone.with_value(|zone| dates::list_time(t, zone, since, minute.get()));
        Some(text!(t, inbox.waiting_since, time = time))
    };
    let assignee = move || {
        support
            .read()
            .as_ref()?
            .assignee
            .as_ref()
            .map(|user| user.name.clone())
    };
    let has_desk = desk.is_some();
    let desk = StoredValue::new(desk);
    let is_said = Memo::new(move |_| {
        let support = support.read();
        has_desk
            || support.as_ref().is_some_and(|support| {
                support.waiting_since.is_some() || support.assignee.is_some()
            })
    });
    view! {
        <Show when=move || is_said.get()>
            <span class="room-link-standing">
                {desk.get_value().map(|desk| view! { <bdi class="desk-tag">{desk}</bdi> })}
                {move || waiting().map(|since| view! { <span class="waiting">{since}</span> })}
                {move || {
                    assignee()
                        .map(|name| {
                            let label = text!(t, inbox.assigned, name = name.clone());
                            let title = label.clone();
                            view! {
                                <span class="assignee" title=title>
                                    <span class="visually-hidden">{label}</span>
                                    <bdi aria-hidden="true">{name}</bdi>
                                </span>
                            }
                        })
                }}
            </span>
        </Show>
    }
}

/// A room of many, where a person's picture would stand. Decoration: its name stands beside it.
#[component]
pub fn RoomMark(
    /// The icon of its kind.
    icon: &'static str,
) -> impl IntoView {
    view! {
        <span class="avatar room-mark" aria-hidden="true">
            <Icon name=icon />
        </span>
    }
}

/// The icon of a kind of rooms; none where people stand for it.
pub fn kind_icon(kind: RoomKind) -> Option<&'static str> {
    match kind {
        RoomKind::Public => Some("hash"),
        RoomKind::Private => Some("lock"),
        RoomKind::Course => Some("school"),
        RoomKind::Support | RoomKind::Direct | RoomKind::Thread => None,
    }
}

/// Whom a conversation is with.
fn whose(room: &RoomForMe, me: Option<UserId>) -> Option<&UserCard> {
    room.shared
        .user
        .as_ref()
        .or_else(|| room.shared.other(me.unwrap_or_default()))
}

/// What a conversation is called: the name of whom it is with, else its own.
pub fn room_name(t: Locale, room: &RoomForMe, me: Option<UserId>) -> String {
    match whose(room, me) {
        Some(user) => user.name.clone(),
        None if room.shared.name.is_empty() => text!(t, inbox.unknown),
        None => room.shared.name.clone(),
    }
}

fn excerpt(t: Locale, room: &RoomForMe, me: Option<UserId>) -> String {
    match &room.last_message {
        None => text!(t, inbox.no_message),
        Some(last) if last.is_deleted => text!(t, timeline.deleted),
        Some(last) if Some(last.sender_id) == me => {
            text!(t, inbox.own, text = last.excerpt.clone())
        }
        Some(last) => last.excerpt.clone(),
    }
}
