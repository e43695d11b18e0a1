//! The quiet bar that says when the page does not hear the server.

use leptos::{either::EitherOf3, prelude::*};

use super::icon::Icon;
use crate::app::{
    i18n::{Locale, text, use_locale},
    state::{Chat, Connection, link},
};

/// Shorter breaks are not worth a word.
const QUIET_MS: i64 = 2_000;
/// So long "Back online" is shown.
const BACK_MS: i64 = 3_000;
const MS_PER_SECOND: i64 = 1_000;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Shown {
    Nothing,
    Down,
    Back,
}

/// Says so after two seconds without a connection, and shortly when it is back.
#[component]
pub fn ConnectionBar(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let shown = shown(chat);
    let bar = move || match shown.get() {
        Shown::Nothing => EitherOf3::A(()),
        Shown::Back => EitherOf3::B(view! {
            <div class="connection-bar" data-state="back">
                <Icon name="online" />
                <span>{text!(t, connection.back)}</span>
            </div>
        }),
        Shown::Down => EitherOf3::C(view! {
            <div class="connection-bar" data-state="down">
                <Icon name="offline" />
                <span class="connection-text">{move || reason(t, chat.connection.get())}</span>
                // A countdown is for the eye: told each second it would drown everything else.
                <span class="connection-wait" aria-hidden="true">
                    {move || wait(t, chat.connection.get(), chat.second.get().0)}
                </span>
                <button
                    type="button"
                    class="button small"
                    on:click=move |_| link::connect_now(chat)
                >
                    {text!(t, connection.now)}
                </button>
            </div>
        }),
    };
    view! { <div class="connection" role="status">{bar}</div> }
}

/// What the bar shows, from second to second.
fn shown(chat: Chat) -> Memo<Shown> {
    let state = Memo::new(move |before: Option<&(Shown, i64)>| {
        let now = chat.second.get().0;
        let (last, until) = before.copied().unwrap_or((Shown::Nothing, 0));
        match chat.down_since.get() {
            Some(since) if now.saturating_sub(since.0) >= QUIET_MS => (Shown::Down, 0),
            Some(_) => (last, until),
            None if last == Shown::Down => (Shown::Back, now.saturating_add(BACK_MS)),
            None if last == Shown::Back && now < until => (last, until),
            None => (Shown::Nothing, 0),
        }
    });
    Memo::new(move |_| state.get().0)
}

fn reason(t: Locale, connection: Connection) -> String {
    match connection {
        Connection::Stopped => text!(t, connection.stopped),
        _ => text!(t, connection.lost),
    }
}

fn wait(t: Locale, connection: Connection, now_ms: i64) -> String {
    match connection {
        Connection::Offline { retry_at_ms } if retry_at_ms > now_ms => {
            let seconds = (retry_at_ms - now_ms + MS_PER_SECOND - 1) / MS_PER_SECOND;
            text!(t, connection.retry_in, seconds = seconds)
        }
        Connection::Offline { .. } | Connection::Connecting => text!(t, connection.reconnecting),
        Connection::Online | Connection::Stopped => String::new(),
    }
}
