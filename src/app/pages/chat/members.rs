//! Who is in a room, and keeping order among them.

use leptos::{prelude::*, task::spawn_local};

use super::{
    requests::Requests,
    verbs::{MemberVerbs, verbs},
};
use crate::{
    api,
    app::{
        errors,
        i18n::{text, use_locale},
        parts::{
            avatar::Avatar, confirm::Confirm, form_field::FormError, icon::Icon, member::room_role,
            presence::PresenceMark,
        },
        state::{Chat, RoomView},
    },
    model::{Member, MemberRole, RoomForMe, RoomId, WireError, permission::Actor},
    sync::Members,
};

/// The panel's id.
pub const MEMBERS: &str = "members";

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
                <span class="member-who">
                    <bdi>{card.name.clone()}</bdi>
                    <PresenceMark chat id=card.id />
                </span>
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
