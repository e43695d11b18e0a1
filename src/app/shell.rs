//! The document around the app.

use leptos::{nonce::use_nonce, prelude::*};
use leptos_meta::{HashedStylesheet, MetaTags};

use super::{
    App,
    i18n::{direction, tag},
    prefs::Prefs,
};

/// The full HTML document. Language, direction, theme and clock stand on `<html>`, from where the browser reads them.
pub fn shell(options: LeptosOptions) -> impl IntoView {
    let prefs = use_context::<Prefs>().unwrap_or_default();
    let locale = prefs.locale();
    view! {
        <!DOCTYPE html>
        <html
            lang=tag(locale)
            dir=direction(locale)
            data-theme=prefs.theme.as_str()
            data-now=prefs.now.0.to_string()
        >
            <head>
                <meta charset="utf-8" />
                <meta
                    name="viewport"
                    content="width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"
                />
                <meta name="color-scheme" content="light dark" />
                <meta name="referrer" content="same-origin" />
                <link rel="icon" type="image/svg+xml" href="/favicon.svg" />
                <HashedStylesheet options=options.clone() id="leptos" />
                // Outside of the layers, so before what they say.
                {prefs.accent.map(|accent| view! { <style nonce=use_nonce()>{accent.tokens()}</style> })}
                <AutoReload options=options.clone() />
                <HydrationScripts options />
                <MetaTags />
            </head>
            <body>
                <App />
            </body>
        </html>
    }
}
