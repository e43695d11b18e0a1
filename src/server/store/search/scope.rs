//! Which messages a reader may find, by the same rules as everywhere: rooms that they see, what is for their eyes,
//! nothing that Quad tells, nothing that was deleted. All of it stands in the query, before its limit.

use sqlx::{AssertSqlSafe, query_scalar};

use super::index::room_term;
use crate::{
    model::{
        Desk, Has, MessageId, MessageKind, RoomId, SearchQuery, UserId,
        fold::{Term, Wanted},
        permission::Actor,
    },
    server::store::{
        Conn, Result,
        conn::on,
        finding::{OWN, is_seen},
        sight::seen_among_rooms,
    },
};

/// Rooms by which the index is asked; who is in more is looked for among all messages.
const ROOMS: usize = 64;

/// Who asks, and what.
#[derive(Clone, Copy, Debug)]
pub struct Scope<'a> {
    /// Who asks.
    pub reader: Actor,
    /// The desks that they answer.
    pub desks: &'a [Desk],
    /// What is asked.
    pub query: &'a SearchQuery,
}

/// Binds what [`Scope::condition`] names, in its order.
macro_rules! bind_scope {
    ($query:expr, $scope:expr, $before:expr) => {{
        let mut query = $query.bind($scope.reader.id);
        for desk in $scope.desks {
            query = query.bind(desk);
        }
        let asked = $scope.query;
        query
            .bind($before)
            .bind(asked.after.unwrap_or(MessageId(0)))
            .bind(asked.room_id.unwrap_or(RoomId(0)))
            .bind(asked.from.unwrap_or(UserId(0)))
            .bind($scope.kind())
            .bind(asked.has == Some(Has::Link))
    }};
}

