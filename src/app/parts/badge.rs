//! A number of unread things.

use leptos::prelude::*;

/// Greater numbers are shown as this and a plus.
const MOST: i64 = 999;

/// The number as it is shown: "999+" beyond 999.
pub fn capped(count: i64) -> String {
    if count > MOST {
        format!("{MOST}+")
    } else {
        count.to_string()
    }
}

/// A number on its coloured ground; nothing for none. What it counts is said in words beside it.
#[component]
pub fn Badge(
    /// How many.
    #[prop(into)]
    count: Signal<i64>,
) -> impl IntoView {
    view! {
        <Show when=move || count.get() != 0>
            <span class="badge" aria-hidden="true">
                {move || capped(count.get())}
            </span>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::capped;

    #[test]
    fn a_badge_stops_counting_at_999() {
        assert_eq!(capped(7), "7");
        assert_eq!(capped(999), "999");
        assert_eq!(capped(1000), "999+");
    }
}
