//! Where one is signed in, and the way to end it.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        dates, errors,
        i18n::{Locale, direction, text, use_locale},
        parts::{form_field::FormError, icon::Icon, sign_out::sign_out},
        state::Chat,
    },
    browser::{focus, page},
    model::{OwnSession, SessionId, SessionKind, WireError, Zone, session::program_of},
};

const HEADING: &str = "devices-heading";

/// What the list knows and says.
#[derive(Clone, Copy)]
struct List {
    sessions: RwSignal<Vec<OwnSession>>,
    /// What was done last, for everybody to see and hear.
    done: RwSignal<String>,
    error: RwSignal<Option<WireError>>,
    is_busy: RwSignal<bool>,
}

impl List {
    /// Shows what became of it. Afterwards the keyboard stands at the list's heading, since its button is gone.
    fn finish(
        self,
        ended: Result<(), WireError>,
        is_over: impl Fn(&OwnSession) -> bool,
        done: String,
    ) {
        self.is_busy.set(false);
        match ended {
            // What was over already is over.
            Ok(()) | Err(WireError::NotFound) => {
                self.error.set(None);
                self.sessions
                    .update(|sessions| sessions.retain(|session| !is_over(session)));
                self.done.set(done);
                focus::on(HEADING);
            }
            Err(WireError::Unauthorized) => page::reload(),
            Err(error) => self.error.set(Some(error)),
        }
    }

    fn end(self, id: SessionId, done: String) {
        self.is_busy.set(true);
        spawn_local(async move {
            let ended = api::account::end_session(id).await;
            self.finish(ended, |session| session.id == id, done);
        });
    }

    fn end_others(self, done: String) {
        self.is_busy.set(true);
        spawn_local(async move {
            let ended = api::account::end_other_sessions().await;
            self.finish(ended, |session| !session.is_current, done);
        });
    }
}

/// The card with the devices.
#[component]
pub fn Devices(
    /// The chat.
    chat: Chat,
    /// The reader's zone.
    zone: Zone,
    /// The sessions, last used first.
    sessions: Vec<OwnSession>,
) -> impl IntoView {
    let t = use_locale();
    let list = List {
        sessions: RwSignal::new(sessions),
        done: RwSignal::new(String::new()),
        error: RwSignal::new(None),
        is_busy: RwSignal::new(false),
    };
    let has_others = Memo::new(move |_| {
        list.sessions
            .read()
            .iter()
            .any(|session| !session.is_current)
    });
    view! {
        <section class="card" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                {text!(t, account.devices)}
            </h2>
            <p>{text!(t, account.devices_text)}</p>
            <ul class="devices" role="list">
                <For each=move || list.sessions.get() key=|session| session.id let(session)>
                    <Device chat list zone=zone.clone() session />
                </For>
            </ul>
            <Show when=move || has_others.get()>
                <button
                    type="button"
                    class="button"
                    disabled=move || list.is_busy.get()
                    on:click=move |_| list.end_others(text!(t, account.signed_out_others))
                >
                    <Icon name="log-out" />
                    {text!(t, account.sign_out_others)}
                </button>
            </Show>
            {move || {
                list.error
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <p class="form-done" role="status">
                {move || Some(list.done.get()).filter(|done| !done.is_empty())}
            </p>
        </section>
    }
}

#[component]
fn Device(
    /// The chat.
    chat: Chat,
    /// The list it stands in.
    list: List,
    /// The reader's zone.
    zone: Zone,
    /// The session.
    session: OwnSession,
) -> impl IntoView {
    let t = use_locale();
    let name = device_name(t, &session);
    let time = dates::full(t, &zone, session.last_used_at);
    let (id, is_current) = (session.id, session.is_current);
    let label = if is_current {
        text!(t, account.sign_out_here)
    } else {
        text!(t, account.sign_out_of, device = &name, time = &time)
    };
    let done = text!(t, account.signed_out, device = &name);
    let end = move |_| {
        if is_current {
            sign_out(chat);
        } else {
            list.end(id, done.clone());
        }
    };
    view! {
        <li class="device">
            <span class="card-icon">
                <Icon name=device_icon(&session) />
            </span>
            <div class="device-text">
                <p class="device-name">
                    // As the page reads: "Chrome على Linux" begins at the right.
                    <bdi dir=direction(t)>{name}</bdi>
                    {is_current
                        .then(|| view! { <span class="device-here">{text!(t, account.here)}</span> })}
                </p>
                <p class="device-used">{text!(t, account.last_used, time = time)}</p>
            </div>
            <button
                type="button"
                class="button small"
                aria-label=label
                disabled=move || list.is_busy.get()
                on:click=end
            >
                {text!(t, account.sign_out)}
            </button>
        </li>
    }
}

/// "Firefox on Windows", or what a program calls itself.
fn device_name(t: Locale, session: &OwnSession) -> String {
    match program_of(&session.user_agent) {
        (Some(browser), Some(system)) => {
            text!(t, account.browser_on, browser = browser, system = system)
        }
        (Some(name), None) | (None, Some(name)) => name.to_owned(),
        (None, None) if session.kind == SessionKind::Browser => text!(t, account.unknown_browser),
        (None, None) if session.user_agent.is_empty() => text!(t, account.program),
        // The first word: "python-requests/2.32".
        (None, None) => {
            let first = session.user_agent.split_whitespace().next();
            first.unwrap_or_default().to_owned()
        }
    }
}

fn device_icon(session: &OwnSession) -> &'static str {
    match program_of(&session.user_agent) {
        (None, _) if session.kind == SessionKind::Token => "terminal",
        (_, Some("Android" | "iPhone" | "iPad")) => "smartphone",
        _ => "laptop",
    }
}
