//! Those who ask to be let in, for those who decide.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api,
    app::{
        i18n::{text, use_locale},
        parts::avatar::Avatar,
    },
    model::{JoinRequest, RoomForMe, WireError},
};

/// The requests that wait; fetched again whenever their number changes.
#[component]
pub fn Requests(
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let room_id = room.read_untracked().id();
    let waiting = RwSignal::new(Vec::<JoinRequest>::new());
    let count = Memo::new(move |_| room.read().pending_count);
    Effect::new(move |_| {
        if count.get() == 0 {
            waiting.set(Vec::new());
            return;
        }
        spawn_local(async move {
            if let Ok(found) = api::rooms::join_requests(room_id).await {
                drop(waiting.try_set(found));
            }
        });
    });
    let is_shown = Memo::new(move |_| !waiting.read().is_empty());
    view! {
        <Show when=move || is_shown.get()>
            <section class="requests" aria-labelledby="requests-heading">
                <h3 id="requests-heading">{text!(t, room.requests)}</h3>
                <ul role="list">
                    <For
                        each=move || waiting.get()
                        key=|request| request.id
                        let(request)
                    >
                        <li>
                            <Request request waiting problem />
                        </li>
                    </For>
                </ul>
            </section>
        </Show>
    }
    .into_any()
}

#[component]
fn Request(
    /// Who asks, and what they say about it.
    request: JoinRequest,
    /// All that wait.
    waiting: RwSignal<Vec<JoinRequest>>,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let (id, room_id) = (request.id, request.room_id);
    let name = request.user.name.clone();
    let decide = move |is_approved| {
        problem.set(None);
        spawn_local(async move {
            match api::rooms::decide_request(room_id, id, is_approved).await {
                Ok(()) => waiting.update(|waiting| waiting.retain(|request| request.id != id)),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    let (yes, no) = (
        text!(t, room.approve_of, name = name.clone()),
        text!(t, room.deny_of, name = name.clone()),
    );
    view! {
        <div class="request">
            <Avatar id=request.user.id name=name.clone() />
            <div class="request-text">
                <bdi>{name}</bdi>
                <p dir="auto">{request.note}</p>
                <div class="request-buttons">
                    <button
                        type="button"
                        class="button primary"
                        aria-label=yes
                        on:click=move |_| decide(true)
                    >
                        {text!(t, room.approve)}
                    </button>
                    <button type="button" class="button" aria-label=no on:click=move |_| decide(false)>
                        {text!(t, room.deny)}
                    </button>
                </div>
            </div>
        </div>
    }
    .into_any()
}
