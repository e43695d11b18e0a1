//! What a person wants of a room, for themselves alone.

use sqlx::{FromRow, query, query_as};

use super::{Conn, Result, conn::on};
use crate::model::{RoomChoice, RoomId, UserId};

/// All that somebody wants of a room.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Choices {
    /// It counts nowhere.
    pub is_quiet: bool,
    /// It stands first.
    pub is_pinned: bool,
}

/// Takes what that user wants of a room; answers all of it, or none where it was so already.
pub async fn choose(
    conn: &mut Conn<'_>,
    user_id: UserId,
    room_id: RoomId,
    choice: RoomChoice,
) -> Result<Option<Choices>> {
    let sql = "INSERT INTO room_choices (user_id, room_id, is_quiet, is_pinned) VALUES ($1, $2, FALSE, FALSE)
         ON CONFLICT (user_id, room_id) DO NOTHING";
    on!(conn, |c| query(sql)
        .bind(user_id)
        .bind(room_id)
        .execute(c)
        .await
        .map(drop))?;
    let (sql, wanted) = match choice {
        RoomChoice::Quiet(wanted) => (
            "UPDATE room_choices SET is_quiet = $3 WHERE user_id = $1 AND room_id = $2 AND is_quiet <> $3
             RETURNING is_quiet, is_pinned",
            wanted,
        ),
        RoomChoice::Pinned(wanted) => (
            "UPDATE room_choices SET is_pinned = $3 WHERE user_id = $1 AND room_id = $2 AND is_pinned <> $3
             RETURNING is_quiet, is_pinned",
            wanted,
        ),
    };
    on!(conn, |c| query_as(sql)
        .bind(user_id)
        .bind(room_id)
        .bind(wanted)
        .fetch_optional(c)
        .await)
}
