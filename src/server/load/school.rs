//! The people of a run: accounts, sessions and rooms, made by the use cases before the server is started.

use futures_util::{StreamExt, TryStreamExt, stream};
use secrecy::SecretString;

use super::{LoadError, client::Plan};
use crate::{
    model::{ClientId, Role, RoomId},
    server::service::Services,
};

/// Made at the same time; they share commits.
const AT_ONCE: usize = 128;

/// Who is needed.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    /// How many students.
    pub(super) students: u32,
    /// Whether each has a support room, with a first message in it, and sends to it.
    pub(super) have_rooms: bool,
    /// How many agents; each sees every room.
    pub(super) agents: u32,
    /// Agents that send to the first room too.
    pub(super) sending_agents: u32,
}

/// Somebody with a session.
struct Person {
    token: SecretString,
    room: Option<RoomId>,
}

/// Makes them. Errors: [`LoadError::NotEmpty`] where there is somebody already.
pub(super) async fn make(services: &Services, shape: Shape) -> Result<Vec<Plan>, LoadError> {
    if services.user_count().await? > 0 {
        return Err(LoadError::NotEmpty);
    }
    let agents = people(services, "agent", Role::Agent, shape.agents, false).await?;
    let has_rooms = shape.have_rooms;
    let students = people(
        services,
        "student",
        Role::Student,
        shape.students,
        has_rooms,
    )
    .await?;
    let first = students.first().and_then(|student| student.room);
    let by_student = students.into_iter().map(|student| {
        let room = student.room;
        (student, room)
    });
    let by_agent = agents.into_iter().zip(0..).map(|(agent, at)| {
        let room = first.filter(|_| at < shape.sending_agents);
        (agent, room)
    });
    // The first agent sees every room, so it comes first and is the auditor.
    let mut rank = 0;
    let plans = by_agent
        .chain(by_student)
        .zip(0..)
        .map(|((person, room), index)| {
            let sends = room.map(|room| {
                rank += 1;
                (room, rank - 1)
            });
            Plan {
                index,
                token: person.token,
                sends,
                audits: index == 0,
            }
        });
    Ok(plans.collect())
}

async fn people(
    services: &Services,
    name: &str,
    role: Role,
    count: u32,
    have_rooms: bool,
) -> Result<Vec<Person>, LoadError> {
    stream::iter((0..count).map(|n| one(services, format!("{name}{n}"), role, have_rooms)))
        .buffered(AT_ONCE)
        .try_collect()
        .await
}

async fn one(
    services: &Services,
    username: String,
    role: Role,
    has_room: bool,
) -> Result<Person, LoadError> {
    let (actor, token) = services.add_signed_in(&username, role).await?;
    let mut room = None;
    if has_room {
        let room_id = services.open_support_room(actor).await?;
        let (key, text) = (ClientId::random(), "Hello!".to_owned());
        services
            .import_message(actor, room_id, key, text, services.clock.now())
            .await?;
        room = Some(room_id);
    }
    Ok(Person { token, room })
}
