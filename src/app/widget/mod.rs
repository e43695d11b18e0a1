//! The support chat in the corner: a button with a badge, and the panel it opens. On every page, for those who have a
//! support conversation of their own.

mod panel;
mod state;

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use self::panel::Panel;
pub use self::state::{Phase, Widget};
use crate::app::{
    i18n::{text, use_locale},
    pages::contact::{CONTACT, is_contact},
    parts::{badge::Badge, icon::Icon, page_title::unread},
    start::use_start,
    state::Chat,
};

const BUTTON: &str = "support-button";
const PANEL: &str = "support-panel";

/// The widget; nothing for those who answer, and for those who are not signed in.
#[component]
pub fn WidgetCorner() -> impl IntoView {
    let start = use_start();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let boot = start.boot().await.ok()?;
                let has_own = !boot.session?.asked().is_empty();
                has_own
                    .then(|| view! { <Corner chat=start.chat school=boot.school.name /> })
            })}
        </Suspense>
    }
}

#[component]
fn Corner(
    /// The chat.
    chat: Chat,
    /// The school's name.
    school: String,
) -> impl IntoView {
    let t = use_locale();
    let widget = Widget::of_page();
    let path = use_location().pathname;
    let is_away = Memo::new(move |_| is_contact(&path.read()));
    let place = Memo::new(move |_| place(&path.read()));
    Effect::new(move |was: Option<()>| match (was, is_away.get()) {
        (None, false) => widget.restore(),
        (Some(()), false) => widget.come_back(),
        (_, true) => {}
    });
    let count = Memo::new(move |_| unread(chat));
    let school = StoredValue::new(school);
    let label = move || match count.get() {
        0 => text!(t, widget.open),
        count => text!(t, widget.open_unread, count = count),
    };
    view! {
        <Show when=move || !is_away.get()>
            <aside class="widget" data-place=move || place.get() aria-label=text!(t, home.support_title)>
                // Until the page is alive the button leads to the conversation's own page.
                <form action=CONTACT method="get">
                    <button
                        id=BUTTON
                        type="submit"
                        class="widget-button"
                        aria-label=label
                        aria-expanded=move || widget.is_open.get().to_string()
                        aria-controls=PANEL
                        data-open=move || widget.is_open.get().to_string()
                        on:click=move |ev| {
                            ev.prevent_default();
                            widget.open();
                        }
                    >
                        <Icon name="message" />
                        <Badge count />
                    </button>
                </form>
                <Panel chat school=school.get_value() />
            </aside>
        </Show>
    }
}

/// Where it stands on that page: among rooms it must not cover what is written and who is there.
fn place(path: &str) -> Option<&'static str> {
    let rest = path
        .strip_prefix("/chat")
        .or_else(|| path.strip_prefix("/admin/chat"));
    match rest? {
        "" | "/" => Some("rooms"),
        rest => rest.starts_with('/').then_some("room"),
    }
}
