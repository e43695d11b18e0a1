//! Who is in a room, and keeping order among them.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_navigate;

use super::requests::Requests;
use crate::{
    api,
    app::{
        errors,
        i18n::{Locale, text, use_locale},
        parts::{
            avatar::Avatar, confirm::Confirm, form_field::FormError, icon::Icon, member::room_role,
        },
        state::{Chat, RoomView},
    },
    model::{
        Member, MemberChange, MemberRole, Membership, RoomForMe, RoomId, RoomKind, UserId,
        WireError,
        permission::{Actor, outranks},
    },
    sync::Members,
};

/// The panel's id.
pub const MEMBERS: &str = "members";

/// Minutes of a mute.
const MUTE_MINUTES: u32 = 60;

/// The panel beside the conversation.
#[component]
pub fn MembersPanel(
    /// The chat.
    chat: Chat,
    /// The room.
    room_id: RoomId,
    /// Its signals.
    view: RoomView,
    /// Whether it is shown where there is no room for it.
    is_open: RwSignal<bool>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let room = RwSignal::from(view.room.clone());
    let known = RwSignal::from(view.members.clone());
    let asked = RwSignal::new(Vec::<Member>::new());
    let problem = RwSignal::new(None::<WireError>);
    let count = Memo::new(move |_| room.read().member_count);
    // Of many the snapshot knows the number alone.
    Effect::new(move |_| {
        count.track();
        if !known.read().are_known() {
            spawn_local(async move {
                if let Ok(page) = api::rooms::room_members(room_id, 1).await {
                    drop(asked.try_set(page.members));
                }
            });
        }
    });
    let members = Memo::new(move |_| members_of(&known.read(), &asked.read()));
    let hosts = Memo::new(move |_| room.read().role == Some(MemberRole::Host));
    view! {
        <aside
            id=MEMBERS
            class="person members"
            data-region=""
            data-open=move || is_open.get().to_string()
            aria-label=text!(t, room.members_title)
        >
            <div class="members-head">
                <h2>{move || text!(t, room.size, count = count.get())}</h2>
                <button
                    type="button"
                    class="icon-button person-close"
                    aria-label=text!(t, room.close_members)
                    on:click=move |_| is_open.set(false)
                >
                    <Icon name="back" />
                </button>
            </div>
            {move || {
                problem
                    .get()
                    .map(|error| view! { <FormError sentence=errors::sentence(t, &error) /> })
            }}
            <Show when=move || hosts.get()>
                <Requests room problem />
            </Show>
            <ul class="member-list" role="list">
                <For each=move || members.get() key=|member| member.clone() let(member)>
                    <li>
                        <MemberRow chat room member problem confirm />
                    </li>
                </For>
            </ul>
        </aside>
    }
    .into_any()
}

fn members_of(known: &Members, asked: &[Member]) -> Vec<Member> {
    if known.are_known() {
        known.in_order().into_iter().cloned().collect()
    } else {
        asked.to_vec()
    }
}

/// What the reader may do with a member.
struct Verbs {
    writes: bool,
    mutes: bool,
    kicks: bool,
    ranks: bool,
}

impl Verbs {
    fn any(&self) -> bool {
        self.writes || self.mutes || self.kicks || self.ranks
    }
}

fn verbs(actor: Option<Actor>, room: &RoomForMe, member: &Member) -> Verbs {
    let own = room.role.map(|role| Membership {
        role,
        is_muted: false,
    });
    let is_other = actor.is_some_and(|actor| actor.id != member.user.id);
    let is_above = is_other && actor.is_some_and(|actor| outranks(actor, own, member.role));
    let is_moderator = room.role >= Some(MemberRole::Moderator);
    let is_joined = matches!(room.shared.kind, RoomKind::Public | RoomKind::Private);
    Verbs {
        writes: is_other,
        mutes: is_above && is_moderator,
        kicks: is_above && is_joined,
        ranks: is_other && room.role == Some(MemberRole::Host),
    }
}

#[component]
fn MemberRow(
    /// The chat.
    chat: Chat,
    /// The room as the reader has it.
    room: RwSignal<RoomForMe>,
    /// Who.
    member: Member,
    /// What went wrong last.
    problem: RwSignal<Option<WireError>>,
    /// Asks before something is lost.
    confirm: Confirm,
) -> impl IntoView {
    let t = use_locale();
    let actor = chat.user().map(|user| Actor {
        id: user.id,
        role: user.role,
    });
    let verbs = verbs(actor, &room.read_untracked(), &member);
    let card = member.user.clone();
    let role = (member.role != MemberRole::Member).then(|| room_role(t, member.role));
    let muted = member.muted_until.is_some().then(|| text!(t, room.muted));
    let label = text!(t, room.more_of, name = card.name.clone());
    view! {
        <div class="member-row">
            <Avatar id=card.id name=card.name.clone() />
            <span class="member-name">
                <bdi>{card.name.clone()}</bdi>
                <span class="member-role">
                    {[role, muted].into_iter().flatten().collect::<Vec<_>>().join(" · ")}
                </span>
            </span>
            {verbs
                .any()
                .then(|| {
                    view! {
                        <details class="member-more">
                            <summary class="icon-button" aria-label=label.clone() title=label>
                                <Icon name="more" />
                            </summary>
                            <MemberVerbs room member verbs problem confirm />
                        </details>
                    }
                })}
        </div>
    }
    .into_any()
}

#[component]
fn MemberVerbs(
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
            {verbs.writes.then(|| view! { <ChatWith user_id problem /> })} {others}
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
