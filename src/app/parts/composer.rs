//! Where a message is written, and for those who answer an internal note.
//!
//! The field is not controlled: what was typed before the page came alive stays, and the caret never jumps.

use leptos::prelude::*;

use super::{
    canned::{CannedList, Completion, Names, Taken},
    icon::Icon,
    write_kind::WriteKind,
};
use crate::{
    app::{
        i18n::{Locale, text, use_locale},
        state::{
            Chat, drafts, reading,
            room::{composer_id, timeline_id},
            send_key::{self, SendKey},
        },
    },
    browser::{field, focus, frame, scroll},
    model::{Audience, CannedReply, RoomId},
};

/// The key code that browsers give while an input method composes.
const COMPOSING: u32 = 229;

/// What the text's length means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Length {
    /// Nothing to send.
    Empty,
    /// Nothing to say.
    Fine,
    /// In the last tenth: so many are left.
    Near(usize),
    /// So many too many.
    Over(usize),
}

/// Where one writes: the room, and whom it is for just now.
#[derive(Clone, Copy)]
struct Writing {
    chat: Chat,
    room_id: RoomId,
    audience: Memo<Audience>,
    text: RwSignal<String>,
}

/// The text field and the button; it keeps the draft, and says that one is typing.
#[component]
pub fn Composer(
    /// The chat.
    chat: Chat,
    /// The room.
    room_id: RoomId,
    /// Whether the reader writes internal notes too.
    #[prop(default = false)]
    has_notes: bool,
    /// Whether the keyboard goes into the field at once (never with a finger: its keyboard would jump up).
    #[prop(default = false)]
    autofocus: bool,
    /// Texts that are kept ready, and the names that go into them.
    #[prop(default = None)]
    canned: Option<(RwSignal<Vec<CannedReply>>, Names)>,
    /// Who will see it, where that is worth saying.
    #[prop(into, default = Signal::stored(None))]
    whom: Signal<Option<String>>,
) -> impl IntoView {
    let t = use_locale();
    let id = composer_id(room_id);
    let note_id = format!("{id}-note");
    let whom_id = format!("{id}-whom");
    let described_by = described_by(&note_id, &whom_id, whom);
    let limit = chat.limits().message_chars;
    let text = RwSignal::new(String::new());
    let audience = Memo::new(move |_| chat.writes_for(room_id));
    let is_note = Memo::new(move |_| audience.get() == Audience::Staff);
    let writing = Writing {
        chat,
        room_id,
        audience,
        text,
    };
    let length = Memo::new(move |_| measure(&text.read(), limit));
    let completion = canned.map(|(replies, names)| Completion::new(room_id, text, replies, names));
    Effect::new(move |shown: Option<Audience>| {
        let audience = audience.get();
        match shown {
            None => restore(writing, autofocus),
            Some(shown) if shown != audience => show_draft(writing),
            Some(_) => {}
        }
        audience
    });
    let submit = move || send(writing, length);
    let typed = move |value: String| {
        let audience = audience.get_untracked();
        field::fit(&composer_id(room_id));
        drafts::keep(chat, room_id, audience, &value);
        reading::typed(chat, room_id, audience, value.trim().is_empty());
        text.set(value);
    };
    let take = move |value: String| {
        field::set_value(&composer_id(room_id), &value);
        typed(value);
    };
    view! {
        <form
            class="composer"
            data-region=""
            on:submit=move |ev| {
                ev.prevent_default();
                submit();
            }
        >
            {completion.map(|completion| view! { <CannedList completion take /> })}
            {has_notes.then(|| view! { <WriteKind chat room_id audience /> })}
            {move || {
                let id = whom_id.clone();
                whom.get().map(|whom| view! { <p class="composer-whom" id=id>{whom}</p> })
            }}
            <div class="composer-field" data-note=move || is_note.get().to_string()>
                <textarea
                    id=id
                    name="message"
                    rows="1"
                    dir="auto"
                    autocomplete="off"
                    aria-label=move || {
                        if is_note.get() { text!(t, composer.note) } else { text!(t, composer.label) }
                    }
                    aria-autocomplete=completion.map(|_| "list")
                    aria-controls=move || completion.and_then(Completion::controls)
                    aria-activedescendant=move || completion.and_then(Completion::active_id)
                    aria-describedby=described_by
                    aria-invalid=move || matches!(length.get(), Length::Over(_)).to_string()
                    placeholder=move || {
                        if is_note.get() {
                            text!(t, composer.note_placeholder)
                        } else {
                            text!(t, composer.placeholder)
                        }
                    }
                    on:input=move |ev| typed(event_target_value(&ev))
                    on:blur=move |_| reading::stopped(chat, room_id)
                    on:keydown=move |ev| {
                        if let Some(taken) = completion.and_then(|completion| completion.key(&ev)) {
                            ev.prevent_default();
                            ev.stop_propagation();
                            if let Taken::Text(text) = taken {
                                take(text);
                            }
                        } else if sends(chat, &ev) {
                            ev.prevent_default();
                            submit();
                        }
                    }
                ></textarea>
                <button
                    type="submit"
                    class="send"
                    aria-label=move || send_words(t, is_note.get())
                    title=move || send_words(t, is_note.get())
                    disabled=move || matches!(length.get(), Length::Empty | Length::Over(_))
                    // The keyboard stays in the field, and a phone's stays up.
                    on:mousedown=move |ev| ev.prevent_default()
                >
                    <Icon name="send" />
                </button>
            </div>
            <p
                class="composer-note"
                id=note_id
                role="status"
                data-over=move || matches!(length.get(), Length::Over(_)).to_string()
            >
                {move || note(t, length.get())}
            </p>
        </form>
    }
}

