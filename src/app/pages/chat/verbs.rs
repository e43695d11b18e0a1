//! What one may do with a member of a room: writing to them, and keeping order.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use crate::{
    api,
    app::{
        i18n::{Locale, text, use_locale},
        parts::{block::BlockButton, confirm::Confirm},
        state::Chat,
    },
    model::{
        Member, MemberChange, MemberRole, Membership, RoomForMe, RoomId, RoomKind, UserId,
        WireError,
        permission::{Actor, outranks},
    },
};

/// Minutes of a mute.
const MUTE_MINUTES: u32 = 60;

/// What the reader may do with a member.
pub struct Verbs {
    writes: bool,
    blocks: bool,
    mutes: bool,
    kicks: bool,
    ranks: bool,
}

impl Verbs {
    /// Whether there is anything.
    pub fn any(&self) -> bool {
        self.writes || self.blocks || self.mutes || self.kicks || self.ranks
    }
}

/// What the reader may do with that member of the room.
pub fn verbs(chat: Chat, room: &RoomForMe, member: &Member) -> Verbs {
    let actor = chat.user().map(|user| user.card()).map(|card| Actor {
        id: card.id,
        role: card.role,
    });
    let own = room.role.map(|role| Membership {
        role,
        is_muted: false,
    });
    let is_other = actor.is_some_and(|actor| actor.id != member.user.id);
    let is_above = is_other && actor.is_some_and(|actor| outranks(actor, own, member.role));
    let is_moderator = room.role >= Some(MemberRole::Moderator);
    let is_joined = matches!(room.shared.kind, RoomKind::Public | RoomKind::Private);
    Verbs {
        writes: is_other && chat.may_write_to(member.user.role),
        blocks: is_other && chat.may_block(member.user.role),
        mutes: is_above && is_moderator,
        kicks: is_above && is_joined,
        ranks: is_other && room.role == Some(MemberRole::Host),
    }
}

/// The verbs, below the member's row.
#[component]
pub fn MemberVerbs(
    /// The chat.
    chat: Chat,
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// Who.
    member: Member,
    /// What may be done.
    verbs: Verbs,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let room_id = room.read_untracked().id();
    let (user_id, name) = (member.user.id, member.user.name.clone());
    let card = member.user.clone();
    let change = move |change| change_member(problem, room_id, user_id, change);
    let role = move |role| {
        let label = match role {
            MemberRole::Member => text!(t, room.make_member),
            MemberRole::Moderator => text!(t, room.make_moderator),
            MemberRole::Host => text!(t, room.make_host),
        };
        view! {
            <button type="button" class="menu-item" on:click=move |_| change(MemberChange::Role(role))>
                {label}
            </button>
        }
    };
    let roles = [MemberRole::Member, MemberRole::Moderator, MemberRole::Host];
    let others = roles.into_iter().filter(|role| *role != member.role);
    let others: Vec<_> = others.filter(|_| verbs.ranks).map(role).collect();
    let mute = if member.muted_until.is_some() {
        (MemberChange::Mute(None), text!(t, room.unmute))
    } else {
        (MemberChange::Mute(Some(MUTE_MINUTES)), text!(t, room.mute))
    };
    let put_out = move |what: MemberChange, label: String| {
        let name = name.clone();
        let words = label.clone();
        let ask = move |_| {
            let title = text!(t, room.put_out_title, name = name.clone());
            let text = put_out_text(t, what);
            confirm.ask(title, text, words.clone(), move || change(what));
        };
        view! {
            <button type="button" class="menu-item danger" on:click=ask>
                {label}
            </button>
        }
    };
    view! {
        <div class="member-verbs">
            {verbs.writes.then(|| view! { <ChatWith user_id problem /> })}
            {verbs.blocks.then(|| view! { <BlockButton chat card class="menu-item" /> })} {others}
            {verbs
                .mutes
                .then(|| {
                    view! {
                        <button type="button" class="menu-item" on:click=move |_| change(mute.0)>
                            {mute.1}
                        </button>
                    }
                })}
            {verbs
                .kicks
                .then(|| {
                    [
                        put_out(MemberChange::Kick, text!(t, room.kick)),
                        put_out(MemberChange::Ban, text!(t, room.ban)),
                    ]
                })}
        </div>
    }
    .into_any()
}

fn put_out_text(t: Locale, change: MemberChange) -> String {
    match change {
        MemberChange::Ban => text!(t, room.ban_text),
        _ => text!(t, room.kick_text),
    }
}

fn change_member(
    problem: RwSignal<Option<WireError>>,
    room_id: RoomId,
    user_id: UserId,
    change: MemberChange,
) {
    problem.set(None);
    spawn_local(async move {
        let done = api::rooms::change_member(room_id, user_id, change, String::new()).await;
        if let Err(error) = done {
            drop(problem.try_set(Some(error)));
        }
    });
}

/// The way to the room that the reader and that person have for themselves.
#[component]
fn ChatWith(
    /// With whom.
    user_id: UserId,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
) -> impl IntoView {
    let t = use_locale();
    let navigate = use_navigate();
    let open = move |_| {
        let navigate = navigate.clone();
        spawn_local(async move {
            match api::rooms::open_direct(user_id).await {
                Ok(room_id) => navigate(&format!("/chat/{room_id}"), Default::default()),
                Err(error) => drop(problem.try_set(Some(error))),
            }
        });
    };
    view! {
        <button type="button" class="menu-item" on:click=open>
            {text!(t, room.chat_with)}
        </button>
    }
    .into_any()
}
