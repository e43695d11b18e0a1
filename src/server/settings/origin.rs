//! Web origins: scheme, host and port, in the one form in which browsers send them.

use url::{Position, Url};

use super::parse;

/// The origin that browsers see.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicUrl {
    /// As a browser sends it in `Origin`: lower case, no default port, no slash at the end.
    pub origin: String,
    /// Whether people come by https; cookies are `Secure` then.
    pub is_https: bool,
}

/// Reads one origin; nothing where there is none.
pub(super) fn optional(text: &str) -> Result<Option<PublicUrl>, String> {
    if text.is_empty() {
        return Ok(None);
    }
    origin(text).map(Some)
}

/// Reads origins with commas between.
pub(super) fn list(text: &str) -> Result<Vec<String>, String> {
    parse::list(text, |item| Ok(origin(item)?.origin))
}

/// Reads one origin in its normal form. International host names become their ASCII form, as in browsers.
fn origin(text: &str) -> Result<PublicUrl, String> {
    let url = Url::parse(text).map_err(|error| not_an_origin(text, &error.to_string()))?;
    let is_https = match url.scheme() {
        "https" => true,
        "http" => false,
        _ => return Err(not_an_origin(text, "the scheme must be http or https")),
    };
    // The standard's parser also takes `https:host` and drops tabs; nobody means either.
    let has_slashes = text
        .get(url.scheme().len()..)
        .is_some_and(|rest| rest.starts_with("://"));
    if !has_slashes || text.contains(char::is_control) {
        return Err(not_an_origin(text, "write scheme://host"));
    }
    if !url.username().is_empty() || url.password().is_some() {
        // Not quoted: it may be somebody's password.
        return Err("an origin holds no user name and no password".to_owned());
    }
    if !matches!(&url[Position::BeforePath..], "" | "/") {
        return Err(not_an_origin(text, "nothing may follow the host and port"));
    }
    Ok(PublicUrl {
        origin: url.origin().ascii_serialization(),
        is_https,
    })
}

fn not_an_origin(text: &str, why: &str) -> String {
    if text.contains('@') {
        // It may hold a password.
        return format!("is not an origin such as https://chat.example.org: {why}");
    }
    format!("{text:?} is not an origin such as https://chat.example.org: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_brought_into_the_browsers_form() {
        for (written, normal) in [
            ("https://Chat.Example.org", "https://chat.example.org"),
            ("HTTPS://chat.example.org:443/", "https://chat.example.org"),
            ("http://localhost:80", "http://localhost"),
            ("http://localhost:3000/", "http://localhost:3000"),
            ("http://[::1]:3000", "http://[::1]:3000"),
            ("https://schüle.example", "https://xn--schle-mva.example"),
        ] {
            assert_eq!(origin(written).unwrap().origin, normal, "{written}");
        }
        assert!(origin("https://a.example").unwrap().is_https);
        assert!(!origin("http://a.example").unwrap().is_https);
    }

    #[test]
    fn what_is_more_or_less_than_an_origin_is_refused() {
        for written in [
            "chat.example.org",
            "localhost:3000",
            "https:chat.example.org",
            "ftp://chat.example.org",
            "https://",
            "https://chat.example.org/quad",
            "https://chat.example.org/?a",
            "https://chat.example.org/#a",
            "https://chat.example.org:99999",
            "https://a\tb.example",
            "*",
        ] {
            assert!(origin(written).is_err(), "{written}");
        }
    }

    #[test]
    fn a_password_is_refused_without_being_repeated() {
        for written in ["https://ana:secret@a.example", "ftp://ana:secret@a.example"] {
            assert!(!origin(written).unwrap_err().contains("secret"));
        }
    }

    #[test]
    fn a_list_names_every_item_that_is_wrong() {
        assert_eq!(list("").unwrap(), Vec::<String>::new());
        assert_eq!(
            list("https://A.example, http://b.example:80,").unwrap(),
            ["https://a.example", "http://b.example"]
        );
        let problem = list("a.example,https://b.example,c.example").unwrap_err();
        assert!(problem.contains("\"a.example\"") && problem.contains("\"c.example\""));
    }
}
