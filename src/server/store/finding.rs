//! Finding rooms: which of those that somebody sees match, how many, and what is unread in all of them; and students.
//!
//! These answer ids, by a query that touches nothing else; what a page shows of them is read for that page alone.

use sqlx::{AssertSqlSafe, FromRow, query_as, query_scalar};

use super::{Conn, Result, conn::on, lists::holding, marks::unread_of, sql_list::list};
use crate::model::{
    Desk, Listed, Reach, Role, RoomFilter, RoomId, RoomKind, Slice, UserId, limits::UNREAD_MAX,
    permission::Actor,
};

/// Where the reader is, `$1`, by row or in person.
pub(super) const OWN: &str = "SELECT id FROM rooms WHERE user_id = $1
     UNION ALL SELECT room_id FROM members WHERE user_id = $1 AND left_at IS NULL";

/// That a room is one of the reader's, `$1`, or of their desks, from `$2` on.
fn is_inside(desks: &[Desk]) -> String {
    if desks.is_empty() {
        return format!("r.id IN ({OWN})");
    }
    let of_desks = list(2, desks.len());
    format!("(r.desk IN ({of_desks}) OR r.id IN ({OWN}))")
}

/// Rooms whose cards the reader sees who is not in them: as [`may`](crate::model::permission::may) says of `SeeCard`.
fn with_card(reader: Actor) -> &'static str {
    if reader.role == Role::Admin {
        "SELECT id FROM rooms WHERE kind IN ('public', 'private', 'course')"
    } else {
        "SELECT id FROM rooms WHERE kind = 'public' UNION ALL SELECT id FROM rooms WHERE kind = 'private' AND is_listed"
    }
}

/// That a room is within that reach.
fn within(reach: Reach, reader: Actor, desks: &[Desk]) -> String {
    let (inside, cards) = (is_inside(desks), with_card(reader));
    match reach {
        Reach::Inside => inside,
        Reach::Known => format!("({inside} OR r.id IN ({cards}))"),
        // A room without a desk is at none of theirs: NULL, which is neither.
        Reach::Outside => format!("r.id IN ({cards}) AND NOT COALESCE({inside}, FALSE)"),
    }
}

/// What the reader sees, `$1`: the rooms that are `within` their reach. `k`: their marks; `u`: whose support room it is.
///
/// Who answers sees most rooms, so these are gone through; others have few, which are looked up (SQLite would go through
/// all rooms for them too: 1.5 ms instead of 0.1 ms with 10,000).
fn seen(within: &str) -> String {
    format!(
        "FROM rooms r
         JOIN room_seq s ON s.room_id = r.id
         LEFT JOIN users u ON u.id = r.user_id
         LEFT JOIN marks k ON k.room_id = r.id AND k.user_id = $1
         WHERE r.deleted_at IS NULL AND {within}"
    )
}

/// That the reader, `$1`, sees room `r`; their desks stand from `$2` on.
pub(super) fn is_seen(desks: &[Desk]) -> String {
    format!("r.deleted_at IS NULL AND {}", is_inside(desks))
}

/// What is asked, as parameters.
struct Asked {
    reader: Actor,
    desks: Vec<Desk>,
    kinds: Vec<RoomKind>,
    pattern: String,
    is_unread: bool,
    archived: &'static str,
    is_own: bool,
    reach: Reach,
}

impl Asked {
    fn of(reader: Actor, desks: &[Desk], filter: &RoomFilter) -> Self {
        Self {
            reader,
            desks: desks.to_vec(),
            kinds: filter.kinds(),
            pattern: holding(&filter.search),
            is_unread: filter.is_unread,
            archived: match filter.is_archived {
                None => "",
                Some(true) => "yes",
                Some(false) => "no",
            },
            is_own: filter.is_own,
            reach: filter.reach,
        }
    }

    /// The rooms that match; and the number of the first parameter that is free.
    fn matching(&self) -> (String, usize) {
        let at = 2 + self.desks.len();
        let kinds = at + 4;
        let [pattern, unread, archived, own] = [at, at + 1, at + 2, at + 3];
        let sql = format!(
            "{} AND (r.name_folded LIKE ${pattern} ESCAPE '\\' OR u.search_folded LIKE ${pattern} ESCAPE '\\'
                 OR (r.kind IN ('direct', 'thread') AND EXISTS (SELECT 1 FROM members w JOIN users o ON o.id = w.user_id
                     WHERE w.room_id = r.id AND w.user_id <> $1 AND o.name_folded LIKE ${pattern} ESCAPE '\\')))
             AND (NOT ${unread} OR EXISTS ({is_unread}))
             AND (${archived} = '' OR (${archived} = 'yes') = (r.archived_at IS NOT NULL))
             AND (NOT ${own} OR r.kind <> 'support' OR r.user_id = $1)
             AND r.kind IN ({kind_list})",
            seen(&within(self.reach, self.reader, &self.desks)),
            is_unread = unread_of(self.reader),
            kind_list = list(kinds, self.kinds.len())
        );
        (sql, kinds + self.kinds.len())
    }
}

