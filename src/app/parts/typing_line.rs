//! Who is typing, on a line of fixed height.

use leptos::prelude::*;

use crate::app::i18n::{Locale, text, use_locale};

/// "Ana is typing". Not announced: it changes too often to be listened to.
#[component]
pub fn TypingLine(
    /// Who, by name.
    #[prop(into)]
    names: Signal<Vec<String>>,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <p class="typing-line" data-typing=move || (!names.read().is_empty()).to_string()>
            <span class="typing-dots" aria-hidden="true"></span>
            <span class="typing-names">
                {move || sentence(t, &names.read())}
            </span>
        </p>
    }
}

fn sentence(t: Locale, names: &[String]) -> String {
    match names {
        [] => String::new(),
        [name] => text!(t, typing.one, name = name),
        [first, second] => text!(t, typing.two, first = first, second = second),
        _ => text!(t, typing.many),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_two_are_named() {
        let names = ["Ana", "Ben", "Cem"].map(str::to_owned);
        assert_eq!(sentence(Locale::en, &[]), "");
        assert_eq!(sentence(Locale::en, &names[..1]), "Ana is typing");
        assert_eq!(sentence(Locale::en, &names[..2]), "Ana and Ben are typing");
        assert_eq!(sentence(Locale::en, &names), "Several people are typing");
    }
}
