//! Making a room.

use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            form_field::{FieldProblem, FormError},
            icon::Icon,
        },
    },
    browser::dialog,
    model::{
        RoomDraft, RoomKind, WireError,
        room_draft::{
            DESCRIPTION_CHARS, MEMBERS_DEFAULT, MEMBERS_LEAST, MEMBERS_MOST, ROOM_NAME_CHARS,
        },
    },
};

const DIALOG: &str = "create-room";

/// Who may find it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Openness {
    Public,
    Listed,
    Hidden,
}

impl Openness {
    fn of(word: &str) -> Self {
        match word {
            "listed" => Self::Listed,
            "hidden" => Self::Hidden,
            _ => Self::Public,
        }
    }

    fn kind(self) -> RoomKind {
        match self {
            Self::Public => RoomKind::Public,
            Self::Listed | Self::Hidden => RoomKind::Private,
        }
    }
}

/// The button and its dialog.
#[component]
pub fn CreateRoom(
    /// Whether the reader may make public rooms, and private ones.
    makes: [bool; 2],
) -> impl IntoView {
    let t = use_locale();
    let is_alive = RwSignal::new(false);
    Effect::new(move |_| is_alive.set(true));
    view! {
        <button
            type="button"
            class="button primary"
            disabled=move || !is_alive.get()
            on:click=move |_| dialog::show(DIALOG)
        >
            <Icon name="plus" />
            {text!(t, rooms.create)}
        </button>
        <dialog id=DIALOG class="dialog" aria-labelledby="create-room-title">
            <h2 id="create-room-title">{text!(t, rooms.create)}</h2>
            <Form makes />
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(
    /// Whether the reader may make public rooms, and private ones.
    makes: [bool; 2],
) -> impl IntoView {
    let t = use_locale();
    let name = NodeRef::<html::Input>::new();
    let description = NodeRef::<html::Textarea>::new();
    let openness = NodeRef::<html::Select>::new();
    let [public, private] = makes;
    let most = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<WireError>);
    let navigate = use_navigate();
    let draft = move || {
        let openness = Openness::of(&openness.get_untracked()?.value());
        Some(RoomDraft {
            description: description.get_untracked()?.value(),
            is_listed: openness != Openness::Hidden,
            max_members: most.get_untracked()?.value().trim().parse().unwrap_or(0),
            ..RoomDraft::new(openness.kind(), &name.get_untracked()?.value())
        })
    };
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let Some(draft) = draft() else { return };
        match draft.checked() {
            Ok(draft) => {
                let navigate = navigate.clone();
                spawn_local(async move {
                    match api::rooms::create_room(draft).await {
                        Ok(room_id) => {
                            dialog::close(DIALOG);
                            navigate(&format!("/chat/{room_id}"), Default::default());
                        }
                        Err(error) => problem.set(Some(error)),
                    }
                });
            }
            Err(error) => problem.set(Some(error)),
        }
    };
    let of = move |field: &'static str, words: String| {
        Signal::derive(move || match problem.get() {
            Some(WireError::Invalid { fields }) if fields.contains_key(field) => {
                Some(words.clone())
            }
            _ => None,
        })
    };
    let bad_name = of("name", text!(t, room.bad_name, count = ROOM_NAME_CHARS));
    let bad_text = of(
        "description",
        text!(t, room.bad_description, count = DESCRIPTION_CHARS),
    );
    let bad_most = of(
        "max_participants",
        text!(
            t,
            rooms.bad_most,
            least = MEMBERS_LEAST,
            most = MEMBERS_MOST
        ),
    );
    let other = move || {
        let error = problem.get()?;
        (!matches!(error, WireError::Invalid { .. })).then(|| errors::sentence(t, &error))
    };
    view! {
        <form class="dialog-form" novalidate on:submit=submit>
            {move || other().map(|sentence| view! { <FormError sentence /> })}
            <div class="form-row">
                <label for="new-name">{text!(t, room.name)}</label>
                <input
                    node_ref=name
                    id="new-name"
                    class="input"
                    dir="auto"
                    autocomplete="off"
                    aria-invalid=move || bad_name.get().map(|_| "true")
                    aria-describedby="new-name-problem"
                />
                <FieldProblem name="new-name" problem=bad_name />
            </div>
            <div class="form-row">
                <label for="new-description">{text!(t, room.description)}</label>
                <textarea
                    node_ref=description
                    id="new-description"
                    class="input"
                    rows="2"
                    dir="auto"
                    aria-invalid=move || bad_text.get().map(|_| "true")
                    aria-describedby="new-description-problem"
                ></textarea>
                <FieldProblem name="new-description" problem=bad_text />
            </div>
            <div class="form-row">
                <label for="new-openness">{text!(t, rooms.openness)}</label>
                <select node_ref=openness id="new-openness" class="select">
                    {public
                        .then(|| view! { <option value="public">{text!(t, rooms.is_public)}</option> })}
                    {private
                        .then(|| {
                            view! {
                                <option value="listed">{text!(t, rooms.is_listed)}</option>
                                <option value="hidden">{text!(t, rooms.is_hidden)}</option>
                            }
                        })}
                </select>
            </div>
            <div class="form-row">
                <label for="new-most">{text!(t, rooms.most)}</label>
                <input
                    node_ref=most
                    id="new-most"
                    class="input"
                    inputmode="numeric"
                    autocomplete="off"
                    value=MEMBERS_DEFAULT.to_string()
                    aria-invalid=move || bad_most.get().map(|_| "true")
                    aria-describedby="new-most-problem"
                />
                <FieldProblem name="new-most" problem=bad_most />
            </div>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| dialog::close(DIALOG)>
                    {text!(t, app.cancel)}
                </button>
                <button type="submit" class="button primary">
                    {text!(t, rooms.create)}
                </button>
            </div>
        </form>
    }
    .into_any()
}
