//! Members: who is in a room by row, as what, and who was.

use std::collections::BTreeMap;

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
};
use crate::model::{
    Member, MemberRole, Membership, Role, RoomId, Seq, Timestamp, UserCard, UserId, UserRev,
};

/// How somebody stands to a room that they are in, or were.
#[derive(Clone, Copy, Debug, FromRow)]
pub struct Standing {
    /// As what.
    pub role: MemberRole,
    /// Since when they are out; none: they are in.
    pub left_at: Option<Timestamp>,
    /// Since when they may not come back.
    pub banned_at: Option<Timestamp>,
    /// Until when they may not write.
    pub muted_until: Option<Timestamp>,
}

impl Standing {
    /// Whether they are in.
    pub fn is_in(&self) -> bool {
        self.left_at.is_none()
    }

    /// What rights need to know of it; none: they are out.
    pub fn membership(&self, now: Timestamp) -> Option<Membership> {
        self.is_in().then_some(Membership {
            role: self.role,
            is_muted: self.muted_until.is_some_and(|until| until > now),
        })
    }
}

#[derive(FromRow)]
struct Row {
    user_id: UserId,
    name: String,
    school_role: Role,
    role: MemberRole,
    joined_at: Timestamp,
    left_at: Option<Timestamp>,
    muted_until: Option<Timestamp>,
}

impl Row {
    fn into_member(self) -> Member {
        Member {
            user: UserCard {
                id: self.user_id,
                name: self.name,
                role: self.school_role,
            },
            role: self.role,
            joined_at: self.joined_at,
            muted_until: self.muted_until,
        }
    }
}

/// A member whose membership has changed, as it is now.
#[derive(Clone, Debug)]
pub struct MemberNow {
    /// Who, and as what.
    pub member: Member,
    /// Whether they are in.
    pub is_in: bool,
}

const COLUMNS: &str =
    "m.user_id, u.name, u.role AS school_role, m.role, m.joined_at, m.left_at, m.muted_until
     FROM members m JOIN users u ON u.id = m.user_id";

/// Lets somebody in, or back in. A mute that still runs goes on: leaving does not end it.
pub async fn put(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    role: MemberRole,
    rev: Seq,
    now: Timestamp,
) -> Result<()> {
    let sql = "INSERT INTO members (room_id, user_id, role, joined_at, rev) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (room_id, user_id) DO UPDATE SET
             role = excluded.role, joined_at = excluded.joined_at, rev = excluded.rev, left_at = NULL, banned_at = NULL";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(user_id)
        .bind(role)
        .bind(now)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// How somebody stands to a room; none: they never were in.
pub async fn standing(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
) -> Result<Option<Standing>> {
    let sql = "SELECT role, left_at, banned_at, muted_until FROM members WHERE room_id = $1 AND user_id = $2";
    on!(conn, |c| query_as(sql)
        .bind(room_id)
        .bind(user_id)
        .fetch_optional(c)
        .await)
}

/// What rights need to know of somebody in a room; none: they are not in.
pub async fn membership(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    now: Timestamp,
) -> Result<Option<Membership>> {
    let standing = standing(conn, room_id, user_id).await?;
    Ok(standing.and_then(|standing| standing.membership(now)))
}

/// How many are in a room.
pub async fn count(conn: &mut Conn<'_>, room_id: RoomId) -> Result<i64> {
    let sql = "SELECT count(*) FROM members WHERE room_id = $1 AND left_at IS NULL";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// Counts those who are in a room, for lists to read; answers how many.
pub async fn recount(conn: &mut Conn<'_>, room_id: RoomId) -> Result<i64> {
    let sql = "UPDATE room_seq SET member_count =
             (SELECT count(*) FROM members m WHERE m.room_id = room_seq.room_id AND m.left_at IS NULL)
         WHERE room_id = $1 RETURNING member_count";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// One member as they are now, in or out.
pub async fn one(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
) -> Result<Option<MemberNow>> {
    let sql = format!("SELECT {COLUMNS} WHERE m.room_id = $1 AND m.user_id = $2");
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(room_id)
        .bind(user_id)
        .fetch_optional(c)
        .await)?;
    Ok(row.map(now))
}

/// The members of a room, hosts first, then by name; `most` of them after so many.
pub async fn of_room(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    most: i64,
    offset: i64,
) -> Result<Vec<Member>> {
    let sql = format!(
        "SELECT {COLUMNS} WHERE m.room_id = $1 AND m.left_at IS NULL
         ORDER BY CASE m.role WHEN 'host' THEN 0 WHEN 'moderator' THEN 1 ELSE 2 END, u.name_folded, u.id
         LIMIT $2 OFFSET $3"
    );
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(room_id)
        .bind(most)
        .bind(offset)
        .fetch_all(c)
        .await)?;
    Ok(rows.into_iter().map(Row::into_member).collect())
}

/// Those whose membership has changed after `since`, as they are now.
pub async fn changed_after(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    since: Seq,
) -> Result<Vec<(Seq, MemberNow)>> {
    #[derive(FromRow)]
    struct Changed {
        rev: Seq,
        #[sqlx(flatten)]
        row: Row,
    }
    let sql = format!("SELECT m.rev, {COLUMNS} WHERE m.room_id = $1 AND m.rev > $2 ORDER BY m.rev");
    let rows: Vec<Changed> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(room_id)
        .bind(since)
        .fetch_all(c)
        .await)?;
    Ok(rows
        .into_iter()
        .map(|changed| (changed.rev, now(changed.row)))
        .collect())
}

