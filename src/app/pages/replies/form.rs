//! The form that keeps a canned reply.

use leptos::{html, prelude::*, task::spawn_local};

use super::Desk;
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::form_field::{FieldProblem, FormError},
    },
    browser::{focus, page},
    model::{self, CannedDraft, CannedReply, CannedReplyId, WireError, canned::NAME_CHARS},
};

/// The id of the name's field, and its name in errors.
pub const NAME: &str = "name";
const CONTENT: &str = "content";
const DESK: &str = "desk";

/// The form: for a new one, or with the one that is being changed.
#[component]
pub fn ReplyForm(
    /// The page's state.
    desk: Desk,
    /// Longest text.
    limit: usize,
) -> impl IntoView {
    let t = use_locale();
    let (name, content) = (
        NodeRef::<html::Input>::new(),
        NodeRef::<html::Textarea>::new(),
    );
    let at = NodeRef::<html::Select>::new();
    let problem = RwSignal::new(None::<(&'static str, String)>);
    let is_busy = RwSignal::new(true);
    Effect::new(move |_| is_busy.set(false));
    Effect::new(move |_| {
        let edited = desk.edited.get();
        if let (Some(name), Some(content)) = (name.get(), content.get()) {
            let (old_name, old_content) =
                edited.map_or_else(Default::default, |reply| (reply.name, reply.content));
            name.set_value(&old_name);
            content.set_value(&old_content);
            problem.set(None);
        }
    });
    let submit = move || {
        let (Some(name), Some(content)) = (name.get_untracked(), content.get_untracked()) else {
            return;
        };
        let draft = CannedDraft {
            id: desk.edited.get_untracked().map(|reply| reply.id),
            desk: edited_desk(desk)
                .or_else(|| at.get_untracked().map(|at| model::Desk(at.value()))),
            name: name.value(),
            content: content.value(),
        };
        match checked(t, desk, draft, limit) {
            Ok(draft) => {
                problem.set(None);
                keep(t, desk, draft, is_busy, problem);
            }
            Err(found) => {
                focus::on(found.0);
                problem.set(Some(found));
            }
        }
    };
    let problem_of = move |field: &'static str| {
        Signal::derive(move || {
            let problem = problem.get();
            problem.filter(|(of, _)| *of == field).map(|(_, said)| said)
        })
    };
    let is_invalid = move |field| move || problem_of(field).get().map(|_| "true");
    view! {
        <form
            class="card reply-form"
            aria-labelledby="reply-form-heading"
            method="post"
            novalidate
            on:submit=move |ev| {
                ev.prevent_default();
                submit();
            }
        >
            <h2 id="reply-form-heading">
                {move || match desk.edited.get() {
                    Some(reply) => text!(t, canned.change, name = reply.name),
                    None => text!(t, canned.add),
                }}
            </h2>
            {move || {
                desk.error
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <DeskRow desk at />
            <div class="form-row">
                <label for=NAME>{text!(t, canned.name)}</label>
                <input
                    node_ref=name
                    id=NAME
                    class="input"
                    name=NAME
                    dir="auto"
                    autocomplete="off"
                    autocapitalize="none"
                    aria-invalid=is_invalid(NAME)
                    aria-describedby="name-problem name-hint"
                />
                <FieldProblem name=NAME problem=problem_of(NAME) />
                <p id="name-hint" class="field-hint">
                    {text!(t, canned.name_hint)}
                </p>
            </div>
            <div class="form-row">
                <label for=CONTENT>{text!(t, canned.content)}</label>
                <textarea
                    node_ref=content
                    id=CONTENT
                    class="input"
                    name=CONTENT
                    rows="4"
                    dir="auto"
                    aria-invalid=is_invalid(CONTENT)
                    aria-describedby="content-problem content-hint"
                ></textarea>
                <FieldProblem name=CONTENT problem=problem_of(CONTENT) />
                <p id="content-hint" class="field-hint">
                    {text!(t, canned.content_hint)}
                </p>
            </div>
            <div class="form-buttons">
                <button type="submit" class="button primary" disabled=move || is_busy.get()>
                    {text!(t, canned.keep)}
                </button>
                <Show when=move || desk.edited.read().is_some()>
                    <button type="button" class="button" on:click=move |_| desk.edited.set(None)>
                        {text!(t, canned.cancel)}
                    </button>
                </Show>
            </div>
        </form>
    }
}

/// For which desk the one is that is being changed.
fn edited_desk(desk: Desk) -> Option<model::Desk> {
    desk.edited.get_untracked().map(|reply| reply.desk)
}

/// For those who answer at several desks: for which one a new reply is.
#[component]
fn DeskRow(
    /// The page's state.
    desk: Desk,
    /// The field.
    at: NodeRef<html::Select>,
) -> impl IntoView {
    let t = use_locale();
    let desks = desk.desks.get_value();
    (desks.len() > 1).then(|| {
        let option =
            |(desk, title): (model::Desk, String)| view! { <option value=desk.0>{title}</option> };
        view! {
            <Show when=move || desk.edited.read().is_none()>
                <div class="form-row">
                    <label for=DESK>{text!(t, inbox.desk)}</label>
                    <select node_ref=at id=DESK class="select" name=DESK>
                        {desks.iter().cloned().map(option).collect_view()}
                    </select>
                </div>
            </Show>
        }
    })
}

/// What is wrong is said before the server is asked.
fn checked(
    t: Locale,
    desk: Desk,
    draft: CannedDraft,
    limit: usize,
) -> Result<CannedDraft, (&'static str, String)> {
    let draft = draft.checked(limit).map_err(|error| match error {
        WireError::Invalid { fields } if fields.contains_key(CONTENT) => {
            (CONTENT, text!(t, canned.bad_content, count = limit))
        }
        _ => (NAME, text!(t, canned.bad_name, count = NAME_CHARS)),
    })?;
    let is_taken = |other: &CannedReply| {
        let is_here = draft.desk.as_ref().is_none_or(|desk| *desk == other.desk);
        other.name == draft.name && is_here && Some(other.id) != draft.id
    };
    if desk.replies.read_untracked().iter().any(is_taken) {
        return Err((NAME, text!(t, canned.taken)));
    }
    Ok(draft)
}

fn keep(
    t: Locale,
    desk: Desk,
    draft: CannedDraft,
    is_busy: RwSignal<bool>,
    problem: RwSignal<Option<(&'static str, String)>>,
) {
    is_busy.set(true);
    spawn_local(async move {
        let answer = api::canned::keep_canned_reply(draft).await;
        is_busy.set(false);
        match answer {
            Ok(kept) => {
                let done = text!(t, canned.kept, name = kept.name.clone());
                desk.take(kept, done);
                // Also where it was empty already: the fields are.
                desk.edited.set(None);
                focus::on(NAME);
            }
            Err(WireError::Unauthorized) => page::reload(),
            // Somebody else was quicker with the name.
            Err(WireError::Invalid { .. }) => problem.set(Some((NAME, text!(t, canned.taken)))),
            Err(error) => desk.error.set(Some(error)),
        }
    });
}

/// Lets one go; for a while it can be had back.
pub(super) fn let_go(t: Locale, desk: Desk, reply: CannedReply) {
    spawn_local(async move {
        match api::canned::drop_canned_reply(reply.id).await {
            // What is gone already is gone.
            Ok(()) | Err(WireError::NotFound) => {
                forget(desk, reply.id);
                let done = text!(t, canned.dropped, name = reply.name.clone());
                desk.say(done, Some(reply));
                focus::on(NAME);
            }
            Err(WireError::Unauthorized) => page::reload(),
            Err(error) => desk.error.set(Some(error)),
        }
    });
}

fn forget(desk: Desk, id: CannedReplyId) {
    desk.replies
        .update(|replies| replies.retain(|known| known.id != id));
    if desk
        .edited
        .read_untracked()
        .as_ref()
        .is_some_and(|reply| reply.id == id)
    {
        desk.edited.set(None);
    }
}

/// Has the one back that was let go.
pub(super) fn restore(t: Locale, desk: Desk, reply: CannedReply) {
    spawn_local(async move {
        let draft = CannedDraft {
            id: None,
            desk: Some(reply.desk),
            name: reply.name,
            content: reply.content,
        };
        match api::canned::keep_canned_reply(draft).await {
            Ok(kept) => {
                let done = text!(t, canned.kept, name = kept.name.clone());
                desk.take(kept, done);
            }
            Err(WireError::Unauthorized) => page::reload(),
            Err(error) => desk.error.set(Some(error)),
        }
    });
}
