//! Passwords in URLs: found, and hidden from every output.

/// What stands in a password's place.
const MASK: &str = "***";

/// `url` with every password hidden: in `user:password@` and in query keys that speak of one.
pub(super) fn mask(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return url.to_owned();
    };
    let (place, query) = match rest.split_once('?') {
        Some((place, query)) => (place, Some(query)),
        None => (rest, None),
    };
    // An unescaped `/`, `?` or `@` within a password must not show its rest, so the last `@` of all counts.
    if let Some((user, host)) = rest.rsplit_once('@')
        && let Some((user, _)) = user.split_once(':')
    {
        return format!("{scheme}://{user}:{MASK}@{}", mask_query(host));
    }
    match query {
        Some(query) => format!("{scheme}://{place}?{}", mask_pairs(query)),
        None => url.to_owned(),
    }
}

/// Whether `url` holds a password.
pub(super) fn holds_password(url: &str) -> bool {
    mask(url) != url
}

fn mask_query(place: &str) -> String {
    match place.split_once('?') {
        Some((place, query)) => format!("{place}?{}", mask_pairs(query)),
        None => place.to_owned(),
    }
}

fn mask_pairs(query: &str) -> String {
    let pairs: Vec<String> = query
        .split('&')
        .map(|pair| match pair.split_once('=') {
            Some((key, _)) if key.to_ascii_lowercase().contains("pass") => format!("{key}={MASK}"),
            _ => pair.to_owned(),
        })
        .collect();
    pairs.join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_never_shows() {
        for (url, masked) in [
            ("sqlite://data/quad.db", "sqlite://data/quad.db"),
            ("postgres://quad@db/quad", "postgres://quad@db/quad"),
            (
                "postgres://quad:s3cret@db/quad",
                "postgres://quad:***@db/quad",
            ),
            (
                "postgres://quad:s3/c?r@et@db/quad",
                "postgres://quad:***@db/quad",
            ),
            (
                "postgres://db/quad?user=quad&password=s3cret&sslmode=require",
                "postgres://db/quad?user=quad&password=***&sslmode=require",
            ),
            (
                "postgres://q:s@db/quad?sslpassword=t",
                "postgres://q:***@db/quad?sslpassword=***",
            ),
        ] {
            assert_eq!(mask(url), masked);
            assert_eq!(holds_password(url), url != masked);
        }
    }
}
