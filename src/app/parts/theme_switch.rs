//! Light, dark, or as the device has it.

use leptos::prelude::*;

use super::icon::Icon;
use crate::app::{
    i18n::{text, use_locale},
    prefs::{Prefs, THEMES, Theme, choose},
};

/// Three radios that look like one switch.
#[component]
pub fn ThemeSwitch() -> impl IntoView {
    let t = use_locale();
    let chosen = RwSignal::new(use_context::<Prefs>().unwrap_or_default().theme);
    let label = move |theme| match theme {
        Theme::System => (text!(t, header.system), "monitor"),
        Theme::Light => (text!(t, header.light), "sun"),
        Theme::Dark => (text!(t, header.dark), "moon"),
    };
    let radio = move |theme: Theme| {
        let (label, icon) = label(theme);
        view! {
            <label class="theme-choice">
                <input
                    type="radio"
                    name="theme"
                    class="visually-hidden"
                    value=theme.as_str()
                    checked=chosen.get_untracked() == theme
                    prop:checked=move || chosen.get() == theme
                    on:change=move |_| {
                        chosen.set(theme);
                        choose(theme);
                    }
                />
                <Icon name=icon />
                <span>{label}</span>
            </label>
        }
    };
    view! {
        <fieldset class="theme-switch">
            <legend>{text!(t, header.theme)}</legend>
            <div class="theme-choices">{THEMES.map(radio).collect_view()}</div>
        </fieldset>
    }
}
