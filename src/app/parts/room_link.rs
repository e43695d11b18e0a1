//! A conversation in a list: whose, what was said last, and how much of it is unread.

use std::collections::BTreeSet;

use leptos::prelude::*;

use super::{
    avatar::Avatar, badge::Badge, course::course_name, desk::desk_of, icon::Icon,
    presence::PresenceMark, thread,
};
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
    let is_group = room
        .read_untracked()
        .as_ref()
        .is_some_and(|room| room.shared.kind.is_group());
    let unread = Memo::new(move |_| room.read().as_ref().map_or(0, |room| room.unread_count));
    let is_quiet = Memo::new(move |_| room.read().as_ref().is_some_and(|room| room.is_quiet));
    let is_pinned = Memo::new(move |_| room.read().as_ref().is_some_and(|room| room.is_pinned));
    let at = Memo::new(move |_| room.read().as_ref().map(RoomForMe::last_activity));
    let time = move || {
        let at = at.get()?;
        Some(zone.with_value(|zone| dates::list_time(t, zone, at, chat.minute.get())))
    };
    let about = Memo::new(move |_| {
        let room = room.read();
        let room = room.as_ref()?;
        let course = room.shared.course.as_ref().map(|it| course_name(t, it));
        course.or_else(|| thread::about(t, &chat.lists.read().rooms, room, me.unwrap_or_default()))
    });
    let has_draft =
        Memo::new(move |_| chat.drafts.read().contains(&id) && selected.get() != Some(id));
    let excerpt = move || {
        let blocked = chat.blocked.read();
        room.read()
            .as_ref()
            .map(|room| excerpt(t, room, me, &blocked))
    };
    view! {
        <a
            class="room-link"
            href=move || format!("{page}/{id}{}", query.get())
            aria-current=move || (selected.get() == Some(id)).then_some("page")
            data-unread=move || (unread.get() > 0 && !is_quiet.get()).to_string()
            data-quiet=move || is_quiet.get().to_string()
        >
            {move || match icon {
                Some(icon) => view! { <RoomMark icon /> }.into_any(),
                None => view! { <Avatar id=person name=name.get().unwrap_or_default() /> }.into_any(),
            }}
            <span class="room-link-name">
                <bdi>{move || name.get()}</bdi>
                {with.map(|id| view! { <PresenceMark chat id /> })}
                <Show when=move || is_pinned.get()>
                    <Mark icon="pin" words=text!(t, room.pinned) />
                </Show>
                <Show when=move || is_quiet.get()>
                    <Mark icon="bell-off" words=text!(t, room.quiet) />
                </Show>
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
            {move || about.get().map(|about| view! { <bdi class="room-link-course">{about}</bdi> })}
            <span class="room-link-badge">
                <Count unread is_quiet is_group />
                <Show when=move || unread.get() != 0>
                    <span class="visually-hidden">
                        {move || text!(t, inbox.unread_count, count = unread.get())}
                    </span>
                </Show>
            </span>
        </a>
    }
}

/// A number for what is the reader's to answer, a dot for what is said in rooms of many, neither for a quiet room.
#[component]
fn Count(
    /// How much is unread.
    unread: Memo<i64>,
    /// Whether the room is to be quiet.
    is_quiet: Memo<bool>,
    /// Whether it is one of many.
    is_group: bool,
) -> impl IntoView {
    let count = Signal::derive(move || if is_quiet.get() { 0 } else { unread.get() });
    if is_group {
        view! {
            <Show when=move || count.get() != 0>
                <span class="unread-dot" aria-hidden="true"></span>
            </Show>
        }
        .into_any()
    } else {
        view! { <Badge count /> }.into_any()
    }
}

/// A small icon beside a room's name, with its words.
#[component]
fn Mark(
    /// The icon.
    icon: &'static str,
    /// What it means.
    words: String,
) -> impl IntoView {
    let title = words.clone();
    view! {
        <span class="room-link-mark" title=title>
            <Icon name=icon />
            <span class="visually-hidden">{words}</span>
        </span>
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

fn excerpt(t: Locale, room: &RoomForMe, me: Option<UserId>, blocked: &BTreeSet<UserId>) -> String {
    match &room.last_message {
        None => text!(t, inbox.no_message),
        Some(last) if last.is_deleted => text!(t, timeline.deleted),
        Some(last) if Some(last.sender_id) == me => {
            text!(t, inbox.own, text = last.excerpt.clone())
        }
        Some(last) if blocked.contains(&last.sender_id) => text!(t, block.excerpt),
        Some(last) => last.excerpt.clone(),
    }
}
