//! Who else looks at the open conversation: two who answer at once see it.

use leptos::prelude::*;

use crate::app::{
    i18n::{Locale, text, use_locale},
    parts::icon::Icon,
};

/// "Nora is looking at this too"; nothing while one is alone with it.
#[component]
pub fn Lookers(
    /// Who, by name.
    #[prop(into)]
    names: Signal<Vec<String>>,
) -> impl IntoView {
    let t = use_locale();
    // The line stands empty, so that what comes into it is announced.
    view! {
        <p class="lookers" role="status">
            {move || {
                let sentence = sentence(t, &names.read())?;
                Some(
                    view! {
                        <Icon name="eye" />
                        <span>{sentence}</span>
                    },
                )
            }}
        </p>
    }
}

fn sentence(t: Locale, names: &[String]) -> Option<String> {
    match names {
        [] => None,
        [name] => Some(text!(t, inbox.looking_one, name = name)),
        [first, second] => Some(text!(t, inbox.looking_two, first = first, second = second)),
        more => Some(text!(t, inbox.looking_many, count = more.len())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn up_to_two_are_named_and_more_are_counted() {
        let names = ["Nora", "Otto", "Rosa"].map(str::to_owned);
        let told = |count: usize| sentence(Locale::en, &names[..count]).unwrap_or_default();
        assert_eq!(told(0), "");
        assert_eq!(told(1), "Nora is looking at this too");
        assert_eq!(told(2), "Nora and Otto are looking at this too");
        assert_eq!(told(3), "Others looking at this too: 3");
    }
}
