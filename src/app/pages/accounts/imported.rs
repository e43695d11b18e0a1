//! Who came with a file, and the links by which they choose their passwords: shown once, to be copied.

use std::fmt::Write;

use leptos::prelude::*;

use crate::{
    app::i18n::{text, use_locale},
    browser::{clipboard, dialog, focus, page},
    model::keeping::Newcomer,
};

const FIELD: &str = "import-links";
const SAID: &str = "import-said";
const DONE: &str = "import-done";

/// What came of an import.
#[component]
pub(super) fn Links(
    /// The dialog that it stands in.
    dialog: &'static str,
    /// Who has come.
    people: Vec<Newcomer>,
) -> impl IntoView {
    let t = use_locale();
    // What was focused is gone with the form; what has come is said there.
    Effect::new(move |_| focus::on(DONE));
    let is_copied = RwSignal::new(false);
    let done = text!(t, accounts.imported, count = people.len());
    let lines = lines(&people, &page::origin());
    let has_links = !lines.is_empty();
    view! {
        <p id=SAID class="form-done">
            {done}
        </p>
        {has_links
            .then(|| {
                view! {
                    <p>{text!(t, accounts.import_links_text)}</p>
                    <div class="form-row">
                        <label for=FIELD>{text!(t, accounts.import_links)}</label>
                        <textarea
                            id=FIELD
                            class="input import-links"
                            readonly
                            dir="ltr"
                            rows="6"
                            spellcheck="false"
                            prop:value=lines
                        ></textarea>
                    </div>
                    <p class="form-done" role="status">
                        {move || is_copied.get().then(|| text!(t, accounts.copied))}
                    </p>
                }
            })}
        <div class="dialog-actions">
            {has_links
                .then(|| {
                    view! {
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| is_copied.set(clipboard::copy_field(FIELD))
                        >
                            {text!(t, accounts.copy)}
                        </button>
                    }
                })}
            <button
                type="button"
                id=DONE
                class="button primary"
                aria-describedby=SAID
                on:click=move |_| dialog::close(dialog)
            >
                {text!(t, accounts.link_done)}
            </button>
        </div>
    }
    .into_any()
}

/// A line for each who needs a link: the sign-in name, a tab, the whole address. Spreadsheets take it as two columns.
fn lines(people: &[Newcomer], origin: &str) -> String {
    let mut lines = String::new();
    for person in people {
        if let Some(path) = &person.path {
            let _ = writeln!(lines, "{}\t{origin}{path}", person.username);
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_brought_a_password_needs_no_link() {
        let person = |username: &str, path: Option<&str>| Newcomer {
            username: username.to_owned(),
            path: path.map(str::to_owned),
        };
        let people = [person("ana", Some("/password/x")), person("tom", None)];
        assert_eq!(
            lines(&people, "https://chat.example"),
            "ana\thttps://chat.example/password/x\n"
        );
        assert_eq!(lines(&people[1..], "https://chat.example"), "");
    }
}