/// What else is said of the field: its length, and before it who will see what is written.
fn described_by(
    note_id: &str,
    whom_id: &str,
    whom: Signal<Option<String>>,
) -> impl Fn() -> String + Send + Sync + Clone + 'static {
    let (alone, both) = (note_id.to_owned(), format!("{whom_id} {note_id}"));
    move || {
        if whom.read().is_some() {
            both.clone()
        } else {
            alone.clone()
        }
    }
}

fn send_words(t: Locale, is_note: bool) -> String {
    if is_note {
        text!(t, composer.send_note)
    } else {
        text!(t, composer.send)
    }
}

/// What was typed before the page came alive stays; else the draft of an earlier visit comes back.
fn restore(writing: Writing, autofocus: bool) {
    let id = composer_id(writing.room_id);
    let typed = field::value(&id).unwrap_or_default();
    if typed.is_empty() {
        show_draft(writing);
    } else {
        writing.text.set(typed);
        field::fit(&id);
    }
    if autofocus && !focus::is_touch() {
        focus::on(&id);
    }
}

/// The draft for those whom one writes for now.
fn show_draft(writing: Writing) {
    let audience = writing.audience.get_untracked();
    let draft = drafts::read(writing.chat, writing.room_id, audience).unwrap_or_default();
    field::set_value(&composer_id(writing.room_id), &draft);
    writing.text.set(draft);
}

fn send(writing: Writing, length: Memo<Length>) {
    let Writing {
        chat,
        room_id,
        audience,
        text,
    } = writing;
    let audience = audience.get_untracked();
    if matches!(length.get_untracked(), Length::Empty | Length::Over(_))
        || !chat.write(room_id, audience, &text.get_untracked())
    {
        return;
    }
    let id = composer_id(room_id);
    reading::stopped(chat, room_id);
    drafts::keep(chat, room_id, audience, "");
    text.set(String::new());
    field::set_value(&id, "");
    focus::on(&id);
    // After the frame that draws the new row: one's own message is always gone to.
    frame::next(move || frame::next(move || scroll::to_end(&timeline_id(room_id))));
}

/// Whether this key sends: Enter with what the person has chosen, not while an input method composes, not on a touch
/// keyboard.
fn sends(chat: Chat, ev: &leptos::ev::KeyboardEvent) -> bool {
    if ev.key() != "Enter" || ev.is_composing() || ev.key_code() == COMPOSING || focus::is_touch() {
        return false;
    }
    let is_more = ev.shift_key() || ev.alt_key();
    let with_ctrl = ev.ctrl_key() || ev.meta_key();
    !is_more && with_ctrl == (send_key::read(chat) == SendKey::CtrlEnter)
}

/// The length of what would be sent.
fn measure(text: &str, limit: usize) -> Length {
    let count = text.trim().chars().count();
    let near = limit - limit / 10;
    match count {
        0 => Length::Empty,
        _ if count > limit => Length::Over(count - limit),
        _ if count >= near => Length::Near(limit - count),
        _ => Length::Fine,
    }
}

fn note(t: Locale, length: Length) -> String {
    match length {
        Length::Empty | Length::Fine => String::new(),
        Length::Near(left) => text!(t, composer.left, count = left),
        Length::Over(over) => text!(t, composer.over, count = over),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counter_appears_in_the_last_tenth() {
        assert_eq!(measure("  ", 10), Length::Empty);
        assert_eq!(measure("12345678", 10), Length::Fine);
        assert_eq!(measure("123456789", 10), Length::Near(1));
        assert_eq!(measure("äöüäöüäöüäöü", 10), Length::Over(2));
    }
}
