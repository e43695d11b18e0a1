//! What every page starts from: the one blocking resource, the chat, and the gate to pages for the signed-in.

use leptos::prelude::*;
use leptos_router::{components::Redirect, hooks::use_location};

use super::{
    errors,
    i18n::{text, use_locale},
    keys,
    parts::status::{Failed, Skeleton},
    respond,
    state::Chat,
};
use crate::{
    api::{self, Boot, School, Session},
    browser::{csrf, page},
    model::WireError,
};

/// The page's start, provided by the app.
#[derive(Clone, Copy)]
pub struct Start {
    resource: Resource<Result<Boot, WireError>>,
    /// The chat of whoever is signed in.
    pub chat: Chat,
}

impl Start {
    /// Asks the server, once a page.
    pub fn new(chat: Chat) -> Self {
        let resource = Resource::new_blocking(|| (), |()| api::start());
        Self { resource, chat }
    }

    /// The answer. Whoever gets it first begins the chat by it.
    pub async fn boot(self) -> Result<Boot, WireError> {
        let boot = self.resource.await?;
        if let Some(session) = &boot.session {
            self.chat.begin(session);
        }
        Ok(boot)
    }

    /// Makes the page live once the answer is there and the page is mounted. Runs in the browser alone.
    pub fn live(self) {
        let is_live = StoredValue::new(false);
        Effect::new(move |_| {
            let Some(Ok(boot)) = self.resource.get() else {
                return;
            };
            csrf::keep(&boot.csrf);
            if let Some(session) = &boot.session
                && !is_live.get_value()
            {
                is_live.set_value(true);
                self.chat.begin(session);
                self.chat.live();
                keys::listen(self.chat);
            }
        });
    }
}

/// The page's start.
pub fn use_start() -> Start {
    expect_context()
}

/// A page for the signed-in; others go to the sign-in page and come back.
pub fn signed_in(
    page: impl Fn(School, Session, Chat) -> AnyView + Clone + Send + Sync + 'static,
) -> impl IntoView {
    let start = use_start();
    let here = use_location();
    let next = sign_in_path(&address(
        &here.pathname.read_untracked(),
        &here.search.read_untracked(),
    ));
    view! {
        <Suspense fallback=|| {
            view! { <main id="main" class="page"><Skeleton /></main> }
        }>
            {move || {
                let (page, next) = (page.clone(), next.clone());
                Suspend::new(async move {
                    match start.boot().await {
                        Ok(Boot { school, session: Some(session), .. }) => {
                            page(school, session, start.chat)
                        }
                        Ok(_) => view! { <Redirect path=next /> }.into_any(),
                        Err(error) => view! { <StartFailed error /> }.into_any(),
                    }
                })
            }}
        </Suspense>
    }
}

/// A path with its query, if it has one.
fn address(path: &str, query: &str) -> String {
    match query.trim_start_matches('?') {
        "" => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The sign-in page that leads back to `path`.
fn sign_in_path(path: &str) -> String {
    if path.is_empty() || path == "/" {
        return "/sign-in".to_owned();
    }
    let encoded = path
        .replace('%', "%25")
        .replace('&', "%26")
        .replace('#', "%23")
        .replace('+', "%2B");
    format!("/sign-in?next={encoded}")
}

/// The page could not be made.
#[component]
pub fn StartFailed(
    /// Why.
    error: WireError,
) -> impl IntoView {
    let t = use_locale();
    respond::set_status(error.status());
    view! {
        <main id="main" class="page narrow" tabindex="-1">
            <h1>{text!(t, app.error_title)}</h1>
            <Failed message=errors::sentence(t, &error) on_retry=|()| page::reload() />
        </main>
    }
}

#[cfg(test)]
mod tests {
    use super::{address, sign_in_path};

    #[test]
    fn the_way_back_is_one_query_value() {
        assert_eq!(sign_in_path("/"), "/sign-in");
        assert_eq!(
            sign_in_path("/admin/chat/7&a=b"),
            "/sign-in?next=/admin/chat/7%26a=b"
        );
        assert_eq!(address("/search", ""), "/search");
        let here = address("/search", "q=exam&has=link");
        assert_eq!(
            sign_in_path(&here),
            "/sign-in?next=/search?q=exam%26has=link"
        );
    }
}