/// Binds what [`Asked::matching`] names, in its order.
macro_rules! bind_asked {
    ($query:expr, $asked:expr) => {{
        let mut query = $query.bind($asked.reader.id);
        for desk in &$asked.desks {
            query = query.bind(desk);
        }
        query = query
            .bind(&$asked.pattern)
            .bind($asked.is_unread)
            .bind($asked.archived)
            .bind($asked.is_own);
        for kind in &$asked.kinds {
            query = query.bind(*kind);
        }
        query
    }};
}

/// The rooms that match, last activity first, and last those of which the reader sees the card alone, to whom that says
/// nothing of what goes on in them; `desks` are those that the reader answers.
pub async fn rooms(
    conn: &mut Conn<'_>,
    reader: Actor,
    desks: &[Desk],
    filter: &RoomFilter,
    slice: Slice,
) -> Result<Listed<RoomId>> {
    let asked = Asked::of(reader, desks, filter);
    if asked.kinds.is_empty() {
        return Ok(Listed::empty());
    }
    let (matching, free) = asked.matching();
    let sql = format!("SELECT count(*) {matching}");
    let count = on!(conn, |c| {
        let select = query_scalar::<_, i64>(AssertSqlSafe(sql));
        bind_asked!(select, asked).fetch_one(c).await
    })?;
    let sql = format!(
        "SELECT r.id {matching} ORDER BY {} DESC, r.id DESC LIMIT ${free} OFFSET ${}",
        activity(filter.reach, desks),
        free + 1
    );
    let items = on!(conn, |c| {
        let select = query_scalar::<_, RoomId>(AssertSqlSafe(sql));
        let select = bind_asked!(select, asked);
        select
            .bind(slice.limit)
            .bind(slice.offset)
            .fetch_all(c)
            .await
    })?;
    Ok(Listed { count, items })
}

/// What rooms are ordered by, as far as the reader may know of it.
fn activity(reach: Reach, desks: &[Desk]) -> String {
    match reach {
        Reach::Inside => "COALESCE(s.last_message_id, 0)".to_owned(),
        Reach::Known => format!(
            "CASE WHEN {} THEN COALESCE(s.last_message_id, 0) ELSE -1 END",
            is_inside(desks)
        ),
        Reach::Outside => "r.id".to_owned(),
    }
}

/// Countable messages of others that the reader, who answers `desks`, has not read, in all rooms that they see; of each
/// room at most [`UNREAD_MAX`].
pub async fn unread(conn: &mut Conn<'_>, reader: Actor, desks: &[Desk]) -> Result<i64> {
    let most = 2 + desks.len();
    let sql = format!(
        "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM (
             SELECT (SELECT count(*) FROM ({} LIMIT ${most}) AS found) AS n
             {} AND s.seq > COALESCE(k.read_seq, 0)) AS counted",
        unread_of(reader),
        seen(&is_inside(desks))
    );
    on!(conn, |c| {
        let mut select = query_scalar(AssertSqlSafe(sql)).bind(reader.id);
        for desk in desks {
            select = select.bind(desk);
        }
        select.bind(UNREAD_MAX).fetch_one(c).await
    })
}

/// A student, for those who answer them.
#[derive(Clone, Debug, FromRow)]
pub struct StudentRow {
    /// The account.
    pub id: UserId,
    /// The sign-in name.
    pub username: String,
    /// The name to show.
    pub name: String,
    /// Where to write to.
    pub email: Option<String>,
    /// The support room at the desk that was named, if there is one.
    pub room_id: Option<RoomId>,
}

/// Students whose name, sign-in name or address holds `part`, by name, each with their room at that desk.
pub async fn students(
    conn: &mut Conn<'_>,
    desk: &Desk,
    part: &str,
    slice: Slice,
) -> Result<Listed<StudentRow>> {
    const MATCHING: &str = "FROM users u WHERE u.role = $1 AND u.closed_at IS NULL AND u.search_folded LIKE $2 ESCAPE '\\'";
    let pattern = holding(part);
    let sql = format!("SELECT count(*) {MATCHING}");
    let count = on!(conn, |c| query_scalar(AssertSqlSafe(sql))
        .bind(Role::Student)
        .bind(&pattern)
        .fetch_one(c)
        .await)?;
    let sql = format!(
        "SELECT u.id, u.username, u.name, u.email,
             (SELECT r.id FROM rooms r WHERE r.desk = $3 AND r.user_id = u.id AND r.deleted_at IS NULL) AS room_id
         {MATCHING} ORDER BY u.name_folded, u.id LIMIT $4 OFFSET $5"
    );
    let items = on!(conn, |c| query_as(AssertSqlSafe(sql))
        .bind(Role::Student)
        .bind(&pattern)
        .bind(desk)
        .bind(slice.limit)
        .bind(slice.offset)
        .fetch_all(c)
        .await)?;
    Ok(Listed { count, items })
}
