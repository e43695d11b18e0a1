//! Canned replies in the composer: what begins with `/` shows those that are meant, and one of them takes its place.
//!
//! The list is a listbox beside the field, which keeps the focus (the ARIA practices' combobox pattern, on a textbox
//! since it has several lines).

use leptos::{ev::KeyboardEvent, prelude::*};
use leptos_router::components::A;

use crate::{
    app::i18n::{text, use_locale},
    browser::{frame, scroll},
    model::{CannedReply, RoomId, canned::matching},
};

/// So many are shown at once.
const SHOWN: usize = 8;

/// The page on which they are kept.
pub const REPLIES: &str = "/admin/replies";

/// Who is in a conversation, for the texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// Who is answered.
    pub them: String,
    /// Who answers.
    pub me: String,
}

/// The completion of one composer.
#[derive(Clone, Copy)]
pub struct Completion {
    found: Memo<Vec<CannedReply>>,
    is_open: Memo<bool>,
    /// Escape closes it for as long as this word is being written.
    is_put_off: RwSignal<bool>,
    active: RwSignal<usize>,
    names: StoredValue<Names>,
    room_id: RoomId,
}

impl Completion {
    /// That of a room's composer, in which `text` stands.
    pub fn new(
        room_id: RoomId,
        text: RwSignal<String>,
        replies: RwSignal<Vec<CannedReply>>,
        names: Names,
    ) -> Self {
        let is_put_off = RwSignal::new(false);
        let active = RwSignal::new(0);
        let typed = Memo::new(move |_| typed(&text.read()));
        Effect::new(move |_| {
            active.set(0);
            if typed.get().is_none() {
                is_put_off.set(false);
            }
        });
        let found = Memo::new(move |_| {
            let replies = replies.read();
            let found = typed.get().map(|typed| matching(&replies, &typed));
            found
                .into_iter()
                .flatten()
                .take(SHOWN)
                .cloned()
                .collect::<Vec<_>>()
        });
        let is_open = Memo::new(move |_| typed.read().is_some() && !is_put_off.get());
        Self {
            found,
            is_open,
            is_put_off,
            active,
            names: StoredValue::new(names),
            room_id,
        }
    }

    /// The id of the list.
    pub fn list_id(self) -> String {
        format!("canned-{}", self.room_id)
    }

    fn option_id(self, at: usize) -> String {
        format!("{}-{at}", self.list_id())
    }

    /// What the field names as its list, while that is shown.
    pub fn controls(self) -> Option<String> {
        self.is_open.get().then(|| self.list_id())
    }

    /// What the field names as the chosen row.
    pub fn active_id(self) -> Option<String> {
        let at = self.active.get();
        (self.is_open.get() && at < self.found.read().len()).then(|| self.option_id(at))
    }

    /// What a key means while the list is shown: `Some` text where one was taken, `None` where the key is the field's.
    pub fn key(self, ev: &KeyboardEvent) -> Option<Taken> {
        if !self.is_open.get_untracked() || ev.is_composing() {
            return None;
        }
        let count = self.found.read_untracked().len();
        let step = |by: usize| {
            if count > 0 {
                self.active
                    .update(|active| *active = (*active + by) % count);
                let id = self.option_id(self.active.get_untracked());
                frame::next(move || scroll::into_view(&id));
            }
            Some(Taken::Nothing)
        };
        match ev.key().as_str() {
            "ArrowDown" => step(1),
            "ArrowUp" => step(count.saturating_sub(1)),
            "Escape" => {
                self.is_put_off.set(true);
                Some(Taken::Nothing)
            }
            "Enter" | "Tab" if !ev.shift_key() => {
                self.pick(self.active.get_untracked()).map(Taken::Text)
            }
            _ => None,
        }
    }

    fn pick(self, at: usize) -> Option<String> {
        let found = self.found.read_untracked();
        let reply = found.get(at)?;
        Some(
            self.names
                .with_value(|names| reply.filled(&names.them, &names.me)),
        )
    }
}

/// What a key came to.
pub enum Taken {
    /// The list took it.
    Nothing,
    /// This text takes the field's place.
    Text(String),
}

/// What was typed after `/`, where that alone stands in the field.
fn typed(text: &str) -> Option<String> {
    let word = text.strip_prefix('/')?;
    (!word.contains(char::is_whitespace) && !word.contains('/')).then(|| word.to_owned())
}

/// The list above the field.
#[component]
pub fn CannedList(
    /// The completion.
    completion: Completion,
    /// Puts a text into the field.
    take: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let t = use_locale();
    let rows = move || {
        let found = completion.found.get();
        let rows = found.into_iter().enumerate();
        rows.map(|(at, reply)| view! { <Row completion at reply take /> })
            .collect_view()
    };
    let count = move || completion.found.read().len();
    view! {
        <Show when=move || completion.is_open.get()>
            <div class="canned">
                <ul
                    id=completion.list_id()
                    class="canned-list"
                    role="listbox"
                    aria-label=text!(t, canned.label)
                >
                    {rows}
                </ul>
                <p class="canned-foot">
                    <span role="status">
                        {move || match count() {
                            0 => text!(t, canned.none),
                            count => text!(t, canned.found, count = count),
                        }}
                    </span>
                    <A href=REPLIES>{text!(t, canned.manage)}</A>
                </p>
            </div>
        </Show>
    }
}

#[component]
fn Row(
    /// The completion.
    completion: Completion,
    /// Its place.
    at: usize,
    /// What it offers.
    reply: CannedReply,
    /// Puts a text into the field.
    take: impl Fn(String) + Copy + Send + Sync + 'static,
) -> impl IntoView {
    view! {
        <li
            id=completion.option_id(at)
            class="canned-row"
            role="option"
            aria-selected=move || (completion.active.get() == at).to_string()
            // The keyboard stays in the field.
            on:mousedown=move |ev| ev.prevent_default()
            on:click=move |_| {
                if let Some(text) = completion.pick(at) {
                    take(text);
                }
            }
        >
            <bdi class="canned-name">"/" {reply.name}</bdi>
            <span class="canned-text" dir="auto">
                {reply.content}
            </span>
        </li>
    }
}

#[cfg(test)]
mod tests {
    use super::typed;

    #[test]
    fn only_a_word_after_a_slash_at_the_beginning_asks_for_one() {
        assert_eq!(typed("/"), Some(String::new()));
        assert_eq!(typed("/ca"), Some("ca".to_owned()));
        for text in ["", "ca", " /ca", "/ca rd", "and/or", "/etc/passwd", "/\n"] {
            assert_eq!(typed(text), None, "{text}");
        }
    }
}
