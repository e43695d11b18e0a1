//! One's own support conversations as pages: the same as in the widget, which steps aside here. Where there are several
//! desks, `/contact` lets choose one.

use leptos::prelude::*;
use leptos_router::hooks::{use_params_map, use_query_map};

use crate::{
    api::{self, School, Session},
    app::{
        errors,
        i18n::{text, use_locale},
        pages::not_found::NotFoundPage,
        parts::{
            connection_bar::ConnectionBar,
            conversation::Conversation,
            desk::{DeskLine, DeskList, title},
            icon::Icon,
            page_title::PageTitle,
            search_link::SearchRoomLink,
            status::{Empty, Failed, Skeleton},
        },
        respond,
        start::{signed_in, use_start},
        state::{Chat, RoomView, reading},
        widget::{Phase, Widget},
    },
    model::{Desk, DeskCard, MessageId, RoomForMe, RoomId, RoomKind, WireError},
    sync::{Lists, Snapshot},
};

/// The page's address.
pub const CONTACT: &str = "/contact";

/// The address of the conversation with that desk.
pub fn contact_path(desk: &Desk) -> String {
    format!("{CONTACT}/{}", desk.0)
}

/// Whether that is one of these pages.
pub fn is_contact(path: &str) -> bool {
    let rest = path.strip_prefix(CONTACT);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The own room's snapshot; `None` where it is not made yet: looking at the page does not make it.
type OwnRoom = Resource<Option<Result<Snapshot, WireError>>>;

/// The pages `/contact` and `/contact/:desk`; with `?message=` around one of the messages.
#[component]
pub fn ContactPage() -> impl IntoView {
    let start = use_start();
    let params = use_params_map();
    let named = Memo::new(move |_| params.read().get("desk").map(Desk));
    let query = use_query_map();
    let message_id = Memo::new(move |_| query.read().get_str("message")?.parse().ok());
    let own: OwnRoom = Resource::new_blocking(
        move || (named.get(), message_id.get()),
        move |(named, message_id)| async move {
            let session = start.boot().await.ok()?.session?;
            let card = chosen(&session, named)?;
            // It may have been made since the page began.
            let live = start.chat.lists.try_read_untracked();
            let live = live.and_then(|lists| own_of(&lists, &card.desk));
            let room_id = live.or_else(|| own_of(&session.lists, &card.desk))?;
            Some(api::room_at(room_id, message_id).await)
        },
    );
    signed_in(move |school, session, chat| {
        let page = move || match (chosen(&session, named.get()), named.get()) {
            (Some(card), _) => {
                let has_others = session.asked().len() > 1;
                view! { <Contact school=school.clone() chat own message_id card has_others /> }
                    .into_any()
            }
            (None, None) if !session.asked().is_empty() => {
                view! { <Choice school=school.clone() chat /> }.into_any()
            }
            (None, None) if chat.answers() => {
                view! { <Answering school=school.clone() chat /> }.into_any()
            }
            _ => view! { <NotFoundPage /> }.into_any(),
        };
        page.into_any()
    })
}

/// The desk that the address names, or the only one.
fn chosen(session: &Session, named: Option<Desk>) -> Option<DeskCard> {
    let asked = session.asked();
    let desk = match (named, asked.as_slice()) {
        (Some(desk), _) => Some(desk).filter(|desk| asked.contains(desk)),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    };
    session.desks.get(&desk?).cloned()
}

/// The own room with that desk, in the list as it lives.
fn own_id(chat: Chat, desk: Desk) -> Option<RoomId> {
    own_of(&chat.lists.read(), &desk)
}

fn own_of(lists: &Lists, desk: &Desk) -> Option<RoomId> {
    let me = lists.me;
    let mut rooms = lists.rooms.values();
    let own = rooms.find(|room| {
        let shared = &room.shared;
        let person = shared.user.as_ref().map(|user| user.id);
        shared.kind == RoomKind::Support && person == Some(me) && shared.desk.as_ref() == Some(desk)
    });
    own.map(RoomForMe::id)
}

/// Whom to write to, where there are several.
#[component]
fn Choice(
    /// The school.
    school: School,
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, home.support_title);
    let heading = text!(t, widget.heading, school = school.name.clone());
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="contact" tabindex="-1">
            <header class="contact-head">
                <div class="contact-head-text">
                    <h1>{heading}</h1>
                    <p>{text!(t, desk.choose)}</p>
                </div>
            </header>
            <ConnectionBar chat />
            // The links lead there by themselves.
            <DeskList chat choose=|_| false />
        </main>
    }
}

