//! What the settings of a course's room say beyond those of others: whom it follows, and who sees what students write.

use leptos::{html, prelude::*};

use crate::{
    app::i18n::{text, use_locale},
    model::{ChatMode, RoomKind, RoomShared},
};

/// The mode that the switch stands for.
pub fn mode(is_private: bool) -> ChatMode {
    if is_private {
        ChatMode::Private
    } else {
        ChatMode::Public
    }
}

/// Course rooms: whom it follows, and the switch for questions to the teachers.
#[component]
pub fn OfCourse(
    /// The room.
    shared: Memo<RoomShared>,
    /// The switch.
    field: NodeRef<html::Input>,
) -> impl IntoView {
    let t = use_locale();
    let course = move || {
        let course = shared.get().course?;
        let words = text!(
            t,
            room.follows_course,
            code = course.code,
            title = course.title
        );
        Some(view! { <p dir="auto">{words}</p> })
    };
    let is_private = move || shared.read().chat_mode == ChatMode::Private;
    view! {
        <Show when=move || shared.read().kind == RoomKind::Course>
            <div class="form-row">
                {course} <label class="switch-row" for="room-questions">
                    <input
                        node_ref=field
                        id="room-questions"
                        type="checkbox"
                        role="switch"
                        prop:checked=is_private
                        aria-describedby="room-questions-hint"
                    />
                    <span>{text!(t, room.questions)}</span>
                </label>
                <p id="room-questions-hint" class="form-hint">
                    {text!(t, room.questions_hint)}
                </p>
            </div>
        </Show>
    }
}
