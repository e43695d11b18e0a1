//! The `Origin` check of sockets and of the sign-in and sign-out forms.

use http::{HeaderMap, HeaderValue, header};

use crate::server::settings::Settings;

/// Whether a request comes from a page of this site.
///
/// With a public URL: exactly that origin, or one of the allowed ones. Without: its host must be the `Host` that the
/// request was sent to, so that localhost and a school's own network work as they are. No `Origin` is no.
pub fn is_allowed(headers: &HeaderMap, settings: &Settings) -> bool {
    let Some(origin) = text(headers.get(header::ORIGIN)) else {
        return false;
    };
    if settings.allowed_origins.contains(&origin) {
        return true;
    }
    match &settings.public_url {
        Some(public) => public.origin == origin,
        None => {
            let host = text(headers.get(header::HOST));
            let own = origin
                .strip_prefix("http://")
                .or_else(|| origin.strip_prefix("https://"));
            own.is_some() && own == host.as_deref()
        }
    }
}

fn text(value: Option<&HeaderValue>) -> Option<String> {
    value
        .and_then(|value| value.to_str().ok())
        .map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::settings::{PublicUrl, Settings, Source};

    fn settings(public: Option<&str>) -> Settings {
        let mut settings = Settings::load(&Source::given(None, [])).unwrap();
        settings.public_url = public.map(|origin| PublicUrl {
            origin: origin.to_owned(),
            is_https: true,
        });
        settings.allowed_origins = vec!["https://portal.example".to_owned()];
        settings
    }

    fn asks(origin: Option<&str>, host: &str, public: Option<&str>) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, host.parse().unwrap());
        if let Some(origin) = origin {
            headers.insert(header::ORIGIN, origin.parse().unwrap());
        }
        is_allowed(&headers, &settings(public))
    }

    #[test]
    fn without_a_public_url_the_host_decides() {
        assert!(asks(Some("http://127.0.0.1:3000"), "127.0.0.1:3000", None));
        assert!(asks(Some("http://Localhost:3000"), "localhost:3000", None));
        assert!(!asks(Some("http://evil.example"), "127.0.0.1:3000", None));
        assert!(!asks(
            Some("http://127.0.0.1:3000.evil.example"),
            "127.0.0.1:3000",
            None
        ));
        assert!(!asks(Some("null"), "127.0.0.1:3000", None));
        assert!(!asks(None, "127.0.0.1:3000", None));
    }

    #[test]
    fn with_a_public_url_it_alone_and_the_allowed_ones_count() {
        let public = Some("https://chat.school.example");
        assert!(asks(
            Some("https://chat.school.example"),
            "backend:3000",
            public
        ));
        assert!(asks(Some("https://portal.example"), "backend:3000", public));
        assert!(!asks(
            Some("http://chat.school.example"),
            "chat.school.example",
            public
        ));
        assert!(!asks(
            Some("https://chat.school.example.evil.example"),
            "backend:3000",
            public
        ));
    }
}
