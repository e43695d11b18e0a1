//! The support chat in the corner: a button with a badge, and the panel it opens. On every page, for those who have a
//! support conversation of their own.

mod panel;
mod state;

use leptos::prelude::*;

use self::panel::Panel;
pub use self::state::{Phase, Widget};
use crate::{
    app::{
        i18n::{text, use_locale},
        parts::{badge::Badge, icon::Icon, page_title::unread},
        start::use_start,
        state::Chat,
    },
    model::permission::has_own_support_room,
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
                let user = boot.session?.user;
                has_own_support_room(user.role)
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
    Effect::new(move |_| widget.restore());
    let count = Memo::new(move |_| unread(chat, false));
    let label = move || match count.get() {
        0 => text!(t, widget.open),
        count => text!(t, widget.open_unread, count = count),
    };
    view! {
        <aside class="widget" aria-label=text!(t, home.support_title)>
            <button
                id=BUTTON
                type="button"
                class="widget-button"
                aria-label=label
                aria-expanded=move || widget.is_open.get().to_string()
                aria-controls=PANEL
                data-open=move || widget.is_open.get().to_string()
                on:click=move |_| widget.open()
            >
                <Icon name="message" />
                <Badge count />
            </button>
            <Panel chat school />
        </aside>
    }
}