fn now(row: Row) -> MemberNow {
    MemberNow {
        is_in: row.left_at.is_none(),
        member: row.into_member(),
    }
}

/// Those who are that in a room, or more, by id.
pub async fn at_least(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    role: MemberRole,
) -> Result<Vec<UserId>> {
    let roles: &[MemberRole] = match role {
        MemberRole::Host => &[MemberRole::Host, MemberRole::Host],
        MemberRole::Moderator => &[MemberRole::Moderator, MemberRole::Host],
        MemberRole::Member => return everybody(conn, room_id).await,
    };
    let sql =
        "SELECT user_id FROM members WHERE room_id = $1 AND left_at IS NULL AND role IN ($2, $3)
         ORDER BY user_id";
    on!(conn, |c| {
        let mut select = query_scalar(sql).bind(room_id);
        for role in roles {
            select = select.bind(*role);
        }
        select.fetch_all(c).await
    })
}

async fn everybody(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Vec<UserId>> {
    let sql = "SELECT user_id FROM members WHERE room_id = $1 AND left_at IS NULL ORDER BY user_id";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_all(c).await)
}

/// Puts somebody out; `banned_at`: and lets them not come back.
pub async fn put_out(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    banned_at: Option<Timestamp>,
    rev: Seq,
    now: Timestamp,
) -> Result<()> {
    let sql = "UPDATE members SET left_at = COALESCE(left_at, $3), banned_at = $4, rev = $5
         WHERE room_id = $1 AND user_id = $2";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(user_id)
        .bind(now)
        .bind(banned_at)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// Makes a member that.
pub async fn set_role(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    role: MemberRole,
    rev: Seq,
) -> Result<()> {
    let sql = "UPDATE members SET role = $3, rev = $4 WHERE room_id = $1 AND user_id = $2";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(user_id)
        .bind(role)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// Lets a member write again only after that; none: at once.
pub async fn set_muted(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    user_id: UserId,
    until: Option<Timestamp>,
    rev: Seq,
) -> Result<()> {
    let sql = "UPDATE members SET muted_until = $3, rev = $4 WHERE room_id = $1 AND user_id = $2";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(user_id)
        .bind(until)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// Moves the list counters of these users on and answers them.
pub async fn bump_revs(conn: &mut Conn<'_>, users: &[UserId]) -> Result<BTreeMap<UserId, UserRev>> {
    let mut revs = BTreeMap::new();
    for chunk in chunks(users, LIST) {
        let sql = format!(
            "UPDATE users SET rev = rev + 1 WHERE id IN ({}) RETURNING id, rev",
            list(1, chunk.len())
        );
        let moved: Vec<(UserId, UserRev)> = on!(conn, |c| {
            let mut update = query_as(AssertSqlSafe(sql));
            for id in chunk {
                update = update.bind(*id);
            }
            update.fetch_all(c).await
        })?;
        revs.extend(moved);
    }
    Ok(revs)
}
