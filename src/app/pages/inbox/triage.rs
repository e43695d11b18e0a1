//! Where the open conversation stands, and the controls that move it.

use leptos::{prelude::*, task::spawn_local};

use super::filters::status_name;
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::icon::Icon,
        state::RoomView,
    },
    model::{Desk, RoomId, SupportChange, SupportStatus, UserCard, UserId},
};

/// Says where a conversation stands; what went wrong goes into `problem`. What it came to comes by the socket, to all
/// who answer alike.
#[derive(Clone, Copy)]
struct Triage {
    room_id: RoomId,
    is_busy: RwSignal<bool>,
    problem: RwSignal<Option<String>>,
}

impl Triage {
    fn change(self, change: SupportChange) {
        let t = use_locale();
        self.is_busy.set(true);
        spawn_local(async move {
            let done = api::support::triage(self.room_id, change).await;
            self.problem
                .set(done.err().map(|error| errors::sentence(t, &error)));
            self.is_busy.set(false);
        });
    }
}

/// The status, who takes care of it, and the buttons.
#[component]
pub fn TriageBar(
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let triage = Triage {
        room_id: view.id,
        is_busy: RwSignal::new(false),
        problem: RwSignal::new(None),
    };
    let room = RwSignal::from(view.room);
    let desk = room.read_untracked().shared.desk.clone();
    let support = Memo::new(move |_| room.read().support.clone().unwrap_or_default());
    let status = Memo::new(move |_| support.read().status);
    let assignee = Memo::new(move |_| support.read().assignee.clone());
    view! {
        <div class="triage">
            <p class="status-mark" role="status" data-status=move || status.get().as_str()>
                {move || status_name(t, Some(status.get()))}
            </p>
            <AssigneeChoice triage assignee desk />
            <Move triage status to=SupportStatus::Pending icon="clock" label=text!(t, inbox.set_pending) />
            <Move triage status to=SupportStatus::Open icon="retry" label=text!(t, inbox.reopen) />
            <Move triage status to=SupportStatus::Resolved icon="check" label=text!(t, inbox.resolve) />
            {move || {
                triage.problem.get().map(|problem| view! { <p class="field-problem" role="alert">{problem}</p> })
            }}
        </div>
    }
}

/// A button that puts the conversation there; nothing where it stands there.
#[component]
fn Move(
    /// What moves it.
    triage: Triage,
    /// Where it stands.
    status: Memo<SupportStatus>,
    /// Where it goes.
    to: SupportStatus,
    /// The button's icon.
    icon: &'static str,
    /// Its words.
    label: String,
) -> impl IntoView {
    let label = StoredValue::new(label);
    let class = if to == SupportStatus::Pending {
        "button small"
    } else {
        "button small primary"
    };
    view! {
        <Show when=move || status.get() != to>
            <button
                type="button"
                class=class
                title=label.get_value()
                data-to=to.as_str()
                disabled=move || triage.is_busy.get()
                on:click=move |_| triage.change(SupportChange::Status(to))
            >
                <Icon name=icon />
                <span class="move-words">{label.get_value()}</span>
            </button>
        </Show>
    }
}

/// Who takes care of it. Those who answer are asked for once the page is alive; until then the present one stands alone.
#[component]
fn AssigneeChoice(
    /// What moves it.
    triage: Triage,
    /// Who takes care of it.
    assignee: Memo<Option<UserCard>>,
    /// Whom the conversation is with.
    desk: Option<Desk>,
) -> impl IntoView {
    let t = use_locale();
    let staff = RwSignal::new(Vec::<UserCard>::new());
    Effect::new(move |_| {
        let desk = desk.clone();
        spawn_local(async move {
            // Without them one can still give it back; the next room tries again.
            if let Ok(known) = api::support::support_staff().await {
                let here = known
                    .into_iter()
                    .filter(|one| desk.as_ref().is_some_and(|desk| one.desks.contains(desk)));
                drop(staff.try_set(here.map(|one| one.card).collect()));
            }
        });
    });
    let options = Memo::new(move |_| {
        let mut people = staff.get();
        if let Some(present) = assignee.get()
            && people.iter().all(|person| person.id != present.id)
        {
            people.push(present);
        }
        people
    });
    let chosen = Memo::new(move |_| assignee.read().as_ref().map(|person| person.id));
    let word = move |id: Option<UserId>| id.map(|id| id.to_string()).unwrap_or_default();
    view! {
        <select
            class="select"
            aria-label=text!(t, inbox.who)
            title=text!(t, inbox.who)
            disabled=move || triage.is_busy.get()
            prop:value=move || {
                options.track();
                word(chosen.get())
            }
            on:change:target=move |ev| {
                let id = ev.target().value().parse().ok();
                triage.change(SupportChange::Assignee(id));
            }
        >
            <option value="" selected=move || chosen.get().is_none()>
                {text!(t, inbox.nobody)}
            </option>
            <For each=move || options.get() key=|person| person.id let(person)>
                <option
                    value=person.id.to_string()
                    selected=move || chosen.get() == Some(person.id)
                >
                    {person.name.clone()}
                </option>
            </For>
        </select>
    }
}
