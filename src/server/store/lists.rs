//! Rooms as one reader has them: shared facts, own marks, unread count and last message, in one query for the list.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{AssertSqlSafe, FromRow, query_as};

use super::{
    Conn, Result,
    blocks::blocks_of_two,
    conn::on,
    courses, history,
    marks::unread_of,
    school::policy_columns,
    sql_list::{LIST, chunks, list},
    support::{StateRow, support_columns},
};
use crate::model::{
    Audience, ChatMode, Desk, InboxQuery, LastMessage, MemberRole, MessageId, Policy, Role,
    RoomForMe, RoomId, RoomKind, RoomShared, Seq, SupportStatus, Timestamp, UserCard, UserId,
    fold::fold,
    limits::{DESK_ROOMS, UNREAD_MAX},
    permission::{Actor, may_see, may_write_to},
    text,
};

/// The rooms in which that user is by row or in person.
pub async fn of_person(conn: &mut Conn<'_>, reader: Actor) -> Result<Vec<RoomForMe>> {
    let rows: Vec<Row> = {
        let sql = select(
            "r.deleted_at IS NULL AND (r.user_id = $1 OR r.id IN
                 (SELECT room_id FROM members WHERE user_id = $1 AND left_at IS NULL))",
            reader,
        );
        on!(conn, |c| query_as(AssertSqlSafe(sql))
            .bind(reader.id)
            .bind(UNREAD_MAX)
            .fetch_all(c)
            .await)?
    };
    as_seen(conn, rows, reader).await
}

/// A desk's conversations in which something has happened: what is not resolved, then the newest others.
pub async fn of_desk(conn: &mut Conn<'_>, reader: Actor, desk: &Desk) -> Result<Vec<RoomForMe>> {
    let sql = select(
        "r.deleted_at IS NULL AND r.desk = $3 AND s.seq > 0
             ORDER BY CASE p.status WHEN 'resolved' THEN 1 ELSE 0 END, COALESCE(s.last_message_id, 0) DESC LIMIT $4",
        reader,
    );
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(UNREAD_MAX)
        .bind(desk)
        .bind(i64::try_from(DESK_ROOMS).unwrap_or(i64::MAX))
        .fetch_all(c)
        .await)?;
    as_seen(conn, rows, reader).await
}

/// A desk's conversations that match, last activity first.
pub async fn inbox(
    conn: &mut Conn<'_>,
    reader: Actor,
    desk: &Desk,
    asked: &InboxQuery,
    limit: i64,
) -> Result<Vec<RoomForMe>> {
    let sql = select(
        "r.deleted_at IS NULL AND r.desk = $3 AND s.last_message_id < $4
             AND ($5 = '' OR p.status = $5)
             AND u.search_folded LIKE $6 ESCAPE '\\'
             ORDER BY s.last_message_id DESC LIMIT $7",
        reader,
    );
    let before = asked.before.unwrap_or(MessageId(i64::MAX));
    let status = asked.status.map_or("", SupportStatus::as_str);
    let rows: Vec<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(UNREAD_MAX)
        .bind(desk)
        .bind(before)
        .bind(status)
        .bind(holding(&asked.name))
        .bind(limit)
        .fetch_all(c)
        .await)?;
    as_seen(conn, rows, reader).await
}

