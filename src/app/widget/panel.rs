//! The panel: its head, and the conversation or what stands in its place.

use leptos::prelude::*;

use super::{PANEL, Phase, Widget};
use crate::{
    app::{
        errors,
        i18n::{text, use_locale},
        pages::contact::{CONTACT, contact_path},
        parts::{
            connection_bar::ConnectionBar,
            conversation::Conversation,
            desk::{DeskLine, DeskList, asked, title},
            icon::Icon,
            status::{Failed, Skeleton},
        },
        state::{Chat, Connection},
    },
    model::DeskCard,
};

/// The panel, in the page from the start, so that minimising keeps its place and draft. Not modal: the page behind it
/// stays in use.
#[component]
pub fn Panel(
    /// The chat.
    chat: Chat,
    /// The school's name.
    school: String,
) -> impl IntoView {
    let t = use_locale();
    let widget = Widget::of_page();
    let school = StoredValue::new(school);
    let address = move || match widget.desk.get() {
        Some(desk) if asked(chat).len() > 1 => contact_path(&desk),
        _ => CONTACT.to_owned(),
    };
    view! {
        <div
            id=PANEL
            class="widget-panel"
            role="dialog"
            aria-label=text!(t, widget.title)
            tabindex="-1"
            data-open=move || widget.is_open.get().to_string()
            inert=move || !widget.is_open.get()
            on:keydown=move |ev| {
                if ev.key() == "Escape" && !ev.is_composing() {
                    ev.prevent_default();
                    widget.minimise();
                }
            }
        >
            <header class="widget-head">
                {move || school.with_value(|school| head(chat, widget, school))}
                <a
                    class="icon-button"
                    href=address
                    aria-label=text!(t, widget.as_page)
                    title=text!(t, widget.as_page)
                >
                    <Icon name="maximize" />
                </a>
                <button
                    type="button"
                    class="icon-button"
                    aria-label=text!(t, widget.minimise)
                    title=text!(t, widget.minimise)
                    on:click=move |_| widget.minimise()
                >
                    <Icon name="minus" />
                </button>
            </header>
            <ConnectionBar chat />
            {move || body(chat, widget)}
        </div>
    }
}

/// Whom the conversation is with, when to expect an answer, and, where there are several, the way back to the choice.
fn head(chat: Chat, widget: Widget, school: &str) -> impl IntoView + use<> {
    let t = use_locale();
    let desks = asked(chat);
    let chosen = widget.desk.get();
    let card = desks
        .iter()
        .find(|card| desks.len() == 1 || Some(&card.desk) == chosen.as_ref())
        .cloned();
    let heading = match &card {
        Some(card) if desks.len() > 1 => title(t, card),
        _ => text!(t, widget.heading, school = school.to_owned()),
    };
    let back = (desks.len() > 1 && card.is_some()).then(|| {
        view! {
            <button
                type="button"
                class="icon-button"
                aria-label=text!(t, desk.all)
                title=text!(t, desk.all)
                on:click=move |_| widget.choose_again()
            >
                <Icon name="back" />
            </button>
        }
    });
    view! {
        {back}
        <div class="widget-head-text">
            <h2 dir="auto">{heading}</h2>
            <p>
                {said(chat, card)} <span class="widget-connection"><ConnectionState chat /></span>
            </p>
        </div>
    }
}

fn said(chat: Chat, card: Option<DeskCard>) -> AnyView {
    match card {
        Some(card) => view! { <DeskLine chat card /> }.into_any(),
        None => text!(use_locale(), desk.choose).into_any(),
    }
}

fn body(chat: Chat, widget: Widget) -> AnyView {
    let t = use_locale();
    if widget.desk.get().is_none() && asked(chat).len() > 1 {
        let choose = move |desk| {
            widget.choose(desk);
            true
        };
        return view! { <DeskList chat choose /> }.into_any();
    }
    match widget.phase.get() {
        Phase::Unopened => ().into_any(),
        Phase::Loading => view! { <Skeleton lines=5 /> }.into_any(),
        Phase::Failed(error) => {
            let message = errors::sentence(t, &error);
            view! { <Failed message on_retry=move |()| widget.load() /> }.into_any()
        }
        Phase::Ready(view) => {
            let view = *view;
            let empty = (text!(t, widget.empty_title), text!(t, widget.empty_text));
            let autofocus = widget.takes_focus.get_untracked();
            view! { <Conversation chat view empty autofocus /> }.into_any()
        }
    }
}

/// A dot and a word.
#[component]
fn ConnectionState(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let state = move || match chat.connection.get() {
        Connection::Online => ("online", text!(t, connection.online)),
        Connection::Connecting => ("connecting", text!(t, connection.connecting)),
        Connection::Offline { .. } | Connection::Stopped => {
            ("offline", text!(t, connection.offline))
        }
    };
    view! {
        <span class="presence" data-state=move || state().0>
            {move || state().1}
        </span>
    }
}
