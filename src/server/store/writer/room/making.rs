//! Making a room that others join, or that follows a course.

use super::{
    super::course::told, Changed, Done, ListChange, Listing, RoomChange, RoomDone, Stop, acting,
    listed, member_now, tell,
};
use crate::{
    model::{
        CourseId, CourseRole, MemberRole, RoomDraft, RoomId, Seq, SystemKey, SystemNote, Timestamp,
        UserId, WireError,
        permission::{Actor, may_create_course_rooms, may_create_rooms_of_any_course, may_make},
    },
    server::store::{Conn, courses, following, members as rows, rooms, school},
};

/// Whoever makes it runs it; of a course's room everybody in the course is a member at once. Errors: `unauthorized`,
/// `forbidden`, for a course's room `teachers_only`; `invalid` on `course`; `full`.
pub(super) async fn create(
    conn: &mut Conn<'_>,
    by: UserId,
    draft: &RoomDraft,
    now: Timestamp,
) -> Done {
    let actor = acting(conn, by).await?;
    let policy = school::policy(conn).await?;
    let people = match draft.course {
        Some(course_id) => of_course(conn, actor.actor(), course_id).await?,
        None if may_make(&policy, actor.role, draft.kind) => Vec::new(),
        None => return Err(WireError::Forbidden.into()),
    };
    check_size(draft, people.len().saturating_add(1))?;
    let room_id = rooms::insert(conn, draft, by, now).await?;
    let seq = rooms::take_seq(conn, room_id).await?;
    let mut lists = bring_in(conn, (room_id, seq), &people, now).await?;
    rows::put(conn, room_id, by, MemberRole::Host, seq, now).await?;
    let (member, count) = member_now(conn, room_id, by).await?;
    let note = SystemNote::of(SystemKey::RoomCreated);
    let message = tell(conn, room_id, seq, &actor.card(), note, now).await?;
    let room = rooms::by_id(conn, room_id).await?;
    lists.push(listed(conn, room_id, by).await?);
    Ok(RoomDone {
        room: room.ok_or(WireError::Internal)?,
        change: Some(RoomChange {
            seq,
            message,
            what: Changed::Joined(member, count),
        }),
        lists,
        request: None,
        is_new: true,
    })
}

/// Who else is in a course of which somebody makes a room. A course that is not theirs is told like one that is not there.
async fn of_course(
    conn: &mut Conn<'_>,
    actor: Actor,
    course_id: CourseId,
) -> Result<Vec<(UserId, MemberRole)>, Stop> {
    if !may_create_course_rooms(actor.role) {
        return Err(WireError::TeachersOnly.into());
    }
    courses::lock(conn, course_id).await?;
    let own = courses::role_in(conn, course_id, actor.id).await?;
    let is_theirs = may_create_rooms_of_any_course(actor.role) || own == Some(CourseRole::Teacher);
    let known = courses::by_id(conn, course_id).await?;
    if known.is_none() || !is_theirs {
        let problem = "There is no such course of yours.";
        return Err(WireError::field("course", problem).into());
    }
    let people = courses::people_of(conn, course_id).await?.into_iter();
    Ok(people
        .filter(|(user_id, _)| *user_id != actor.id)
        .map(|(user_id, role)| (user_id, role.in_rooms()))
        .collect())
}

/// A course does not become smaller by a room's size.
fn check_size(draft: &RoomDraft, count: usize) -> Result<(), WireError> {
    let count = i64::try_from(count).unwrap_or(i64::MAX);
    match draft.max_members {
        Some(most) if count > most => Err(WireError::Full),
        _ => Ok(()),
    }
}

async fn bring_in(
    conn: &mut Conn<'_>,
    (room_id, seq): (RoomId, Seq),
    people: &[(UserId, MemberRole)],
    now: Timestamp,
) -> Result<Vec<ListChange>, sqlx::Error> {
    following::put_all(conn, room_id, people, seq, now).await?;
    let ids: Vec<UserId> = people.iter().map(|(user_id, _)| *user_id).collect();
    told(conn, &ids, &Listing::Afresh).await
}
