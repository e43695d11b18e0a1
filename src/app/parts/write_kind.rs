//! Whether one answers or writes an internal note: two radios that look like one switch.

use leptos::prelude::*;

use super::icon::Icon;
use crate::{
    app::{
        i18n::{text, use_locale},
        state::{Chat, room::composer_id},
    },
    browser::{focus, frame},
    model::{Audience, RoomId},
};

/// The switch above the field.
#[component]
pub fn WriteKind(
    /// The chat.
    chat: Chat,
    /// The room.
    room_id: RoomId,
    /// Whom what is written is for.
    audience: Memo<Audience>,
) -> impl IntoView {
    let t = use_locale();
    let name = format!("{}-kind", composer_id(room_id));
    let radio = move |kind: Audience, icon: &'static str, words: String| {
        view! {
            <label class="write-choice" on:pointerup=move |_| write_on(room_id)>
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    value=kind.as_str()
                    checked=audience.get_untracked() == kind
                    prop:checked=move || audience.get() == kind
                    on:change=move |_| chat.write_for(room_id, kind)
                />
                <Icon name=icon />
                <span>{words}</span>
            </label>
        }
    };
    view! {
        <fieldset class="write-kind">
            <legend class="visually-hidden">{text!(t, composer.kind)}</legend>
            {radio.clone()(Audience::All, "message", text!(t, composer.reply))}
            {radio(Audience::Staff, "lock", text!(t, composer.note))}
        </fieldset>
    }
}

/// Who points at a kind goes on writing; who walks through them by the keyboard stays.
fn write_on(room_id: RoomId) {
    if !focus::is_touch() {
        frame::next(move || frame::next(move || focus::on(&composer_id(room_id))));
    }
}
