//! What a dump and a restore ask of PostgreSQL. The dump itself is `pg_dump`'s, as a script that `psql` runs between
//! [`before`] and [`after`]: one transaction, so that it replaces everything or nothing.

use std::str::FromStr;

use sqlx::{Connection, PgConnection, postgres::PgConnectOptions, query_as, query_scalar};

use super::CopyError;
use crate::{model::Epoch, server::store::Result};

/// How servers call themselves (`open`).
const SERVER: &str = "quad";

/// Whether nothing of anybody's is in the database at `url`: no tables, or Quad's without an account.
///
/// Errors: [`CopyError::InUse`] while a server is connected to it.
pub async fn is_empty(url: &str) -> std::result::Result<bool, CopyError> {
    let options = PgConnectOptions::from_str(url)?.application_name("quad restore");
    let mut connection = PgConnection::connect_with(&options).await?;
    let servers = servers(&mut connection).await?;
    let is_empty = nobodys(&mut connection).await;
    connection.close().await?;
    if servers > 0 {
        return Err(CopyError::InUse);
    }
    Ok(is_empty?)
}

async fn servers(c: &mut PgConnection) -> Result<i64> {
    let sql = "SELECT count(*) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = $1 AND pid <> pg_backend_pid()";
    query_scalar(sql).bind(SERVER).fetch_one(c).await
}

async fn nobodys(c: &mut PgConnection) -> Result<bool> {
    let sql = "SELECT count(*), count(*) FILTER (WHERE tablename IN ('users', '_sqlx_migrations'))
         FROM pg_tables WHERE schemaname = 'public'";
    let (tables, ours): (i64, i64) = query_as(sql).fetch_one(&mut *c).await?;
    if tables == 0 || ours != 2 {
        return Ok(tables == 0);
    }
    let accounts: i64 = query_scalar("SELECT count(*) FROM public.users")
        .fetch_one(c)
        .await?;
    Ok(accounts == 0)
}

/// What stands before a dump's script: the transaction begins, and what is there goes. A server that has come in between
/// is not waited for.
pub fn before() -> &'static str {
    r"BEGIN;
SET LOCAL lock_timeout = '10s';
DO $quad$
DECLARE found record;
BEGIN
    FOR found IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
        EXECUTE format('DROP TABLE IF EXISTS public.%I CASCADE', found.tablename);
    END LOOP;
    FOR found IN SELECT p.oid::regprocedure AS name FROM pg_proc p
        WHERE p.pronamespace = 'public'::regnamespace AND p.prorettype = 'trigger'::regtype LOOP
        EXECUTE format('DROP FUNCTION %s CASCADE', found.name);
    END LOOP;
END
$quad$;
"
}

/// What stands after it: another epoch, and only then is all of it true.
pub fn after(epoch: &Epoch) -> String {
    // An epoch is letters, digits, `-` and `_`; nothing else may get into the statement.
    let word: String = epoch
        .0
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    format!(
        "\nINSERT INTO public.meta (key, value) VALUES ('epoch', '{word}')\n    \
         ON CONFLICT (key) DO UPDATE SET value = excluded.value;\nCOMMIT;\n"
    )
}
