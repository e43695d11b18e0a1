//! Keeping a course, inside the transaction: what it is, who is in it, and that its rooms follow at once.

use std::collections::BTreeSet;

use super::{
    Outcome, WriteResult,
    room::{Changed, ListChange, Listing, RoomChange, RoomDone},
};
use crate::{
    model::{CourseCard, CourseId, CourseRole, MemberRole, RoomId, Timestamp, UserId},
    server::store::{Conn, Result, courses, following, members, rooms, storable::storable},
};

/// What is to become of a course. What is in it has been checked.
#[derive(Clone, Debug)]
pub struct CourseChange {
    /// Its code; a course that is not there is made.
    pub code: String,
    /// Its title.
    pub title: String,
    /// Who is in it now, or is something else in it.
    pub enrolled: Vec<(UserId, CourseRole)>,
    /// Who is not in it any more.
    pub gone: Vec<UserId>,
}

/// What has become of a course.
#[derive(Clone, Debug)]
pub struct CourseDone {
    /// The course.
    pub course: CourseCard,
    /// Its rooms that have changed.
    pub rooms: Vec<RoomDone>,
}

/// Whom and which rooms that touches, for the locks.
pub(super) async fn touched(
    conn: &mut Conn<'_>,
    change: &CourseChange,
) -> Result<(BTreeSet<UserId>, BTreeSet<RoomId>)> {
    let mut users: BTreeSet<UserId> = change.gone.iter().copied().collect();
    users.extend(change.enrolled.iter().map(|(user_id, _)| *user_id));
    let mut of_course = BTreeSet::new();
    if let Some(course) = courses::by_code(conn, &change.code).await? {
        for room_id in courses::rooms_of(conn, course.id).await? {
            of_course.insert(room_id);
            users.extend(members::at_least(conn, room_id, MemberRole::Member).await?);
        }
    }
    Ok((users, of_course))
}

/// Makes the course so. Errors: `invalid` for what cannot be stored.
pub(super) async fn keep(
    conn: &mut Conn<'_>,
    change: &CourseChange,
    now: Timestamp,
) -> Result<WriteResult> {
    for (field, text) in [("code", &change.code), ("title", &change.title)] {
        if let Err(refusal) = storable(field, text) {
            return Ok(Err(refusal));
        }
    }
    let before = courses::by_code(conn, &change.code).await?;
    let id = courses::keep(conn, &change.code, &change.title, now).await?;
    courses::enrol(conn, id, &change.enrolled).await?;
    courses::strike(conn, id, &change.gone).await?;
    let course = CourseCard {
        id,
        code: change.code.clone(),
        title: change.title.clone(),
    };
    let is_renamed = before.is_some_and(|before| before != course);
    let rooms = follow_all(conn, id, (change, is_renamed), now).await?;
    Ok(Ok(Outcome::Course(Box::new(CourseDone { course, rooms }))))
}

async fn follow_all(
    conn: &mut Conn<'_>,
    id: CourseId,
    change: (&CourseChange, bool),
    now: Timestamp,
) -> Result<Vec<RoomDone>> {
    let mut done = Vec::new();
    for room_id in courses::rooms_of(conn, id).await? {
        done.extend(follow(conn, room_id, change, now).await?);
    }
    Ok(done)
}

/// A room follows by one place in its history, however many come and go; none where nothing changes.
async fn follow(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    (change, is_renamed): (&CourseChange, bool),
    now: Timestamp,
) -> Result<Option<RoomDone>> {
    let enrolled = change.enrolled.iter();
    let people: Vec<UserId> = (change.gone.iter().copied())
        .chain(enrolled.clone().map(|(user_id, _)| *user_id))
        .collect();
    let roles = following::roles_of(conn, room_id, &people).await?;
    let come: Vec<(UserId, MemberRole)> = enrolled
        .map(|(user_id, role)| (*user_id, role.in_rooms()))
        .filter(|(user_id, role)| roles.get(user_id) != Some(role))
        .collect();
    let gone: Vec<UserId> = (change.gone.iter().copied())
        .filter(|user_id| roles.contains_key(user_id))
        .collect();
    if come.is_empty() && gone.is_empty() && !is_renamed {
        return Ok(None);
    }
    let seq = rooms::take_seq(conn, room_id).await?;
    following::put_all(conn, room_id, &come, seq, now).await?;
    following::put_out_all(conn, room_id, &gone, seq, now).await?;
    following::set_reset(conn, room_id, seq).await?;
    members::recount(conn, room_id).await?;
    let stay = members::at_least(conn, room_id, MemberRole::Member).await?;
    let mut lists = told(conn, &gone, &Listing::Removed).await?;
    lists.extend(told(conn, &stay, &Listing::Afresh).await?);
    let room = rooms::by_id(conn, room_id).await?;
    Ok(room.map(|room| RoomDone {
        room,
        change: Some(RoomChange {
            seq,
            message: None,
            what: Changed::Many,
        }),
        lists,
        request: None,
        is_new: false,
    }))
}

/// The same change of the lists of many.
pub(super) async fn told(
    conn: &mut Conn<'_>,
    users: &[UserId],
    what: &Listing,
) -> Result<Vec<ListChange>> {
    let revs = members::bump_revs(conn, users).await?;
    let lists = revs.into_iter().map(|(user_id, user_rev)| ListChange {
        user_id,
        user_rev,
        what: what.clone(),
    });
    Ok(lists.collect())
}
