//! The pages: one app, rendered by the server and hydrated in the browser.
//!
//! - `pages/`: one file or folder a route. `parts/`: components they share. `widget/`: the support chat in the corner.
//! - `switcher/`: the quick way to a room or a person.
//! - `state/`: signals around the pure client. `start`: the one blocking resource and the gate for the signed-in.
//! - `i18n`, `errors`, `dates`: everything in the reader's words. `prefs`, `shell`, `respond`: the document around.
//! - `keys`: what the keyboard does wherever the focus is. `paths`: the addresses of rooms and messages.
//!
//! The same tree on both targets: what only a browser knows (drafts, the widget's memory, its clock) comes in effects
//! after mount. A new page is a file in `pages/` and a line in [`App`].
//!
//! Must not know: the server (but for `respond`), web_sys.

pub mod dates;
pub mod errors;
pub mod i18n;
pub mod keys;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod prefs;
pub mod respond;
pub mod shell;
pub mod start;
pub mod state;
pub mod switcher;
pub mod system;
pub mod widget;

use leptos::prelude::*;
use leptos_meta::provide_meta_context;
use leptos_router::{
    Lazy, SsrMode,
    components::{FlatRoutes, Route, Router},
    path,
};

use self::{
    i18n::text,
    pages::{
        account::AccountPage,
        accounts::AccountsPage,
        chat::ChatPage,
        contact::ContactPage,
        home::HomePage,
        inbox::InboxPage,
        not_found::NotFoundPage,
        password::PasswordPage,
        people::{PeoplePage, ProfilePage},
        register::RegisterPage,
        replies::RepliesPage,
        rooms::RoomsPage,
        school::SchoolPage,
        search::{LastSearch, SearchPage},
        sign_in::SignInPage,
    },
    parts::top_bar::TopBar,
    prefs::Prefs,
    start::Start,
    state::Chat,
    switcher::Switcher,
    widget::{Widget, WidgetCorner},
};

/// The whole app. Every page waits for its data, so that its HTML is complete without a script.
#[component]
pub fn App() -> impl IntoView {
    provide_meta_context();
    let prefs = use_context::<Prefs>().unwrap_or_else(Prefs::of_page);
    let t = prefs.locale();
    let chat = Chat::new(prefs.now);
    let start = Start::new(chat);
    provide_context(prefs);
    provide_context(start);
    provide_context(LastSearch::default());
    provide_context(Widget::new(chat));
    start.live();
    view! {
        <Router>
            // `external`: the router leaves it to the browser, which moves the focus.
            <a class="skip-link" href="#main" rel="external">{text!(t, app.skip)}</a>
            <TopBar />
            <FlatRoutes fallback=NotFoundPage>
                <Route path=path!("/") view=HomePage ssr=SsrMode::Async />
                <Route path=path!("/contact/:desk?") view=ContactPage ssr=SsrMode::Async />
                <Route path=path!("/sign-in") view=SignInPage ssr=SsrMode::Async />
                <Route path=path!("/register") view=RegisterPage ssr=SsrMode::Async />
                <Route path=path!("/password/:token") view=PasswordPage ssr=SsrMode::Async />
                <Route
                    path=path!("/account")
                    view={Lazy::<AccountPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/chat/:room?")
                    view={Lazy::<ChatPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/chat/:room/:message")
                    view={Lazy::<ChatPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/rooms")
                    view={Lazy::<RoomsPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/admin/school")
                    view={Lazy::<SchoolPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/people")
                    view={Lazy::<PeoplePage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/people/:username")
                    view={Lazy::<ProfilePage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/search")
                    view={Lazy::<SearchPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/admin/replies")
                    view={Lazy::<RepliesPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/admin/people")
                    view={Lazy::<AccountsPage>::new()}
                    ssr=SsrMode::Async
                />
                <Route
                    path=path!("/admin/chat/:room?")
                    view={Lazy::<InboxPage>::new()}
                    ssr=SsrMode::Async
                />
            </FlatRoutes>
            <WidgetCorner />
            <Switcher chat />
            <div class="visually-hidden" aria-live="polite" aria-atomic="true">
                {move || chat.announcement.get()}
            </div>
        </Router>
    }
}
