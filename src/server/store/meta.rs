//! Words about the database itself.

use sqlx::{query, query_scalar};

use super::{Conn, Result, Store, conn::on};
use crate::model::Epoch;

impl Store {
    /// Gives the database its epoch, unless it has one, and answers the one it has. At start, before the writer is.
    pub async fn ensure_epoch(&self, fresh: &Epoch) -> Result<Epoch> {
        let mut tx = self.write().await?;
        let insert =
            "INSERT INTO meta (key, value) VALUES ('epoch', $1) ON CONFLICT (key) DO NOTHING";
        on!(&mut tx.conn(), |c| query(insert)
            .bind(&fresh.0)
            .execute(c)
            .await
            .map(drop))?;
        let epoch = epoch(&mut tx.conn()).await?;
        tx.commit().await?;
        Ok(epoch)
    }
}

/// The database's epoch; empty before [`Store::ensure_epoch`].
pub async fn epoch(conn: &mut Conn<'_>) -> Result<Epoch> {
    let select = "SELECT value FROM meta WHERE key = 'epoch'";
    let word: Option<String> = on!(conn, |c| query_scalar(select).fetch_optional(c).await)?;
    Ok(Epoch(word.unwrap_or_default()))
}

/// Gives the database another epoch: it is not the one that clients knew.
pub(super) async fn renew_epoch(conn: &mut Conn<'_>, epoch: &Epoch) -> Result<()> {
    let sql = "INSERT INTO meta (key, value) VALUES ('epoch', $1)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value";
    on!(conn, |c| query(sql)
        .bind(&epoch.0)
        .execute(c)
        .await
        .map(drop))
}
