//! What everybody is told: writing it, and ending it.

use leptos::{html, prelude::*, task::spawn_local};

use super::{Said, Told};
use crate::{
    api,
    app::{
        dates,
        i18n::{text, use_locale},
        parts::{form_field::FieldProblem, status::Empty},
        state::Chat,
    },
    browser::focus,
    model::{
        Alert, Timestamp, WireError, Zone,
        alert::{ALERT_CHARS, checked},
    },
};

const TEXT: &str = "alert-text";
const UNTIL: &str = "alert-until";
const HEADING: &str = "alerts-heading";
const HOUR_MS: i64 = 3_600_000;

/// When one ends, as the form offers it.
fn end_of(word: &str, now: Timestamp) -> Option<Timestamp> {
    match word {
        "hour" => Some(now.plus_ms(HOUR_MS)),
        "day" => Some(now.plus_ms(24 * HOUR_MS)),
        "week" => Some(now.plus_ms(7 * 24 * HOUR_MS)),
        _ => None,
    }
}

/// The form and the list.
#[component]
pub fn Alerts(
    /// The chat.
    chat: Chat,
    /// The reader's zone.
    zone: StoredValue<Zone>,
    /// What everybody is told now.
    alerts: Vec<Alert>,
) -> impl IntoView {
    let t = use_locale();
    let said = Said::new();
    let alerts = RwSignal::new(alerts);
    // What others tell meanwhile comes over the socket.
    Effect::new(move |before: Option<()>| {
        let current = chat.lists.read().alerts.current.clone();
        if before.is_some() && *alerts.read_untracked() != current {
            alerts.set(current);
        }
    });
    let is_empty = Memo::new(move |_| alerts.read().is_empty());
    view! {
        <section class="card" aria-labelledby=HEADING>
            <h2 id=HEADING tabindex="-1">
                {text!(t, school.alerts)}
            </h2>
            <p>{text!(t, school.alerts_text)}</p>
            <AlertForm chat said />
            <Told said />
            <Show when=move || is_empty.get()>
                <Empty icon="info" title=text!(t, school.none) text=text!(t, school.none_text) />
            </Show>
            <ul class="devices" role="list">
                <For each=move || alerts.get() key=|alert| alert.clone() let(alert)>
                    <Standing zone alert said />
                </For>
            </ul>
        </section>
    }
    .into_any()
}

#[component]
fn AlertForm(
    /// The chat.
    chat: Chat,
    /// What the card says.
    said: Said,
) -> impl IntoView {
    let t = use_locale();
    let field = NodeRef::<html::Textarea>::new();
    let until = NodeRef::<html::Select>::new();
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let (Some(field), Some(until)) = (field.get_untracked(), until.get_untracked()) else {
            return;
        };
        let now = chat.second.get_untracked();
        let until = end_of(&until.value(), now);
        said.begin();
        let content = match checked(&field.value(), until, now) {
            Ok(content) => content,
            Err(error) => {
                said.end::<()>(Err(error), String::new());
                focus::on(TEXT);
                return;
            }
        };
        spawn_local(async move {
            let told = api::school::tell_everybody(content, until).await;
            if said.end(told, text!(t, school.told)).is_some() {
                field.set_value("");
            }
        });
    };
    let bad_text = said.of("text", text!(t, school.bad_alert, count = ALERT_CHARS));
    let too_many = Signal::derive(move || {
        let is_one_too_many = said.problem.get() == Some(WireError::Conflict);
        is_one_too_many.then(|| text!(t, school.too_many))
    });
    view! {
        <form class="account-form" method="post" novalidate on:submit=submit>
            <div class="form-row">
                <label for=TEXT>{text!(t, school.alert)}</label>
                <textarea
                    node_ref=field
                    id=TEXT
                    class="input"
                    rows="3"
                    dir="auto"
                    aria-invalid=move || bad_text.get().map(|_| "true")
                    aria-describedby="alert-text-problem"
                ></textarea>
                <FieldProblem
                    name=TEXT
                    problem=Signal::derive(move || bad_text.get().or_else(|| too_many.get()))
                />
            </div>
            <div class="form-row">
                <label for=UNTIL>{text!(t, school.until)}</label>
                <select node_ref=until id=UNTIL class="select">
                    <option value="ended">{text!(t, school.until_ended)}</option>
                    <option value="hour">{text!(t, school.hour)}</option>
                    <option value="day">{text!(t, school.day)}</option>
                    <option value="week">{text!(t, school.week)}</option>
                </select>
            </div>
            <button type="submit" class="button primary" disabled=move || said.is_busy.get()>
                {text!(t, school.tell)}
            </button>
        </form>
    }
    .into_any()
}

#[component]
fn Standing(
    /// The reader's zone.
    zone: StoredValue<Zone>,
    /// What is told.
    alert: Alert,
    /// What the card says.
    said: Said,
) -> impl IntoView {
    let t = use_locale();
    let id = alert.id;
    let full = |at| zone.with_value(|zone| dates::full(t, zone, at));
    let since = full(alert.created_at);
    let times = match alert.until {
        Some(until) => text!(t, school.since_until, time = since, until = full(until)),
        None => text!(t, school.since, time = since),
    };
    let label = text!(t, school.end_of, text = alert.content.clone());
    let end = move |_| {
        said.begin();
        spawn_local(async move {
            let ended = match api::school::end_alert(id).await {
                // What is over already is over.
                Err(WireError::NotFound) => Ok(()),
                ended => ended,
            };
            if said.end(ended, text!(t, school.ended)).is_some() {
                focus::on(HEADING);
            }
        });
    };
    view! {
        <li class="device">
            <div class="device-text">
                <p dir="auto" class="alert-text">
                    {alert.content}
                </p>
                <p class="device-used">{times}</p>
            </div>
            <button
                type="button"
                class="button small"
                aria-label=label
                disabled=move || said.is_busy.get()
                on:click=end
            >
                {text!(t, school.end)}
            </button>
        </li>
    }
    .into_any()
}
