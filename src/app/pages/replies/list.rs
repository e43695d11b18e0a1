//! What is kept.

use leptos::prelude::*;

use super::{
    Desk,
    form::{NAME, let_go, restore},
};
use crate::{
    app::{
        i18n::{text, use_locale},
        parts::{icon::Icon, status::Empty},
    },
    browser::focus,
    model::CannedReply,
};

/// The list, what was done last, and the way back.
#[component]
pub fn ReplyList(
    /// The page's state.
    desk: Desk,
) -> impl IntoView {
    let t = use_locale();
    let is_empty = Memo::new(move |_| desk.replies.read().is_empty());
    view! {
        <section class="replies-list" aria-labelledby="replies-heading">
            <h2 id="replies-heading">{text!(t, canned.all)}</h2>
            <p class="form-done" role="status">
                {move || Some(desk.done.get()).filter(|done| !done.is_empty())}
            </p>
            {move || {
                desk.dropped
                    .get()
                    .map(|reply| {
                        view! {
                            <button
                                type="button"
                                class="button small"
                                on:click=move |_| restore(t, desk, reply.clone())
                            >
                                <Icon name="retry" />
                                {text!(t, canned.undo)}
                            </button>
                        }
                    })
            }}
            <Show when=move || is_empty.get()>
                <Empty icon="message" title=text!(t, canned.empty) text=text!(t, canned.empty_text) />
            </Show>
            <ul role="list">
                <For each=move || desk.replies.get() key=|reply| reply.clone() let(reply)>
                    <Kept desk reply />
                </For>
            </ul>
        </section>
    }
}

#[component]
fn Kept(
    /// The page's state.
    desk: Desk,
    /// The reply.
    reply: CannedReply,
) -> impl IntoView {
    let t = use_locale();
    let (edit, drop_it) = (reply.clone(), reply.clone());
    let title = desk.title_of(&reply);
    let label_edit = text!(t, canned.change, name = reply.name.clone());
    let label_drop = text!(t, canned.drop_it, name = reply.name.clone());
    view! {
        <li class="reply">
            <div class="reply-text">
                <h3>
                    <bdi>"/" {reply.name}</bdi>
                    {title.map(|title| view! { " " <bdi class="reply-desk">{title}</bdi> })}
                </h3>
                <p dir="auto">{reply.content}</p>
            </div>
            <button
                type="button"
                class="button small"
                aria-label=label_edit
                on:click=move |_| {
                    desk.edited.set(Some(edit.clone()));
                    focus::on(NAME);
                }
            >
                {text!(t, state.edit)}
            </button>
            <button
                type="button"
                class="button small"
                aria-label=label_drop
                on:click=move |_| let_go(t, desk, drop_it.clone())
            >
                {text!(t, state.delete)}
            </button>
        </li>
    }
}
