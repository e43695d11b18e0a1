//! Rooms: making them, and what rights and routing need to know of them.

use sqlx::{AssertSqlSafe, FromRow, query, query_as, query_scalar};

use super::{
    Conn, Result,
    conn::on,
    sql_list::{LIST, chunks, list},
    support,
};
use crate::model::{
    ChatMode, Desk, Desks, MarksRev, Membership, MessageId, Named, RoomCounters, RoomDraft, RoomId,
    RoomKind, RoomPatch, Seq, Staff, Timestamp, UserId,
    fold::fold,
    permission::{RoomFacts, Whose, serves},
};

/// What rights and routing need of a room, from one user's side.
#[derive(Clone, Debug, FromRow)]
pub struct RoomRow {
    /// The room.
    pub id: RoomId,
    /// What sort of conversation.
    pub kind: RoomKind,
    /// Support rooms: whom it is with.
    pub desk: Option<Desk>,
    /// Support rooms: whose it is.
    pub user_id: Option<UserId>,
    /// Whether those who are not in it see its card.
    pub is_listed: bool,
    /// How many may be in it.
    pub max_members: Option<i64>,
    /// Read-only since.
    pub archived_at: Option<Timestamp>,
    /// Gone since.
    pub deleted_at: Option<Timestamp>,
    /// Course rooms: who sees what students write.
    pub chat_mode: ChatMode,
    /// Course rooms: those who keep order in it.
    #[sqlx(try_from = "String")]
    pub staff: Staff,
}

/// What every query of rooms selects for [`RoomRow`], of `rooms r`.
macro_rules! room_columns {
    () => {
        "r.id, r.kind, r.desk, r.user_id, r.is_listed, r.max_members, r.archived_at, r.deleted_at, r.chat_mode,
             CASE r.kind WHEN 'course' THEN COALESCE((SELECT string_agg(CAST(t.user_id AS TEXT), ',') FROM members t
                 WHERE t.room_id = r.id AND t.left_at IS NULL AND t.role <> 'member'), '') ELSE '' END AS staff"
    };
}

pub(super) use room_columns;

impl RoomRow {
    /// Whether somebody answers here.
    pub fn is_served(&self, desks: &Desks, who: Named<'_>) -> bool {
        let desk = self.desk.as_ref();
        desk.is_some_and(|desk| serves(desks, who, desk))
    }

    /// What decides who is staff in it.
    pub fn whose(&self) -> Whose {
        Whose {
            kind: self.kind,
            person: self.user_id,
            staff: self.staff.clone(),
        }
    }

    /// The facts of the permission table, for somebody who is that in it by row, or answers here. Of a room of two they do
    /// not say yet whether it is closed: [`contacts`](super::contacts) knows.
    pub fn facts(&self, membership: Option<Membership>, is_served: bool) -> RoomFacts {
        RoomFacts {
            kind: self.kind,
            person: self.user_id,
            is_served,
            membership,
            is_closed: false,
            is_listed: self.is_listed,
            is_archived: self.archived_at.is_some(),
            is_deleted: self.deleted_at.is_some(),
        }
    }
}

/// Makes the support room of a person at a desk, unless it is there; answers it and whether it is new.
pub async fn ensure_support(
    conn: &mut Conn<'_>,
    desk: &Desk,
    user_id: UserId,
    now: Timestamp,
) -> Result<(RoomId, bool)> {
    let sql = "INSERT INTO rooms (kind, name, desk, user_id, created_by, created_at)
         VALUES ('support', '', $1, $2, $2, $3)
         ON CONFLICT (desk, user_id) DO NOTHING RETURNING id";
    let made: Option<RoomId> = on!(conn, |c| query_scalar(sql)
        .bind(desk)
        .bind(user_id)
        .bind(now)
        .fetch_optional(c)
        .await)?;
    if let Some(id) = made {
        start_counters(conn, id).await?;
        support::insert(conn, id, desk).await?;
        return Ok((id, true));
    }
    let known = "SELECT id FROM rooms WHERE desk = $1 AND user_id = $2";
    let id = on!(conn, |c| query_scalar(known)
        .bind(desk)
        .bind(user_id)
        .fetch_one(c)
        .await)?;
    Ok((id, false))
}

async fn start_counters(conn: &mut Conn<'_>, id: RoomId) -> Result<()> {
    let sql = "INSERT INTO room_seq (room_id, seq) VALUES ($1, 0)";
    on!(conn, |c| query(sql).bind(id).execute(c).await.map(drop))
}

/// Makes a room that others join; nobody is in it yet.
pub async fn insert(
    conn: &mut Conn<'_>,
    draft: &RoomDraft,
    by: UserId,
    now: Timestamp,
) -> Result<RoomId> {
    let sql = "INSERT INTO rooms (kind, name, name_folded, description, is_listed, max_members, allow_files, allow_voice,
             created_by, created_at, course_id)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id";
    let id: RoomId = on!(conn, |c| query_scalar(sql)
        .bind(draft.kind)
        .bind(&draft.name)
        .bind(fold(&draft.name))
        .bind(&draft.description)
        .bind(draft.is_listed)
        .bind(draft.max_members)
        .bind(draft.allow_files)
        .bind(draft.allow_voice)
        .bind(by)
        .bind(now)
        .bind(draft.course)
        .fetch_one(c)
        .await)?;
    start_counters(conn, id).await?;
    Ok(id)
}

