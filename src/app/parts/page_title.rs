//! The document's title: "(3) Name – School".

use leptos::{prelude::*, text_prop::TextProp};
use leptos_meta::Title;

use super::badge::capped;
use crate::app::state::Chat;

/// The title of a page of somebody who is signed in, with what waits for them.
#[component]
pub fn PageTitle(
    /// The chat.
    chat: Chat,
    /// What the page is.
    #[prop(into)]
    name: Signal<String>,
    /// The school's name.
    school: String,
) -> impl IntoView {
    let count = Memo::new(move |_| {
        let lists = chat.lists.read();
        lists.unread_at_desks() + lists.own_support_unread() + lists.unread_personal()
    });
    let title = move || match count.get() {
        0 => format!("{} – {school}", name.read()),
        count => format!("({}) {} – {school}", capped(count), name.read()),
    };
    // The server asks for the title after the page, when what it is made of may be gone.
    let text: TextProp = if cfg!(feature = "ssr") {
        written(title()).into()
    } else {
        title.into()
    };
    view! { <Title text /> }
}

/// A title as it goes to the page: on the server `leptos_meta` writes it between its tags as it is, so nothing in a name
/// may end them; in the browser it is set as text.
pub fn written(title: String) -> String {
    if cfg!(feature = "ssr") {
        title.replace('&', "&amp;").replace('<', "&lt;")
    } else {
        title
    }
}

/// What waits for those who answer: conversations of their desks with something unread.
pub fn unanswered(chat: Chat) -> i64 {
    chat.lists.read().unread_at_desks()
}

/// What waits for the reader in support: messages where they do not answer.
pub fn unread(chat: Chat) -> i64 {
    chat.lists.read().own_support_unread()
}
