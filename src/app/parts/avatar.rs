//! A person's picture: their initials on a colour of their own.
//!
//! The style sheet draws the initials, so that they are neither copied with a text nor taken for a button's label.

use leptos::prelude::*;

use crate::model::UserId;

/// How many colours the style sheet has.
const COLOURS: i64 = 8;

/// A person's initials. Decoration: their name stands beside it.
#[component]
pub fn Avatar(
    /// Whose; decides the colour.
    id: UserId,
    /// Their name.
    name: String,
) -> impl IntoView {
    view! {
        <span
            class="avatar"
            data-colour=id.0.rem_euclid(COLOURS).to_string()
            data-initials=initials(&name)
            aria-hidden="true"
        ></span>
    }
}

/// The first letters of the first and the last word, in capitals.
fn initials(name: &str) -> String {
    let mut words = name.split_whitespace();
    let first = words.next().and_then(|word| word.chars().next());
    let last = words.next_back().and_then(|word| word.chars().next());
    first
        .into_iter()
        .chain(last)
        .flat_map(char::to_uppercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::initials;

    #[test]
    fn initials_are_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana Maria de Souza"), "AS");
        assert_eq!(initials("émile"), "É");
        assert_eq!(initials("  "), "");
    }
}
