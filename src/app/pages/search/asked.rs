//! What is searched, as the address says it: so that it can be shared, survives a reload, and works without a script.

use leptos_router::params::ParamsMap;

use crate::model::{Has, MessageId, RoomId, SearchQuery, UserId};

/// The page's address.
pub const SEARCH: &str = "/search";

/// What the query of the address says; what makes no sense is left out.
pub fn of_query(query: &ParamsMap) -> SearchQuery {
    let number = |name| query.get_str(name)?.parse::<i64>().ok();
    SearchQuery {
        text: query.get_str("q").unwrap_or_default().to_owned(),
        room_id: number("room").map(RoomId),
        from: number("from").map(UserId),
        has: query.get_str("has").and_then(Has::from_word),
        before: number("before").map(MessageId),
        after: number("after").map(MessageId),
    }
}

/// The words of the address that say it, by their names.
pub fn words(asked: &SearchQuery) -> Vec<(&'static str, String)> {
    let text = Some(asked.text.clone()).filter(|text| !text.is_empty());
    let has = asked.has.map(|has| has.as_str().to_owned());
    let all = [
        ("q", text),
        ("room", asked.room_id.map(|id| id.to_string())),
        ("from", asked.from.map(|id| id.to_string())),
        ("has", has),
        ("before", asked.before.map(|id| id.to_string())),
        ("after", asked.after.map(|id| id.to_string())),
    ];
    let said = all
        .into_iter()
        .filter_map(|(name, word)| Some((name, word?)));
    said.collect()
}

/// The address that says it.
pub fn path(asked: &SearchQuery) -> String {
    let words: ParamsMap = words(asked).into_iter().collect();
    format!("{SEARCH}{}", words.to_query_string())
}

/// The address that searches everywhere for a text.
pub fn search_path(text: &str) -> String {
    path(&SearchQuery {
        text: text.to_owned(),
        ..SearchQuery::default()
    })
}

/// Whether there is anything to search for.
pub fn is_something(asked: &SearchQuery) -> bool {
    !asked.text.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(words: &[(&str, &str)]) -> ParamsMap {
        let words = words.iter();
        words
            .map(|(name, word)| ((*name).to_owned(), (*word).to_owned()))
            .collect()
    }

    #[test]
    fn what_the_address_says_is_said_again() {
        let asked = SearchQuery {
            text: "Fahrt & \"Ausflug\" #7".to_owned(),
            room_id: Some(RoomId(3)),
            from: Some(UserId(4)),
            has: Some(Has::Voice),
            before: Some(MessageId(5)),
            after: Some(MessageId(6)),
        };
        let said: ParamsMap = words(&asked).into_iter().collect();
        assert_eq!(of_query(&said), asked);
        let path = path(&asked);
        assert!(path.starts_with("/search?"), "{path}");
        assert!(!path.contains(['#', '"', ' ']), "{path}");
    }

    #[test]
    fn what_makes_no_sense_is_left_out() {
        let said = query(&[("q", "exam"), ("room", "x"), ("has", "wings"), ("from", "")]);
        let asked = of_query(&said);
        assert_eq!(words(&asked), [("q", "exam".to_owned())]);
        assert_eq!(path(&SearchQuery::default()), "/search");
        assert!(!is_something(&of_query(&query(&[("q", "  ")]))));
    }
}
