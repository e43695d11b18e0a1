//! What stands above the list: a field for names, and the filter. Statuses are links, so that they work without a script.

use leptos::prelude::*;
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate},
};

use super::filter::{Filter, Order, Who};
use crate::{
    app::i18n::{Locale, text, use_locale},
    model::{Desk, SupportStatus, support::SUPPORT_STATUSES},
};

/// The filter's controls.
#[component]
pub fn Filters(
    /// What the address says.
    filter: Memo<Filter>,
    /// The part of a name that is looked for.
    name: RwSignal<String>,
    /// The desks that the reader answers, with their titles.
    desks: Vec<(Desk, String)>,
) -> impl IntoView {
    let t = use_locale();
    let statuses = SUPPORT_STATUSES.into_iter().map(Some).chain([None]);
    view! {
        <div class="inbox-filters">
            <p class="inbox-heading" aria-hidden="true">
                {text!(t, inbox.title)}
            </p>
            <input
                class="input"
                type="search"
                dir="auto"
                autocomplete="off"
                aria-label=text!(t, inbox.filter)
                placeholder=text!(t, inbox.filter)
                on:input:target=move |ev| name.set(ev.target().value())
            />
            <div class="segments" role="group" aria-label=text!(t, inbox.status)>
                {statuses
                    .map(|status| view! { <StatusLink filter status /> })
                    .collect_view()}
            </div>
            <div class="inbox-choices">
                {(desks.len() > 1).then(|| view! { <DeskChoice filter desks /> })}
                <Choice
                    label=text!(t, inbox.who)
                    options=vec![
                        (Who::Anyone.as_str().to_owned(), text!(t, inbox.anyone)),
                        (Who::Mine.as_str().to_owned(), text!(t, inbox.mine)),
                        (Who::Nobody.as_str().to_owned(), text!(t, inbox.nobody)),
                    ]
                    chosen=Signal::derive(move || filter.get().who.as_str().to_owned())
                    choose=move |word: String| Filter {
                        who: Who::from_word(&word).unwrap_or_default(),
                        ..filter.get_untracked()
                    }
                />
                <Choice
                    label=text!(t, inbox.order)
                    options=vec![
                        (Order::Newest.as_str().to_owned(), text!(t, inbox.newest_first)),
                        (Order::Waiting.as_str().to_owned(), text!(t, inbox.waiting_first)),
                    ]
                    chosen=Signal::derive(move || filter.get().order.as_str().to_owned())
                    choose=move |word: String| Filter {
                        order: Order::from_word(&word).unwrap_or_default(),
                        ..filter.get_untracked()
                    }
                />
                <FilterLink
                    class="chip"
                    target=Signal::derive(move || Filter {
                        only_unread: !filter.get().only_unread,
                        ..filter.get()
                    })
                    is_current=Signal::derive(move || filter.get().only_unread)
                    label=text!(t, inbox.unread)
                />
            </div>
        </div>
    }
}

/// For those who answer at several desks.
#[component]
fn DeskChoice(
    /// What the address says.
    filter: Memo<Filter>,
    /// The desks, with their titles.
    desks: Vec<(Desk, String)>,
) -> impl IntoView {
    let t = use_locale();
    let every = (String::new(), text!(t, inbox.all_desks));
    let each = desks.into_iter().map(|(desk, title)| (desk.0, title));
    view! {
        <Choice
            label=text!(t, inbox.desk)
            options=std::iter::once(every).chain(each).collect()
            chosen=Signal::derive(move || filter.get().desk.map(|desk| desk.0).unwrap_or_default())
            choose=move |word: String| Filter {
                desk: Some(Desk(word)).filter(Desk::is_name),
                ..filter.get_untracked()
            }
        />
    }
}

#[component]
fn StatusLink(
    /// What the address says.
    filter: Memo<Filter>,
    /// Where this link leads.
    status: Option<SupportStatus>,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <FilterLink
            class="segment"
            target=Signal::derive(move || Filter { status, ..filter.get() })
            is_current=Signal::derive(move || filter.get().status == status)
            label=status_name(t, status)
        />
    }
}

/// A link to the same page with another filter.
#[component]
fn FilterLink(
    /// Its class.
    class: &'static str,
    /// What it shows.
    target: Signal<Filter>,
    /// Whether it is shown now.
    is_current: Signal<bool>,
    /// Its words.
    label: String,
) -> impl IntoView {
    let path = use_location().pathname;
    view! {
        <a
            class=class
            href=move || format!("{}{}", path.get(), target.get().query())
            aria-current=move || is_current.get().then_some("true")
        >
            {label}
        </a>
    }
}

/// A choice of one; the address follows.
#[component]
fn Choice(
    /// What is chosen.
    label: String,
    /// Words of the address, and of the page.
    options: Vec<(String, String)>,
    /// The chosen one.
    chosen: Signal<String>,
    /// The filter with another one.
    choose: impl Fn(String) -> Filter + Copy + 'static,
) -> impl IntoView {
    let path = use_location().pathname;
    let navigate = use_navigate();
    let go = move |word: String| {
        let to = format!("{}{}", path.get_untracked(), choose(word).query());
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&to, options);
    };
    view! {
        <select
            class="select"
            aria-label=label
            prop:value=move || chosen.get()
            on:change:target=move |ev| go(ev.target().value())
        >
            {options
                .into_iter()
                .map(|(word, name)| {
                    let value = word.clone();
                    view! {
                        <option value=value selected=move || chosen.get() == word>
                            {name}
                        </option>
                    }
                })
                .collect_view()}
        </select>
    }
}

/// What a status is called; none: all of them.
pub fn status_name(t: Locale, status: Option<SupportStatus>) -> String {
    match status {
        Some(SupportStatus::Open) => text!(t, inbox.open),
        Some(SupportStatus::Pending) => text!(t, inbox.pending),
        Some(SupportStatus::Resolved) => text!(t, inbox.resolved),
        None => text!(t, inbox.all),
    }
}
