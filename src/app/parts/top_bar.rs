//! The bar above every page of somebody who is signed in: the school, the inbox, the account.

use leptos::prelude::*;

use super::{
    avatar::Avatar,
    badge::Badge,
    canned::REPLIES,
    icon::Icon,
    page_title::unanswered,
    sign_out::{SignOutDialog, SignOutForm},
    status_switch::StatusSwitch,
    theme_switch::ThemeSwitch,
};
use crate::{
    api::Boot,
    app::{
        i18n::{Locale, text, use_locale},
        start::use_start,
        state::Chat,
    },
    browser::dialog,
    model::{Role, User},
};

const MENU: &str = "account-menu";

/// The bar; nothing for those who are not signed in.
#[component]
pub fn TopBar() -> impl IntoView {
    let start = use_start();
    view! {
        <Suspense>
            {move || Suspend::new(async move {
                let boot = start.boot().await.ok()?;
                Some(view! { <Bar boot chat=start.chat /> })
            })}
        </Suspense>
    }
}

#[component]
fn Bar(
    /// What the page starts from.
    boot: Boot,
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    boot.session.map(|session| {
        let answers = !session.answered().is_empty();
        let user = session.user;
        view! {
            <header class="top-bar" data-region="">
                <a class="school" href="/">
                    <span class="school-mark">
                        <Icon name="school" />
                    </span>
                    <bdi>{boot.school.name}</bdi>
                </a>
                <nav class="top-nav" aria-label=text!(t, header.main)>
                    <ChatLink chat />
                    {answers.then(|| view! { <InboxLink chat /> })}
                </nav>
                <AccountMenu chat user answers csrf=boot.csrf />
                <SignOutDialog chat />
            </header>
        }
    })
}

/// The way to the rooms: a number for what is the reader's alone, a dot for the rest.
#[component]
fn ChatLink(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let count = Memo::new(move |_| chat.lists.read().unread_personal());
    let has_more = Memo::new(move |_| count.get() == 0 && chat.lists.read().has_unread_groups());
    let label = move || match count.get() {
        0 if has_more.get() => text!(t, header.chat_more),
        0 => text!(t, header.chat),
        count => text!(t, header.chat_unread, count = count),
    };
    view! {
        <a
            class="icon-button"
            href="/chat"
            aria-label=label
            title=text!(t, header.chat)
            data-more=move || has_more.get().to_string()
        >
            <Icon name="messages" />
            <Badge count />
        </a>
    }
}

#[component]
fn InboxLink(
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let count = Memo::new(move |_| unanswered(chat));
    let label = move || match count.get() {
        0 => text!(t, header.inbox),
        count => text!(t, header.inbox_unread, count = count),
    };
    view! {
        <a class="icon-button" href="/admin/chat" aria-label=label title=text!(t, header.inbox)>
            <Icon name="bell" />
            <Badge count />
        </a>
    }
}

/// Who is signed in, the appearance, and the way out. A native popover: it opens without a script, closes on Escape and
/// gives the focus back.
#[component]
fn AccountMenu(
    /// The chat.
    chat: Chat,
    /// Who is signed in.
    user: User,
    /// Whether they answer at a desk.
    answers: bool,
    /// The CSRF token.
    csrf: String,
) -> impl IntoView {
    let t = use_locale();
    view! {
        <button
            type="button"
            class="account-button"
            popovertarget=MENU
            aria-label=text!(t, header.account)
            title=text!(t, header.account)
        >
            <Avatar id=user.id name=user.name.clone() />
            <span
                class="presence"
                data-status=move || chat.own_presence.get().chosen.as_str()
                aria-hidden="true"
            ></span>
            <Icon name="chevron-down" />
        </button>
        <div id=MENU class="menu" popover="auto">
            <div class="menu-person">
                <Avatar id=user.id name=user.name.clone() />
                <p>
                    <bdi class="menu-name">{user.name.clone()}</bdi>
                    <span class="menu-role">{role_name(t, user.role)}</span>
                </p>
            </div>
            <StatusSwitch chat />
            <ThemeSwitch />
            <a class="menu-item" href="/account" on:click=move |_| dialog::hide_popover(MENU)>
                <Icon name="user" />
                {text!(t, header.account_page)}
            </a>
            {answers
                .then(|| {
                    view! {
                        <a class="menu-item" href=REPLIES on:click=move |_| dialog::hide_popover(MENU)>
                            <Icon name="message" />
                            {text!(t, canned.title)}
                        </a>
                    }
                })}
            <SignOutForm chat csrf />
        </div>
    }
}

/// What a role is called.
pub fn role_name(t: Locale, role: Role) -> String {
    match role {
        Role::Student => text!(t, role.student),
        Role::Teacher => text!(t, role.teacher),
        Role::Agent => text!(t, role.agent),
        Role::Admin => text!(t, role.admin),
    }
}