/// Makes the room of two, unless it is there; answers it and whether it is new. `owner_message`: a private thread's.
pub async fn ensure_pair(
    conn: &mut Conn<'_>,
    kind: RoomKind,
    (by, with): (UserId, UserId),
    owner_message: Option<MessageId>,
    now: Timestamp,
) -> Result<(RoomId, bool)> {
    let (first, second) = (by.min(with), by.max(with));
    let key = match kind {
        RoomKind::Thread => format!("{first}:{second}:{}", owner_message.unwrap_or_default()),
        _ => format!("{first}:{second}"),
    };
    let sql = "INSERT INTO rooms (kind, name, created_by, created_at, first_id, second_id, direct_key, owner_message_id)
         VALUES ($1, '', $2, $3, $4, $5, $6, $7) ON CONFLICT (direct_key) DO NOTHING RETURNING id";
    let made: Option<RoomId> = on!(conn, |c| query_scalar(sql)
        .bind(kind)
        .bind(by)
        .bind(now)
        .bind(first)
        .bind(second)
        .bind(&key)
        .bind(owner_message)
        .fetch_optional(c)
        .await)?;
    if let Some(id) = made {
        start_counters(conn, id).await?;
        return Ok((id, true));
    }
    let known = "SELECT id FROM rooms WHERE direct_key = $1";
    let id = on!(conn, |c| query_scalar(known).bind(&key).fetch_one(c).await)?;
    Ok((id, false))
}

/// The room of that id.
pub async fn by_id(conn: &mut Conn<'_>, id: RoomId) -> Result<Option<RoomRow>> {
    let sql = concat!("SELECT ", room_columns!(), " FROM rooms r WHERE r.id = $1");
    on!(conn, |c| query_as(sql).bind(id).fetch_optional(c).await)
}

/// How far these rooms have come, in no order; those that are not there are left out.
pub async fn counters(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<Vec<RoomCounters>> {
    let mut counters = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = format!(
            "SELECT room_id, seq, marks_rev FROM room_seq WHERE room_id IN ({})",
            list(1, chunk.len())
        );
        let found: Vec<RoomCounters> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql));
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        counters.extend(found);
    }
    Ok(counters)
}

/// How far the rooms of a desk have come.
pub async fn counters_of_desk(conn: &mut Conn<'_>, desk: &Desk) -> Result<Vec<RoomCounters>> {
    let sql =
        "SELECT s.room_id, s.seq, s.marks_rev FROM rooms r JOIN room_seq s ON s.room_id = r.id
         WHERE r.desk = $1 AND r.deleted_at IS NULL";
    on!(conn, |c| query_as(sql).bind(desk).fetch_all(c).await)
}

/// Locks the counters of these rooms, which ascend, until the transaction ends; nothing where it is alone anyway.
pub(super) async fn lock(conn: &mut Conn<'_>, ids: &[RoomId]) -> Result<()> {
    let Conn::Postgres(c) = conn else {
        return Ok(());
    };
    let sql = "SELECT room_id FROM room_seq WHERE room_id = ANY($1) ORDER BY room_id FOR UPDATE";
    query(sql).bind(ids).execute(&mut **c).await.map(drop)
}

/// Takes the next place in a room's history.
pub async fn take_seq(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Seq> {
    let sql = "UPDATE room_seq SET seq = seq + 1 WHERE room_id = $1 RETURNING seq";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// Changes what a room is.
pub async fn update(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    patch: &RoomPatch,
    rev: Seq,
) -> Result<()> {
    let sql = "UPDATE rooms SET name = COALESCE($2, name), name_folded = COALESCE($3, name_folded),
             description = COALESCE($4, description), is_listed = COALESCE($5, is_listed),
             max_members = COALESCE($6, max_members), allow_files = COALESCE($7, allow_files),
             allow_voice = COALESCE($8, allow_voice), chat_mode = COALESCE($9, chat_mode), rev = $10
         WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(&patch.name)
        .bind(patch.name.as_deref().map(fold))
        .bind(&patch.description)
        .bind(patch.is_listed)
        .bind(patch.max_members)
        .bind(patch.allow_files)
        .bind(patch.allow_voice)
        .bind(patch.chat_mode)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// Makes a room read-only since then, or writable again.
pub async fn set_archived(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    at: Option<Timestamp>,
    rev: Seq,
) -> Result<()> {
    let sql = "UPDATE rooms SET archived_at = $2, rev = $3 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(at)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// Lets a room go; what was in it stays in the database until it is erased.
pub async fn set_deleted(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    at: Timestamp,
    rev: Seq,
) -> Result<()> {
    let sql = "UPDATE rooms SET deleted_at = $2, rev = $3 WHERE id = $1";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(at)
        .bind(rev)
        .execute(c)
        .await
        .map(drop))
}

/// The room's seq at the last change of what it is.
pub async fn rev(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Seq> {
    let sql = "SELECT rev FROM rooms WHERE id = $1";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// Moves the counter of a room's receipts on and answers it.
pub async fn bump_marks(conn: &mut Conn<'_>, room_id: RoomId) -> Result<MarksRev> {
    let sql =
        "UPDATE room_seq SET marks_rev = marks_rev + 1 WHERE room_id = $1 RETURNING marks_rev";
    on!(conn, |c| query_scalar(sql).bind(room_id).fetch_one(c).await)
}

/// The rooms in which that user is by row or in person, for subscribing a socket to them.
pub async fn ids_of_person(conn: &mut Conn<'_>, user_id: UserId) -> Result<Vec<RoomId>> {
    let sql = "SELECT id FROM rooms WHERE user_id = $1 AND deleted_at IS NULL
         UNION SELECT r.id FROM members m JOIN rooms r ON r.id = m.room_id
         WHERE m.user_id = $1 AND m.left_at IS NULL AND r.deleted_at IS NULL";
    on!(conn, |c| query_scalar(sql).bind(user_id).fetch_all(c).await)
}