/// Whoever answers at every desk asks at none: the way to where they answer.
#[component]
fn Answering(
    /// The school.
    school: School,
    /// The chat.
    chat: Chat,
) -> impl IntoView {
    let t = use_locale();
    let title = text!(t, home.support_title);
    view! {
        <PageTitle chat name=Signal::derive(move || title.clone()) school=school.name />
        <main id="main" class="contact" tabindex="-1">
            <Empty icon="messages" title=text!(t, desk.answering_title) text=text!(t, desk.answering_text) />
            <a class="button primary contact-inbox" href="/admin/chat">
                {text!(t, home.open_inbox)}
            </a>
        </main>
    }
}

#[component]
fn Contact(
    /// The school.
    school: School,
    /// The chat.
    chat: Chat,
    /// The own room.
    own: OwnRoom,
    /// The message that is looked for in it.
    message_id: Memo<Option<MessageId>>,
    /// Whom it is with.
    card: DeskCard,
    /// Whether there are other desks.
    has_others: bool,
) -> impl IntoView {
    let t = use_locale();
    let widget = Widget::of_page();
    let name = title(t, &card);
    let heading = if has_others {
        name.clone()
    } else {
        text!(t, widget.heading, school = school.name.clone())
    };
    let desk = StoredValue::new(card.desk.clone());
    let back = has_others.then(|| {
        view! {
            <a class="icon-button" href=CONTACT aria-label=text!(t, desk.all) title=text!(t, desk.all)>
                <Icon name="back" />
            </a>
        }
    });
    view! {
        <PageTitle chat name=Signal::derive(move || name.clone()) school=school.name />
        <main id="main" class="contact" tabindex="-1">
            <header class="contact-head">
                {back}
                <div class="contact-head-text">
                    <h1 dir="auto">{heading}</h1>
                    <p><DeskLine chat card /></p>
                </div>
                {move || own_id(chat, desk.get_value()).map(|room_id| view! { <SearchRoomLink room_id /> })}
            </header>
            <ConnectionBar chat />
            <Suspense fallback=|| view! { <Skeleton lines=6 /> }>
                {move || Suspend::new(async move {
                    match own.await {
                        // On the way from one desk to another it may still be the former one's.
                        Some(Ok(snapshot)) if snapshot.room.shared.desk != Some(desk.get_value()) => {
                            view! { <Begin chat widget desk /> }.into_any()
                        }
                        Some(Ok(snapshot)) => match chat.open(snapshot) {
                            Some(view) => {
                                let view = view.looking_for(message_id.get_untracked());
                                let phase = Phase::Ready(Box::new(view.clone()));
                                Effect::new(move |_| {
                                    widget.turn_to(Some(desk.get_value()));
                                    widget.phase.set(phase.clone());
                                });
                                view! { <OwnConversation chat view /> }.into_any()
                            }
                            None => view! { <Begin chat widget desk /> }.into_any(),
                        },
                        Some(Err(error)) => {
                            respond::set_status(error.status());
                            if error == WireError::NotFound {
                                let title = text!(t, app.not_found_title);
                                let text = text!(t, app.not_found_text);
                                return view! { <Empty icon="message" title text /> }.into_any();
                            }
                            let message = errors::sentence(t, &error);
                            view! { <Failed message on_retry=move |()| own.refetch() /> }.into_any()
                        }
                        None => view! { <Begin chat widget desk /> }.into_any(),
                    }
                })}
            </Suspense>
        </main>
    }
}

/// The first visit: the conversation is made once the page is alive.
#[component]
fn Begin(
    /// The chat.
    chat: Chat,
    /// What makes it.
    widget: Widget,
    /// Whom it is with.
    desk: StoredValue<Desk>,
) -> impl IntoView {
    let t = use_locale();
    Effect::new(move |_| {
        widget.turn_to(Some(desk.get_value()));
        if matches!(widget.phase.get_untracked(), Phase::Unopened) {
            widget.load();
        }
    });
    move || match widget.phase.get() {
        Phase::Unopened | Phase::Loading => view! { <Skeleton lines=6 /> }.into_any(),
        Phase::Ready(view) => view! { <OwnConversation chat view=*view /> }.into_any(),
        Phase::Failed(error) => {
            let message = errors::sentence(t, &error);
            view! { <Failed message on_retry=move |()| widget.load() /> }.into_any()
        }
    }
}

#[component]
fn OwnConversation(
    /// The chat.
    chat: Chat,
    /// The room.
    view: RoomView,
) -> impl IntoView {
    let t = use_locale();
    let room_id = view.id;
    Effect::new(move |_| reading::show(chat, room_id));
    // The widget goes on with it: it is hidden, not left.
    on_cleanup(move || reading::hide(chat, room_id));
    let empty = (text!(t, widget.empty_title), text!(t, widget.empty_text));
    view! { <Conversation chat view empty autofocus=true /> }
}
