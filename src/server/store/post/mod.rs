//! Writing a batch of new messages: rights, keys, places, rows, counters, each in one statement for the whole batch.
//!
//! Locks are taken in the order users → rooms (ascending id) → messages. Every post is judged alone: one that is
//! refused writes nothing and does not disturb its batch. A key that was used before answers with the first message,
//! after rights were checked again.

mod sql;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use self::sql::{PlaceRow, SenderRow};
use super::{
    Conn, Result,
    contacts::{self, Contact},
    rooms::{self, RoomRow},
    school,
    sql_list::padded,
    storable::storable,
};
use crate::model::{
    Audience, ClientId, Desks, Membership, Message, MessageId, MessageKind, Named, Policy, Role,
    RoomId, RoomKind, Seq, Timestamp, UserCard, UserId, WireError,
    permission::{Action, Actor, Granted, audience_of, may},
};

/// A message to be written.
#[derive(Clone, Debug)]
pub struct NewPost {
    /// Who writes: from the session, never from the frame.
    pub sender_id: UserId,
    /// Where to.
    pub room_id: RoomId,
    /// The device's key.
    pub client_id: ClientId,
    /// Who may see it.
    pub audience: Audience,
    /// Checked text.
    pub content: String,
    /// When; none: at the commit. Given only where history is brought in from elsewhere.
    pub at: Option<Timestamp>,
}

/// A message that is durable.
#[derive(Clone, Debug)]
pub struct Posted {
    /// The message.
    pub message: Message,
    /// Its room.
    pub room: RoomRow,
    /// Whether this write made it; else its key was used before.
    pub is_new: bool,
}

/// What one post came to.
pub type PostResult = std::result::Result<Posted, WireError>;

/// What is known of the world while a batch is judged.
struct Scene {
    senders: HashMap<UserId, SenderRow>,
    places: BTreeMap<RoomId, PlaceRow>,
    members: HashMap<(RoomId, UserId), Membership>,
    known: HashMap<(UserId, ClientId), Message>,
    /// The rooms of two among the places, and what the school says of them.
    contacts: HashMap<RoomId, Contact>,
    policy: Policy,
}

/// Writes `posts` and answers for each, in their order.
pub(super) async fn post(
    conn: &mut Conn<'_>,
    desks: &Desks,
    posts: &[&NewPost],
    now: Timestamp,
) -> Result<Vec<PostResult>> {
    let mut scene = Scene::load(conn, posts, now).await?;
    let mut results: Vec<Option<PostResult>> = Vec::with_capacity(posts.len());
    let mut fresh: Vec<Fresh> = Vec::new();
    let mut is_first: BTreeSet<(UserId, ClientId)> = BTreeSet::new();
    for post in posts {
        results.push(match scene.judge(desks, post) {
            Err(refusal) => Some(Err(refusal)),
            // The same key twice in this batch: answered once the first is written.
            Ok((_, Some(_))) if is_first.contains(&(post.sender_id, post.client_id)) => None,
            Ok((_, Some(posted))) => Some(Ok(posted)),
            Ok((granted, None)) => {
                is_first.insert((post.sender_id, post.client_id));
                fresh.push(scene.place(post, granted, now));
                None
            }
        });
    }
    let written = sql::insert(conn, &fresh).await?;
    sql::advance(conn, &scene, &written).await?;
    sql::follow(conn, &scene).await?;
    scene.known.extend(
        written
            .into_iter()
            .filter_map(|m| m.client_id.map(|key| ((m.sender.id, key), m))),
    );
    Ok(posts
        .iter()
        .zip(results)
        .map(|(post, result)| result.unwrap_or_else(|| scene.answer(post, &mut is_first)))
        .collect())
}

/// A message with its place, about to be inserted.
struct Fresh {
    message: Message,
    client_id: ClientId,
    _granted: Granted,
}

/// The rooms of two among these, and what the school says of them: nothing is asked where there are none.
async fn contacts_of(
    conn: &mut Conn<'_>,
    places: &[PlaceRow],
) -> Result<(HashMap<RoomId, Contact>, Policy)> {
    let of_two = |place: &&PlaceRow| matches!(place.room.kind, RoomKind::Direct | RoomKind::Thread);
    let ids: Vec<RoomId> = places
        .iter()
        .filter(of_two)
        .map(|place| place.room.id)
        .collect();
    if ids.is_empty() {
        return Ok((HashMap::new(), Policy::default()));
    }
    school::lock(conn, false).await?;
    let found = contacts::of_rooms(conn, &padded(&ids)).await?;
    let contacts = found.into_iter().map(|contact| (contact.room_id, contact));
    Ok((contacts.collect(), school::policy(conn).await?))
}