/// The pattern of folded texts that hold this one somewhere.
pub(super) fn holding(part: &str) -> String {
    let mut pattern = String::from("%");
    // NUL is in no name, and PostgreSQL would not even take the question.
    for c in fold(part.trim()).chars().filter(|c| *c != '\0') {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// These rooms, in no order.
pub async fn some(conn: &mut Conn<'_>, reader: Actor, ids: &[RoomId]) -> Result<Vec<RoomForMe>> {
    let mut rooms = Vec::with_capacity(ids.len());
    for chunk in chunks(ids, LIST) {
        let sql = select(&format!("r.id IN ({})", list(3, chunk.len())), reader);
        let rows: Vec<Row> = on!(conn, |c| {
            let mut select = query_as(AssertSqlSafe(sql))
                .bind(reader.id)
                .bind(UNREAD_MAX);
            for id in chunk {
                select = select.bind(*id);
            }
            select.fetch_all(c).await
        })?;
        rooms.extend(as_seen(conn, rows, reader).await?);
    }
    Ok(rooms)
}

/// One room.
pub async fn one(conn: &mut Conn<'_>, reader: Actor, room_id: RoomId) -> Result<Option<RoomForMe>> {
    let sql = select("r.id = $3", reader);
    let row: Option<Row> = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(reader.id)
        .bind(UNREAD_MAX)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    match row {
        Some(row) => Ok(as_seen(conn, vec![row], reader).await?.pop()),
        None => Ok(None),
    }
}

/// The rooms of these rows. Where the newest message is not the reader's to see, the last that is stands in its place:
/// one look-up for all of them, for it is seldom needed.
async fn as_seen(conn: &mut Conn<'_>, rows: Vec<Row>, reader: Actor) -> Result<Vec<RoomForMe>> {
    let mut rooms = Vec::with_capacity(rows.len());
    let mut hidden = BTreeSet::new();
    for row in rows {
        let last_of = row.last_audience.zip(row.last_sender_id);
        let mut room = row.into_room(reader);
        let hides_last = last_of.is_some_and(|(audience, sender)| {
            !may_see(reader, room.whose(reader.id), audience, sender)
        });
        if hides_last {
            hidden.insert(room.id());
            room.last_message = None;
        }
        rooms.push(room);
    }
    if hidden.is_empty() {
        return Ok(rooms);
    }
    let ids: Vec<RoomId> = hidden.iter().copied().collect();
    let last = history::last_of(conn, reader, &ids).await?;
    let last: BTreeMap<RoomId, LastMessage> = last
        .iter()
        .map(|message| (message.room_id, LastMessage::of(message)))
        .collect();
    for room in rooms.iter_mut().filter(|room| hidden.contains(&room.id())) {
        room.last_message = last.get(&room.id()).cloned();
    }
    Ok(rooms)
}

/// `$1`: the reader, `$2`: where unread counts stop.
fn select(condition: &str, reader: Actor) -> String {
    format!(
        "SELECT r.id, r.kind, r.name, r.desk, r.created_at, r.description, r.is_listed, r.max_members, r.archived_at,
             r.allow_files, r.allow_voice, r.owner_message_id,
             (SELECT y.room_id FROM messages y WHERE y.id = r.owner_message_id) AS owner_room_id, r.chat_mode, co.id AS course_id, co.code AS course_code,
             co.title AS course_title, s.member_count, me.role AS own_role, me.muted_until, o.is_quiet, o.is_pinned,
             f.id AS first_id, f.name AS first_name, f.role AS first_role,
             g.id AS second_id, g.name AS second_name, g.role AS second_role,
             CASE WHEN me.role = 'host' THEN (SELECT count(*) FROM join_requests q
                 WHERE q.room_id = r.id AND q.status = 'pending') ELSE 0 END AS pending_count,
             {} AS blocks, {},
             u.id AS person_id, u.name AS person_name, u.role AS person_role,
             s.seq, COALESCE(k.read_seq, 0) AS read_seq,
             (SELECT count(*) FROM ({} LIMIT $2) AS unread) AS unread_count,
             l.id AS last_id, l.seq AS last_seq, l.audience AS last_audience, l.sender_id AS last_sender_id,
             l.content AS last_content, l.created_at AS last_created_at,
             l.deleted_at AS last_deleted_at, {}
         FROM rooms r
         JOIN room_seq s ON s.room_id = r.id
         JOIN school c ON c.id = 1
         LEFT JOIN users u ON u.id = r.user_id
         LEFT JOIN users f ON f.id = r.first_id
         LEFT JOIN users g ON g.id = r.second_id
         LEFT JOIN courses co ON co.id = r.course_id
         LEFT JOIN members me ON me.room_id = r.id AND me.user_id = $1 AND me.left_at IS NULL
         LEFT JOIN marks k ON k.room_id = r.id AND k.user_id = $1
         LEFT JOIN room_choices o ON o.room_id = r.id AND o.user_id = $1
         LEFT JOIN messages l ON l.id = s.last_message_id
         LEFT JOIN support_rooms p ON p.room_id = r.id
         LEFT JOIN users a ON a.id = p.assignee_id
         WHERE {condition}",
        blocks_of_two!(),
        policy_columns!(),
        unread_of(reader),
        support_columns!()
    )
}

#[derive(FromRow)]
struct Row {
    id: RoomId,
    kind: RoomKind,
    name: String,
    desk: Option<Desk>,
    created_at: Timestamp,
    description: String,
    is_listed: bool,
    max_members: Option<i64>,
    archived_at: Option<Timestamp>,
    allow_files: bool,
    allow_voice: bool,
    owner_message_id: Option<MessageId>,
    owner_room_id: Option<RoomId>,
    chat_mode: ChatMode,
    #[sqlx(flatten)]
    course: courses::OfRoom,
    member_count: i64,
    pending_count: i64,
    own_role: Option<MemberRole>,
    muted_until: Option<Timestamp>,
    is_quiet: Option<bool>,
    is_pinned: Option<bool>,
    first_id: Option<UserId>,
    first_name: Option<String>,
    first_role: Option<Role>,
    second_id: Option<UserId>,
    second_name: Option<String>,
    second_role: Option<Role>,
    person_id: Option<UserId>,
    person_name: Option<String>,
    person_role: Option<Role>,
    blocks: i64,
    #[sqlx(flatten)]
    policy: Policy,
    seq: Seq,
    read_seq: Seq,
    unread_count: i64,
    last_id: Option<MessageId>,
    last_seq: Option<Seq>,
    last_audience: Option<Audience>,
    last_sender_id: Option<UserId>,
    last_content: Option<String>,
    last_created_at: Option<Timestamp>,
    last_deleted_at: Option<Timestamp>,
    #[sqlx(flatten)]
    support: StateRow,
}

fn card(id: Option<UserId>, name: Option<String>, role: Option<Role>) -> Option<UserCard> {
    Some(UserCard {
        id: id?,
        name: name?,
        role: role?,
    })
}

impl Row {
    /// Where it stands is not for the one whose room it is.
    fn into_room(self, reader: Actor) -> RoomForMe {
        let last_message = self.last_message();
        let is_closed = self.is_closed(reader);
        let user = card(self.person_id, self.person_name, self.person_role);
        let first = card(self.first_id, self.first_name, self.first_role);
        let second = card(self.second_id, self.second_name, self.second_role);
        RoomForMe {
            shared: RoomShared {
                id: self.id,
                kind: self.kind,
                name: self.name,
                desk: self.desk,
                user,
                people: first.into_iter().chain(second).collect(),
                description: self.description,
                is_listed: self.is_listed,
                max_members: self.max_members,
                is_archived: self.archived_at.is_some(),
                allow_files: self.allow_files,
                allow_voice: self.allow_voice,
                owner_message: self.owner_message_id,
                owner_room: self.owner_room_id,
                course: self.course.into_card(),
                chat_mode: self.chat_mode,
                created_at: self.created_at,
            },
            role: self.own_role,
            muted_until: self.muted_until,
            is_closed,
            is_quiet: self.is_quiet.unwrap_or_default(),
            is_pinned: self.is_pinned.unwrap_or_default(),
            member_count: self.member_count,
            pending_count: self.pending_count,
            seq: self.seq,
            read_seq: self.read_seq,
            unread_count: self.unread_count,
            last_message,
            support: self
                .support
                .into_state()
                .filter(|_| self.person_id != Some(reader.id)),
        }
    }

    /// Whether the reader may not write to the other one of two.
    fn is_closed(&self, reader: Actor) -> bool {
        let to = if self.first_id == Some(reader.id) {
            self.second_role
        } else {
            self.first_role
        };
        self.blocks > 0 || to.is_some_and(|to| !may_write_to(&self.policy, reader.role, to))
    }

    fn last_message(&self) -> Option<LastMessage> {
        Some(LastMessage {
            id: self.last_id?,
            seq: self.last_seq?,
            sender_id: self.last_sender_id?,
            excerpt: text::excerpt(self.last_content.as_deref()?),
            is_deleted: self.last_deleted_at.is_some(),
            created_at: self.last_created_at?,
        })
    }
}
