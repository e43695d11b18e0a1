//! Where support rooms stand: status, assignee, waiting. A row stands beside each support room.

use sqlx::{AssertSqlSafe, FromRow, query, query_as};

use super::{Conn, Result, conn::on, rooms, sql_list::list};
use crate::model::{
    Desk, Role, RoomId, Seq, SupportState, SupportStatus, Timestamp, UserCard, UserId,
};

/// Where a support room stands, and its place in the room's history.
#[derive(Clone, Debug)]
pub struct SupportRow {
    /// Where it stands.
    pub state: SupportState,
    /// The room's seq at the last change by hand.
    pub rev: Seq,
}

/// The columns of [`StateRow`] as every query selects them, from `support_rooms p` and its assignee `a`.
macro_rules! support_columns {
    () => {
        "p.status AS support_status, p.waiting_since,
             a.id AS assignee_id, a.name AS assignee_name, a.role AS assignee_role"
    };
}

pub(super) use support_columns;

/// A state as it is selected beside a room, which may have none.
#[derive(FromRow)]
pub(super) struct StateRow {
    support_status: Option<SupportStatus>,
    waiting_since: Option<Timestamp>,
    assignee_id: Option<UserId>,
    assignee_name: Option<String>,
    assignee_role: Option<Role>,
}

impl StateRow {
    pub(super) fn into_state(self) -> Option<SupportState> {
        let card = (self.assignee_id, self.assignee_name, self.assignee_role);
        let assignee = match card {
            (Some(id), Some(name), Some(role)) => Some(UserCard { id, name, role }),
            _ => None,
        };
        Some(SupportState {
            status: self.support_status?,
            assignee,
            waiting_since: self.waiting_since,
        })
    }
}

/// A new room's state.
pub(super) async fn insert(conn: &mut Conn<'_>, room_id: RoomId, desk: &Desk) -> Result<()> {
    let sql = "INSERT INTO support_rooms (room_id, desk, status) VALUES ($1, $2, $3)";
    on!(conn, |c| query(sql)
        .bind(room_id)
        .bind(desk)
        .bind(SupportStatus::default())
        .execute(c)
        .await
        .map(drop))
}

/// Where that room stands; none where it is no support room.
pub async fn by_room(conn: &mut Conn<'_>, room_id: RoomId) -> Result<Option<SupportRow>> {
    #[derive(FromRow)]
    struct Row {
        rev: Seq,
        #[sqlx(flatten)]
        state: StateRow,
    }
    let sql = concat!(
        "SELECT p.rev, ",
        support_columns!(),
        " FROM support_rooms p LEFT JOIN users a ON a.id = p.assignee_id WHERE p.room_id = $1"
    );
    let row: Option<Row> = on!(conn, |c| query_as(sql)
        .bind(room_id)
        .fetch_optional(c)
        .await)?;
    Ok(row.and_then(|row| {
        Some(SupportRow {
            rev: row.rev,
            state: row.state.into_state()?,
        })
    }))
}

/// Somebody who answers.
#[derive(Clone, Debug, FromRow)]
pub struct StaffRow {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// The role in the school.
    pub role: Role,
}

/// Those who have one of these roles (one at least) or one of these sign-in names, folded, and whose account is open; by
/// name.
pub async fn staff(
    conn: &mut Conn<'_>,
    roles: &[Role],
    people: &[String],
) -> Result<Vec<StaffRow>> {
    let of_people = if people.is_empty() {
        String::new()
    } else {
        let names = list(1 + roles.len(), people.len());
        format!(" OR username_folded IN ({names})")
    };
    let sql = format!(
        "SELECT id, username, name, role FROM users
         WHERE (role IN ({}){of_people}) AND closed_at IS NULL ORDER BY name_folded, id",
        list(1, roles.len())
    );
    on!(conn, |c| {
        let mut select = query_as(AssertSqlSafe(sql));
        for role in roles {
            select = select.bind(*role);
        }
        for name in people {
            select = select.bind(name);
        }
        select.fetch_all(c).await
    })
}

/// Writes a change by hand, as the next change of the room; answers its place.
pub(super) async fn set(conn: &mut Conn<'_>, room_id: RoomId, state: &SupportState) -> Result<Seq> {
    let seq = rooms::take_seq(conn, room_id).await?;
    let sql = "UPDATE support_rooms SET status = $1, assignee_id = $2, waiting_since = $3, rev = $4
         WHERE room_id = $5";
    on!(conn, |c| query(sql)
        .bind(state.status)
        .bind(state.assignee.as_ref().map(|assignee| assignee.id))
        .bind(state.waiting_since)
        .bind(seq)
        .bind(room_id)
        .execute(c)
        .await
        .map(drop))?;
    Ok(seq)
}

/// Writes what followed from a message.
pub(super) async fn follow(
    conn: &mut Conn<'_>,
    room_id: RoomId,
    status: SupportStatus,
    waiting_since: Option<Timestamp>,
) -> Result<()> {
    let sql = "UPDATE support_rooms SET status = $1, waiting_since = $2 WHERE room_id = $3";
    on!(conn, |c| query(sql)
        .bind(status)
        .bind(waiting_since)
        .bind(room_id)
        .execute(c)
        .await
        .map(drop))
}