impl Scene {
    async fn load(conn: &mut Conn<'_>, posts: &[&NewPost], now: Timestamp) -> Result<Self> {
        let users: Vec<UserId> = posts
            .iter()
            .map(|post| post.sender_id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let rooms: Vec<RoomId> = posts
            .iter()
            .map(|post| post.room_id)
            .collect::<BTreeSet<_>>()
            .into_iter()
            .collect();
        let (users, rooms) = (padded(&users), padded(&rooms));
        let senders = sql::senders(conn, &users).await?;
        // By itself, before they are read: what another node changed while this one waited is seen then.
        rooms::lock(conn, &rooms).await?;
        let places = sql::places(conn, &rooms).await?;
        let (contacts, policy) = contacts_of(conn, &places).await?;
        Ok(Self {
            contacts,
            policy,
            senders: senders.into_iter().map(|row| (row.id, row)).collect(),
            places: places.into_iter().map(|row| (row.room.id, row)).collect(),
            members: sql::members(conn, &rooms, &users, now).await?,
            known: sql::known(conn, posts, &users).await?,
        })
    }

    /// Refused, already written, or granted.
    fn judge(
        &self,
        desks: &Desks,
        post: &NewPost,
    ) -> std::result::Result<(Granted, Option<Posted>), WireError> {
        let sender = self
            .senders
            .get(&post.sender_id)
            .filter(|sender| sender.closed_at.is_none());
        let sender = sender.ok_or(WireError::Unauthorized)?;
        let place = self.places.get(&post.room_id).ok_or(WireError::NotFound)?;
        let membership = self.members.get(&(post.room_id, post.sender_id)).copied();
        let actor = Actor {
            id: sender.id,
            role: sender.role,
        };
        let named = Named {
            role: sender.role,
            username: &sender.username,
        };
        let is_served = place.room.is_served(desks, named);
        let action = Action::of_post(post.audience);
        let contact = self.contacts.get(&post.room_id);
        let is_closed = contact.is_some_and(|contact| contact.is_closed(&self.policy, sender.id));
        let facts = place.room.facts(membership, is_served).closed(is_closed);
        let granted = may(actor, action, &facts)?;
        storable("content", &post.content)?;
        Ok((granted, self.posted(post, false)))
    }

    fn posted(&self, post: &NewPost, is_new: bool) -> Option<Posted> {
        let message = self.known.get(&(post.sender_id, post.client_id))?.clone();
        let room = self.places.get(&post.room_id)?.room.clone();
        // A key used before in another room answers for that room; nothing of it is published.
        Some(Posted {
            message,
            room,
            is_new,
        })
    }

    fn place(&mut self, post: &NewPost, granted: Granted, now: Timestamp) -> Fresh {
        let sender = self.senders.get(&post.sender_id);
        let mut message = Message {
            id: MessageId(0),
            room_id: post.room_id,
            seq: Seq::default(),
            rev: Seq::default(),
            client_id: Some(post.client_id),
            kind: MessageKind::Text,
            audience: self.audience(post),
            content: post.content.clone(),
            sender: UserCard {
                id: post.sender_id,
                name: sender.map(|sender| sender.name.clone()).unwrap_or_default(),
                role: sender.map_or(Role::Student, |sender| sender.role),
            },
            created_at: post.at.unwrap_or(now),
            deleted_at: None,
            system: None,
        };
        if let Some(place) = self.places.get_mut(&post.room_id) {
            place.take_message(&mut message);
        }
        // The same key again in this batch finds it, and takes no second place.
        self.known
            .insert((post.sender_id, post.client_id), message.clone());
        Fresh {
            message,
            client_id: post.client_id,
            _granted: granted,
        }
    }

    /// Who may see it: as the room is at this place of its history.
    fn audience(&self, post: &NewPost) -> Audience {
        let sender = self.senders.get(&post.sender_id);
        let place = self.places.get(&post.room_id);
        let Some((sender, place)) = sender.zip(place) else {
            return post.audience;
        };
        let actor = Actor {
            id: sender.id,
            role: sender.role,
        };
        let room = &place.room;
        audience_of(actor, &room.whose(), room.chat_mode, post.audience)
    }

    /// The answer for a post that this batch wrote; a second one of the same key is a repetition.
    fn answer(&self, post: &NewPost, is_first: &mut BTreeSet<(UserId, ClientId)>) -> PostResult {
        let is_new = is_first.remove(&(post.sender_id, post.client_id));
        self.posted(post, is_new).ok_or(WireError::Internal)
    }
}
