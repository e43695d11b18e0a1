//! What others may know of somebody: who they are, what time it is there, which rooms both are in.

use leptos::prelude::*;
use leptos_router::{LazyRoute, hooks::use_params_map, lazy_route};

use super::asked::PEOPLE;
use crate::{
    api::{self, School},
    app::{
        i18n::{text, use_locale},
        pages::not_found::NotFoundPage,
        parts::{
            avatar::Avatar,
            chat_with::ChatWith,
            icon::Icon,
            page_title::PageTitle,
            room_link::{RoomMark, kind_icon},
            status::Skeleton,
            top_bar::role_name,
        },
        start::{StartFailed, signed_in},
        state::Chat,
    },
    model::{Profile, SharedRoom, WireError},
};

/// The page `/people/:username`.
pub struct ProfilePage {
    profile: Resource<Result<Profile, WireError>>,
}

#[lazy_route]
impl LazyRoute for ProfilePage {
    fn data() -> Self {
        let params = use_params_map();
        let username = Memo::new(move |_| params.read().get("username").unwrap_or_default());
        Self {
            profile: Resource::new_blocking(move || username.get(), api::directory::open_profile),
        }
    }

    fn view(this: Self) -> AnyView {
        let profile = this.profile;
        signed_in(move |school, _, chat| {
            let school = StoredValue::new(school);
            view! {
                <Suspense fallback=|| {
                    view! { <main id="main" class="page narrow"><Skeleton /></main> }
                }>
                    {move || Suspend::new(async move {
                        match profile.await {
                            Ok(profile) => {
                                view! { <Person school=school.get_value() chat profile /> }
                                    .into_any()
                            }
                            Err(WireError::NotFound) => view! { <NotFoundPage /> }.into_any(),
                            Err(error) => view! { <StartFailed error /> }.into_any(),
                        }
                    })}
                </Suspense>
            }
            .into_any()
        })
        .into_any()
    }
}

#[component]
fn Person(
    /// The school.
    school: School,
    /// The chat.
    chat: Chat,
    /// What may be known.
    profile: Profile,
) -> impl IntoView {
    let t = use_locale();
    let Profile {
        person,
        zone,
        shared,
    } = profile;
    let is_me = chat.user().is_some_and(|user| user.id == person.id);
    let title = person.name.clone();
    let way = if is_me {
        view! { <p class="page-lead">{text!(t, directory.you)}</p> }.into_any()
    } else {
        view! { <ChatWith person=person.card() is_primary=true /> }.into_any()
    };
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="page narrow profile" data-region="" tabindex="-1">
            <a class="profile-back" href=PEOPLE>
                <Icon name="back" />
                {text!(t, directory.back)}
            </a>
            <header class="profile-head">
                <Avatar id=person.id name=person.name.clone() />
                <div>
                    <h1 dir="auto">{person.name.clone()}</h1>
                    <p class="page-lead">{role_name(t, person.role)}</p>
                </div>
            </header>
            <dl class="profile-facts">
                <dt>{text!(t, directory.username)}</dt>
                <dd>
                    <bdi>{person.username.clone()}</bdi>
                </dd>
                <dt>{text!(t, directory.local_time)}</dt>
                <dd>{move || zone.clock(chat.minute.get())}</dd>
            </dl>
            <div class="profile-way">{way}</div>
            {(!is_me).then(|| view! { <Shared shared /> })}
        </main>
    }
    .into_any()
}

#[component]
fn Shared(
    /// The rooms of many that both are in.
    shared: Vec<SharedRoom>,
) -> impl IntoView {
    let t = use_locale();
    let is_empty = shared.is_empty();
    let rooms = shared.into_iter().map(|room| {
        view! {
            <li>
                <a class="profile-room" href=format!("/chat/{}", room.id)>
                    <RoomMark icon=kind_icon(room.kind).unwrap_or("hash") />
                    <bdi>{room.name}</bdi>
                </a>
            </li>
        }
    });
    view! {
        <section aria-labelledby="profile-shared">
            <h2 id="profile-shared">{text!(t, directory.shared)}</h2>
            {is_empty.then(|| view! { <p class="page-lead">{text!(t, directory.no_shared)}</p> })}
            <ul class="profile-rooms" role="list">
                {rooms.collect_view()}
            </ul>
        </section>
    }
}
