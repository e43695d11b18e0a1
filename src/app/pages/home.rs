//! The start page: what waits for whoever is signed in.

use leptos::prelude::*;

use crate::{
    api::{School, Session},
    app::{
        i18n::{text, use_locale},
        pages::contact::CONTACT,
        parts::{
            icon::Icon,
            page_title::{PageTitle, unanswered, unread},
            room_link::RoomLink,
            status::Empty,
        },
        start::signed_in,
        state::Chat,
        widget::Widget,
    },
    model::RoomId,
};

/// So many conversations stand on the start page of those who answer.
const NEWEST: usize = 5;

/// The page `/`.
#[component]
pub fn HomePage() -> impl IntoView {
    signed_in(|school, session, chat| view! { <Home school session chat /> }.into_any())
}

#[component]
fn Home(
    /// The school.
    school: School,
    /// Who is signed in.
    session: Session,
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let (answers, asks) = (!session.answered().is_empty(), !session.asked().is_empty());
    let user = session.user;
    let title = text!(t, home.title);
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="page home" data-region="" tabindex="-1">
            <h1>{text!(t, home.greeting, name = user.name)}</h1>
            <div class="cards">
                {answers.then(|| view! { <InboxCards chat /> })}
                {asks.then(|| view! { <SupportCard chat /> })}
            </div>
        </main>
    }
}

/// For those who ask: the way to support.
#[component]
fn SupportCard(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let widget = Widget::of_page();
    let count = Memo::new(move |_| unread(chat));
    let state = move || match count.get() {
        0 => text!(t, home.support_read),
        count => text!(t, home.support_unread, count = count),
    };
    view! {
        <section class="card" aria-labelledby="support-heading">
            <span class="card-icon">
                <Icon name="life-buoy" />
            </span>
            <h2 id="support-heading">{text!(t, home.support_title)}</h2>
            <p>{text!(t, home.support_text)}</p>
            <p class="card-state" data-unread=move || (count.get() > 0).to_string()>
                {state}
            </p>
            <form action=CONTACT method="get">
                <button
                    type="submit"
                    class="button primary"
                    on:click=move |ev| {
                        ev.prevent_default();
                        widget.open();
                    }
                >
                    <Icon name="message" />
                    {text!(t, home.support_open)}
                </button>
            </form>
        </section>
    }
}

/// For those who answer: how much waits, and what came last.
#[component]
fn InboxCards(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let zone = StoredValue::new(chat.user().map(|user| user.zone).unwrap_or_default());
    let all = Memo::new(move |_| chat.lists.read().at_desks().count());
    let newest = Memo::new(move |_| newest(chat));
    let is_empty = Memo::new(move |_| newest.read().is_empty());
    view! {
        <section class="card" aria-labelledby="inbox-heading">
            <span class="card-icon">
                <Icon name="inbox" />
            </span>
            <h2 id="inbox-heading">{text!(t, home.inbox_title)}</h2>
            <dl class="counts">
                <div>
                    <dt>{text!(t, home.unread_conversations)}</dt>
                    <dd>{move || unanswered(chat)}</dd>
                </div>
                <div>
                    <dt>{text!(t, home.all_conversations)}</dt>
                    <dd>{all}</dd>
                </div>
            </dl>
            <a class="button primary" href="/admin/chat">
                <Icon name="inbox" />
                {text!(t, home.open_inbox)}
            </a>
        </section>
        <section class="card card-list" aria-labelledby="newest-heading">
            <h2 id="newest-heading">{text!(t, home.newest)}</h2>
            <Show when=move || is_empty.get()>
                <Empty
                    icon="messages"
                    title=text!(t, home.no_conversations)
                    text=text!(t, home.no_conversations_text)
                />
            </Show>
            <ul class="room-links" role="list">
                <For each=move || newest.get() key=|id| *id let(id)>
                    <li>
                        <RoomLink chat id zone selected=None />
                    </li>
                </For>
            </ul>
        </section>
    }
}

fn newest(chat: Chat) -> Vec<RoomId> {
    chat.lists
        .read()
        .by_activity()
        .into_iter()
        .filter(|room| room.support.is_some())
        .take(NEWEST)
        .map(|room| room.id())
        .collect()
}
