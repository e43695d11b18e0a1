//! What can be done with a whole room: changing it, archiving it, leaving it, letting it go.

use leptos::{html, prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::choices::ChoiceItems;
use super::of_course::{OfCourse, mode};
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{
            block::{BlockButton, other_of},
            confirm::Confirm,
            form_field::{FieldProblem, FormError},
            icon::Icon,
        },
        state::Chat,
    },
    browser::dialog,
    model::{
        MemberRole, Role, RoomForMe, RoomId, RoomKind, RoomPatch, WireError,
        room_draft::{DESCRIPTION_CHARS, ROOM_NAME_CHARS},
    },
};

pub(super) const MENU: &str = "room-menu";
const DIALOG: &str = "room-dialog";

/// What a kind of rooms is called.
pub fn kind_name(t: Locale, kind: RoomKind) -> String {
    match kind {
        RoomKind::Public => text!(t, room.public),
        RoomKind::Private => text!(t, room.private),
        RoomKind::Course => text!(t, room.course),
        RoomKind::Direct => text!(t, room.direct),
        RoomKind::Thread => text!(t, room.thread),
        RoomKind::Support => text!(t, home.support_title),
    }
}

/// What the reader may do with the room as a whole.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Rights {
    changes: bool,
    archives: bool,
    leaves: bool,
}

impl Rights {
    fn any(self) -> bool {
        self.changes || self.archives || self.leaves
    }
}

fn rights(chat: Chat, room: &RoomForMe) -> Rights {
    let is_admin = chat.user().is_some_and(|user| user.role == Role::Admin);
    let is_group = room.shared.kind.is_group();
    let runs = is_group && (room.role == Some(MemberRole::Host) || is_admin);
    Rights {
        changes: runs,
        archives: runs || room.is_personal(),
        leaves: matches!(room.shared.kind, RoomKind::Public | RoomKind::Private),
    }
}

/// The button "More" with its menu.
#[component]
pub fn RoomMenu(
    /// The chat.
    chat: Chat,
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let room_id = room.read_untracked().id();
    let rights = Memo::new(move |_| rights(chat, &room.read()));
    let other = other_of(chat, &room.read_untracked());
    let blockable = other.filter(|card| chat.may_block(card.role));
    let is_archived = Memo::new(move |_| room.read().shared.is_archived);
    let name = move || room.read_untracked().shared.name.clone();
    let problem = RwSignal::new(None::<WireError>);
    let navigate = use_navigate();
    // The menu goes with the room, before the answer is there.
    let away = move || navigate("/chat", Default::default());
    let away_after = away.clone();
    let leave = Callback::new(move |()| {
        dialog::hide_popover(MENU);
        let title = text!(t, room.leave_title, name = name());
        let words = (text!(t, room.leave_text), text!(t, room.leave));
        let away = away.clone();
        confirm.ask(title, words.0, words.1, move || {
            done(problem, api::rooms::leave_room(room_id), away.clone());
        });
    });
    let delete = Callback::new(move |()| {
        dialog::hide_popover(MENU);
        let title = text!(t, room.delete_title, name = name());
        let words = (text!(t, room.delete_text), text!(t, room.delete));
        let away_after = away_after.clone();
        confirm.ask(title, words.0, words.1, move || {
            done(
                problem,
                api::rooms::delete_room(room_id),
                away_after.clone(),
            );
        });
    });
    let archive = move |_| {
        dialog::hide_popover(MENU);
        let is_archived = !is_archived.get_untracked();
        done(
            problem,
            api::rooms::archive_room(room_id, is_archived),
            || {},
        );
    };
    let change = move |_| {
        dialog::hide_popover(MENU);
        dialog::show(DIALOG);
    };
    view! {
        // Who only takes part in a course's room has nothing to choose from.
        <Show when=move || rights.get().any()>
            <button
                type="button"
                class="icon-button"
                popovertarget=MENU
                aria-label=text!(t, room.more)
                title=text!(t, room.more)
            >
                <Icon name="more" />
            </button>
        </Show>
        <div id=MENU class="menu" popover="auto">
            <ChoiceItems room problem />
            <Show when=move || rights.get().changes>
                <button type="button" class="menu-item" on:click=change>
                    {text!(t, room.change)}
                </button>
            </Show>
            <Show when=move || rights.get().archives>
                <button type="button" class="menu-item" on:click=archive>
                    {move || {
                        if is_archived.get() {
                            text!(t, room.unarchive)
                        } else {
                            text!(t, room.archive)
                        }
                    }}
                </button>
            </Show>
            {blockable
                .map(|card| view! { <BlockButton chat card class="menu-item" /> })}
            <Show when=move || rights.get().leaves>
                <button type="button" class="menu-item" on:click=move |_| leave.run(())>
                    {text!(t, room.leave)}
                </button>
            </Show>
            <Show when=move || rights.get().changes>
                <button type="button" class="menu-item danger" on:click=move |_| delete.run(())>
                    {text!(t, room.delete)}
                </button>
            </Show>
        </div>
        {move || {
            problem
                .get()
                .map(|error| {
                    view! {
                        <div class="room-problem">
                            <FormError sentence=errors::sentence(t, &error) />
                        </div>
                    }
                })
        }}
        <ChangeDialog room_id room />
    }
    .into_any()
}

