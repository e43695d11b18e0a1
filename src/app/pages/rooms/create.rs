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
        CourseCard, CourseId, RoomDraft, RoomKind, WireError,
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
    Course,
}

impl Openness {
    fn of(word: &str) -> Self {
        match word {
            "listed" => Self::Listed,
            "hidden" => Self::Hidden,
            "course" => Self::Course,
            _ => Self::Public,
        }
    }

    fn kind(self) -> RoomKind {
        match self {
            Self::Public => RoomKind::Public,
            Self::Listed | Self::Hidden => RoomKind::Private,
            Self::Course => RoomKind::Course,
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
    let courses = RwSignal::new(Vec::<CourseCard>::new());
    Effect::new(move |_| {
        is_alive.set(true);
        spawn_local(async move {
            // Without them all other rooms can still be made.
            if let Ok(taught) = api::rooms::taught_courses().await {
                drop(courses.try_set(taught));
            }
        });
    });
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
            <Form courses makes />
        </dialog>
    }
    .into_any()
}

#[component]
fn Form(
    /// The courses of which the reader makes rooms.
    courses: RwSignal<Vec<CourseCard>>,
    /// Whether the reader may make public rooms, and private ones.
    makes: [bool; 2],
) -> impl IntoView {
    let t = use_locale();
    let name = NodeRef::<html::Input>::new();
    let description = NodeRef::<html::Textarea>::new();
    let openness = NodeRef::<html::Select>::new();
    let [public, private] = makes;
    let most = NodeRef::<html::Input>::new();
    let course = NodeRef::<html::Select>::new();
    let is_of_course = RwSignal::new(false);
    let problem = RwSignal::new(None::<WireError>);
    let navigate = use_navigate();
    let draft = move || {
        let openness = Openness::of(&openness.get_untracked()?.value());
        let draft = RoomDraft {
            description: description.get_untracked()?.value(),
            is_listed: openness != Openness::Hidden,
            ..RoomDraft::new(openness.kind(), &name.get_untracked()?.value())
        };
        if openness == Openness::Course {
            let id = course.get_untracked()?.value();
            let course = CourseId::from_digits(&id);
            return Some(RoomDraft { course, ..draft });
        }
        let most = most.get_untracked()?.value().trim().parse();
        let max_members = Some(most.unwrap_or(0));
        Some(RoomDraft {
            max_members,
            ..draft
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
    let bad_course = of("course", text!(t, rooms.bad_course));
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
                <select
                    node_ref=openness
                    id="new-openness"
                    class="select"
                    on:change=move |ev| is_of_course.set(event_target_value(&ev) == "course")
                >
                    {public
                        .then(|| view! { <option value="public">{text!(t, rooms.is_public)}</option> })}
                    {private
                        .then(|| {
                            view! {
                                <option value="listed">{text!(t, rooms.is_listed)}</option>
                                <option value="hidden">{text!(t, rooms.is_hidden)}</option>
                            }
                        })}
                    <Show when=move || !courses.read().is_empty()>
                        <option value="course">{text!(t, rooms.is_course)}</option>
                    </Show>
                </select>
            </div>
            <div class="form-row" hidden=move || !is_of_course.get()>
                <label for="new-course">{text!(t, rooms.course)}</label>
                <select
                    node_ref=course
                    id="new-course"
                    class="select"
                    aria-invalid=move || bad_course.get().map(|_| "true")
                    aria-describedby="new-course-problem"
                >
                    {move || courses.get().into_iter().map(course_option).collect_view()}
                </select>
                <FieldProblem name="new-course" problem=bad_course />
            </div>
            <div class="form-row" hidden=move || is_of_course.get()>
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

fn course_option(course: CourseCard) -> impl IntoView {
    let label = format!("{} · {}", course.code, course.title);
    view! { <option value=course.id.to_string()>{label}</option> }
}
