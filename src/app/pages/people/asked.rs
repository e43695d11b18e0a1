//! Who is looked for, as the address says it.

use leptos_router::params::ParamsMap;

use crate::model::{PeopleQuery, Role};

/// The page's address.
pub const PEOPLE: &str = "/people";

/// What the query of the address says; what makes no sense is left out.
pub fn of_query(query: &ParamsMap) -> PeopleQuery {
    PeopleQuery {
        text: query.get_str("q").unwrap_or_default().to_owned(),
        role: query.get_str("role").and_then(Role::from_word),
        after: None,
    }
}

/// The address that says it.
pub fn path(asked: &PeopleQuery) -> String {
    let text = Some(asked.text.clone()).filter(|text| !text.is_empty());
    let role = asked.role.map(|role| role.as_str().to_owned());
    let words = [("q", text), ("role", role)];
    let words: ParamsMap = words
        .into_iter()
        .filter_map(|(name, word)| Some((name, word?)))
        .collect();
    format!("{PEOPLE}{}", words.to_query_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_says_who_is_looked_for() {
        assert_eq!(path(&PeopleQuery::default()), "/people");
        let asked = PeopleQuery {
            text: "Ana".to_owned(),
            role: Some(Role::Teacher),
            after: None,
        };
        assert_eq!(path(&asked), "/people?q=Ana&role=teacher");
        let said: ParamsMap = [("q", "Ana"), ("role", "teacher")].into_iter().collect();
        assert_eq!(of_query(&said), asked);
        let said: ParamsMap = [("role", "king")].into_iter().collect();
        assert_eq!(of_query(&said), PeopleQuery::default());
    }
}
