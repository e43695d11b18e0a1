//! The socket's life: open, hear, be silent too long, come back.

use leptos::prelude::*;

use super::{Chat, Connection, announce, reading};
use crate::{
    browser::{clock, page, random, socket, socket::SocketEvent, timer},
    model::Timestamp,
    protocol::{CloseCode, Command, Event, SOCKET_PATH, SUBPROTOCOL, close::may_reconnect},
    sync::backoff,
};

/// A connection that is not there after so long is given up.
const CONNECT_MS: i64 = 15_000;
/// After a sleep the server must show a sign of life within this time.
const PROBE_MS: i64 = 5_000;
/// How a connection ends that simply broke.
const BROKEN: u16 = 1006;

/// What the link remembers.
#[derive(Default)]
pub(super) struct Link {
    attempt: u32,
    opened_at: Timestamp,
    heard_at: Timestamp,
    pinged_at: Timestamp,
    probe_until: Option<Timestamp>,
}

/// Connects, and keeps connected.
pub(super) fn begin(chat: Chat) {
    page::on_wake(move || wake(chat));
    page::on_offline(move || lost(chat, BROKEN));
    connect(chat);
}

/// Tries now, whatever the wait was.
pub fn connect_now(chat: Chat) {
    if !matches!(
        chat.connection.get_untracked(),
        Connection::Online | Connection::Connecting
    ) {
        connect(chat);
    }
}

fn connect(chat: Chat) {
    let now = clock::now();
    chat.change(|inner| {
        inner.link.opened_at = now;
        inner.link.heard_at = now;
        inner.link.probe_until = None;
    });
    set_connection(chat, Connection::Connecting);
    let is_tried = socket::open(SOCKET_PATH, SUBPROTOCOL, move |event| match event {
        SocketEvent::Text(text) => hear(chat, &text),
        SocketEvent::Closed(code) => lost(chat, code),
    });
    if !is_tried {
        lost(chat, BROKEN);
    }
}

fn hear(chat: Chat, text: &str) {
    let now = clock::now();
    chat.change(|inner| {
        inner.link.heard_at = now;
        inner.link.probe_until = None;
    });
    // An event of a newer server that this page does not know yet is passed over; its gap shows by `seq`.
    let Ok(event) = serde_json::from_str::<Event>(text) else {
        return;
    };
    if let Event::ChatMessage { message, .. } = &event
        && !message.is_deleted()
    {
        announce::heard(chat, message);
    }
    // A resume tells of a deletion by the message's present state.
    if let Event::MessageDeleted { message, .. } | Event::ChatMessage { message, .. } = &event
        && message.is_deleted()
    {
        chat.deleted.set(Some(message.id));
    }
    let is_hello = matches!(event, Event::Hello(_));
    chat.act(|client, now| client.receive(event, now));
    if is_hello {
        chat.change(|inner| inner.link.attempt = 0);
        set_connection(chat, Connection::Online);
        reading::watch(chat);
    }
}

fn lost(chat: Chat, code: u16) {
    socket::close();
    chat.act(|client, _| client.disconnected());
    let afresh = [CloseCode::SessionEnded, CloseCode::RoleChanged];
    if afresh.iter().any(|known| known.number() == code) {
        // The page asks for signing in, and leads back here, or is another one for another role; drafts and outbox stay.
        page::reload();
    } else if may_reconnect(code) {
        wait(chat);
    } else {
        set_connection(chat, Connection::Stopped);
    }
}

fn wait(chat: Chat) {
    let attempt = chat
        .change(|inner| {
            let attempt = inner.link.attempt;
            inner.link.attempt = attempt.saturating_add(1);
            attempt
        })
        .unwrap_or_default();
    let delay_ms = backoff::delay_ms(attempt, random::fraction());
    let retry_at_ms = clock::now().plus_ms(i64::from(delay_ms)).0;
    let waiting = Connection::Offline { retry_at_ms };
    set_connection(chat, waiting);
    timer::after(delay_ms, move || {
        if chat.connection.try_get_untracked() == Some(waiting) {
            connect(chat);
        }
    });
}

fn wake(chat: Chat) {
    match chat.connection.get_untracked() {
        Connection::Offline { .. } => connect(chat),
        Connection::Online => {
            let now = clock::now();
            chat.change(|inner| inner.link.probe_until = Some(now.plus_ms(PROBE_MS)));
            ping(chat, now);
        }
        Connection::Connecting | Connection::Stopped => {}
    }
}

/// Each second: a sign of life where one is due, and the end of a connection that shows none.
pub(super) fn tick(chat: Chat) {
    let now = clock::now();
    let Some((is_ping_due, is_silent, is_slow)) = chat.with(|inner| {
        let (link, limits) = (&inner.link, inner.limits);
        let is_silent = now.ms_since(link.heard_at) > i64::from(limits.timeout_ms)
            || link.probe_until.is_some_and(|until| now > until);
        (
            now.ms_since(link.pinged_at) >= i64::from(limits.heartbeat_ms),
            is_silent,
            now.ms_since(link.opened_at) > CONNECT_MS,
        )
    }) else {
        return;
    };
    match chat.connection.get_untracked() {
        Connection::Online if is_silent => lost(chat, BROKEN),
        Connection::Online if is_ping_due => ping(chat, now),
        Connection::Connecting if is_slow => lost(chat, BROKEN),
        _ => {}
    }
}

fn ping(chat: Chat, now: Timestamp) {
    chat.change(|inner| inner.link.pinged_at = now);
    send(chat, &Command::Ping);
}

/// Sends a command, where there is a connection; the client sends again what matters after the next one.
pub(super) fn send(_chat: Chat, command: &Command) {
    if let Ok(text) = serde_json::to_string(command) {
        socket::send(&text);
    }
}

fn set_connection(chat: Chat, connection: Connection) {
    if connection == Connection::Online {
        chat.down_since.set(None);
    } else if chat.down_since.get_untracked().is_none() {
        chat.down_since.set(Some(clock::now()));
    }
    chat.connection.set(connection);
}