/// Waits for it, says what went wrong, or goes on.
pub(super) fn done<T: 'static>(
    problem: RwSignal<Option<WireError>>,
    act: impl Future<Output = Result<T, WireError>> + 'static,
    then: impl Fn() + 'static,
) {
    problem.set(None);
    spawn_local(async move {
        match act.await {
            Ok(_) => then(),
            Err(error) => drop(problem.try_set(Some(error))),
        }
    });
}

#[component]
fn ChangeDialog(
    /// The room.
    room_id: RoomId,
    /// As the reader has it.
    room: RwSignal<RoomForMe>,
) -> impl IntoView {
    let t = use_locale();
    let (name, description) = (
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Textarea>::new(),
    );
    let questions = NodeRef::<html::Input>::new();
    let problem = RwSignal::new(None::<WireError>);
    let shared = Memo::new(move |_| room.read().shared.clone());
    let submit = move |ev: leptos::ev::SubmitEvent| {
        ev.prevent_default();
        let (Some(name), Some(description)) = (name.get_untracked(), description.get_untracked())
        else {
            return;
        };
        let patch = RoomPatch {
            name: Some(name.value()),
            description: Some(description.value()),
            // Of course rooms alone: there is no such field elsewhere.
            chat_mode: questions.get_untracked().map(|field| mode(field.checked())),
            ..RoomPatch::default()
        };
        match patch.checked() {
            Ok(patch) => done(problem, api::rooms::update_room(room_id, patch), || {
                dialog::close(DIALOG);
            }),
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
    view! {
        <dialog id=DIALOG class="dialog" aria-labelledby="room-dialog-title">
            <form novalidate on:submit=submit>
                <h2 id="room-dialog-title">{text!(t, room.change)}</h2>
                <div class="form-row">
                    <label for="room-name">{text!(t, room.name)}</label>
                    <input
                        node_ref=name
                        id="room-name"
                        class="input"
                        dir="auto"
                        autocomplete="off"
                        prop:value=move || shared.get().name
                        aria-describedby="room-name-problem"
                    />
                    <FieldProblem name="room-name" problem=bad_name />
                </div>
                <div class="form-row">
                    <label for="room-description">{text!(t, room.description)}</label>
                    <textarea
                        node_ref=description
                        id="room-description"
                        class="input"
                        rows="3"
                        dir="auto"
                        prop:value=move || shared.get().description
                        aria-describedby="room-description-problem"
                    ></textarea>
                    <FieldProblem name="room-description" problem=bad_text />
                </div>
                <OfCourse shared field=questions />
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| dialog::close(DIALOG)>
                        {text!(t, app.cancel)}
                    </button>
                    <button type="submit" class="button primary">
                        {text!(t, room.save)}
                    </button>
                </div>
            </form>
        </dialog>
    }
    .into_any()
}