impl Scope<'_> {
    /// Where the search begins.
    pub(super) fn before(&self) -> MessageId {
        self.query.before.unwrap_or(MessageId(i64::MAX))
    }

    fn kind(&self) -> &'static str {
        match self.query.has {
            Some(Has::Image) => MessageKind::Image.as_str(),
            Some(Has::File) => MessageKind::File.as_str(),
            Some(Has::Voice) => MessageKind::Voice.as_str(),
            Some(Has::Link) | None => "",
        }
    }

    /// That message `x` of room `r` may be found; and the number of the first parameter that is free.
    fn condition(&self) -> (String, usize) {
        let at = 2 + self.desks.len();
        let [after, room, from, kind, link] = [at + 1, at + 2, at + 3, at + 4, at + 5];
        let sql = format!(
            "x.id < ${at} AND x.id > ${after} AND (${room} = 0 OR x.room_id = ${room})
             AND (${from} = 0 OR x.sender_id = ${from}) AND (${kind} = '' OR x.kind = ${kind})
             AND (NOT ${link} OR x.content LIKE '%://%')
             AND x.kind <> 'system' AND x.deleted_at IS NULL AND r.id = x.room_id AND {} AND {}",
            is_seen(self.desks),
            seen_among_rooms(self.reader),
        );
        (sql, at + 6)
    }

    /// The newest of them among the newest `most` of the queue.
    pub(super) async fn waiting(&self, conn: &mut Conn<'_>, most: i64) -> Result<Vec<MessageId>> {
        let (condition, free) = self.condition();
        let before = 2 + self.desks.len();
        // As written, table by table: first what waits, which is little.
        let sql = format!(
            "SELECT x.id FROM (SELECT message_id FROM search_queue WHERE message_id < ${before}
                 ORDER BY message_id DESC LIMIT ${free}) q
             CROSS JOIN messages x CROSS JOIN rooms r
             WHERE x.id = q.message_id AND {condition}"
        );
        on!(conn, |c| {
            let select = query_scalar(AssertSqlSafe(sql));
            let select = bind_scope!(select, self, self.before());
            select.bind(most).fetch_all(c).await
        })
    }

    /// The newest of them before that message that the index finds.
    pub(super) async fn indexed(
        &self,
        conn: &mut Conn<'_>,
        asked: &str,
        before: MessageId,
        most: usize,
    ) -> Result<Vec<MessageId>> {
        let (condition, free) = self.condition();
        let at = 2 + self.desks.len();
        let (id, finds) = match conn {
            Conn::Sqlite(_) => ("f.rowid", format!("f.message_search MATCH ${free}")),
            Conn::Postgres(_) => (
                "f.message_id",
                format!("f.terms @@ CAST(${free} AS tsquery)"),
            ),
        };
        let sql = format!(
            "SELECT x.id FROM message_search f CROSS JOIN messages x CROSS JOIN rooms r
             WHERE {finds} AND {id} < ${at} AND x.id = {id} AND {condition}
             ORDER BY {id} DESC LIMIT ${}",
            free + 1
        );
        on!(conn, |c| {
            // Planned anew each time: for a word of many messages PostgreSQL goes through the newest, for a rare one
            // through the index, and only a plan of this question knows which.
            let select = query_scalar(AssertSqlSafe(sql)).persistent(false);
            let select = bind_scope!(select, self, before);
            select
                .bind(asked)
                .bind(i64::try_from(most).unwrap_or(i64::MAX))
                .fetch_all(c)
                .await
        })
    }

    /// What the index is asked, in its own language.
    pub(super) async fn asked_of(&self, conn: &mut Conn<'_>, wanted: &Wanted) -> Result<String> {
        let rooms = self.rooms(conn).await?;
        Ok(match conn {
            Conn::Sqlite(_) => written(&wanted.terms(), &rooms, &MATCH),
            Conn::Postgres(_) => written(&wanted.terms(), &rooms, &TSQUERY),
        })
    }

    /// The rooms to look in, where that is worth saying; empty: it is not.
    async fn rooms(&self, conn: &mut Conn<'_>) -> Result<Vec<RoomId>> {
        if let Some(room_id) = self.query.room_id {
            return Ok(vec![room_id]);
        }
        if !self.desks.is_empty() {
            return Ok(Vec::new());
        }
        let sql = format!("{OWN} LIMIT $2");
        let rooms: Vec<RoomId> = on!(conn, |c| query_scalar(AssertSqlSafe(sql))
            .bind(self.reader.id)
            .bind(i64::try_from(ROOMS + 1).unwrap_or(i64::MAX))
            .fetch_all(c)
            .await)?;
        Ok(if rooms.len() > ROOMS {
            Vec::new()
        } else {
            rooms
        })
    }
}

/// How an index writes a question.
struct Grammar {
    quote: char,
    prefix: &'static str,
    and: &'static str,
    or: &'static str,
}

const MATCH: Grammar = Grammar {
    quote: '"',
    prefix: "*",
    and: " AND ",
    or: " OR ",
};

const TSQUERY: Grammar = Grammar {
    quote: '\'',
    prefix: ":*",
    and: " & ",
    or: " | ",
};

/// All of the terms, in one of the rooms. Terms are letters, digits and marks: there is nothing in them to escape.
fn written(terms: &[Term], rooms: &[RoomId], grammar: &Grammar) -> String {
    let quote = grammar.quote;
    let mut all: Vec<String> = terms
        .iter()
        .map(|term| {
            let prefix = if term.is_prefix { grammar.prefix } else { "" };
            format!("{quote}{}{quote}{prefix}", term.text)
        })
        .collect();
    let rooms: Vec<String> = rooms
        .iter()
        .map(|room| format!("{quote}{}{quote}", room_term(*room)))
        .collect();
    if !rooms.is_empty() {
        all.push(format!("({})", rooms.join(grammar.or)));
    }
    all.join(grammar.and)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_index_is_asked_in_its_own_words() {
        let terms = Wanted::of("die straße").unwrap().terms();
        let rooms = [RoomId(3), RoomId(7)];
        assert_eq!(
            written(&terms, &rooms, &MATCH),
            r##""strasse"* AND "die" AND ("#3" OR "#7")"##
        );
        assert_eq!(written(&terms, &[], &TSQUERY), "'strasse':* & 'die'");
    }
}
