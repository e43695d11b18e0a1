//! Backing up and restoring a PostgreSQL database, by its own programs.
//!
//! `pg_restore` writes its script to `psql`, which runs it in one transaction together with the renewed epoch; whatever
//! ends early, this program included, leaves the transaction open and so changes nothing.

use std::{path::Path, process::Stdio};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    process::Child,
};

use super::{
    BackupError, Done,
    copy::{self, CopyError, Versions, postgres},
    place,
    programs::{failed, program, run, start},
    size,
};
use crate::{model::Epoch, server::random};

pub(super) async fn backup(url: &str, file: &Path, force: bool) -> Done {
    let part = place::beside(file)?;
    let mut dump = program("pg_dump", url);
    dump.args([
        "--format=custom",
        "--no-owner",
        "--no-privileges",
        "--no-password",
    ])
    .arg("--file")
    .arg(part.path());
    run("pg_dump", dump).await?;
    judge(part.path()).await?;
    let bytes = place::put(part, file, force)?;
    let size = size(bytes);
    Ok(format!(
        "Backed up the database into {}: {size}.\n",
        file.display()
    ))
}

pub(super) async fn restore(url: &str, file: &Path, force: bool) -> Done {
    std::fs::File::open(file).map_err(BackupError::io(file))?;
    judge(file).await?;
    let is_empty = postgres::is_empty(url)
        .await
        .map_err(BackupError::Database)?;
    if !is_empty && !force {
        return Err(BackupError::NotEmpty);
    }
    replace(url, file, &Epoch(random::token())).await?;
    Ok(format!(
        "Restored the database from {}. Clients start afresh when they come back.\n",
        file.display()
    ))
}

/// Reads the dump to its end, and whether this program knows its schema.
async fn judge(file: &Path) -> Result<(), BackupError> {
    let unfit = |cause| BackupError::Unfit {
        file: file.to_owned(),
        cause,
    };
    // All of it, into nothing: what is damaged shows.
    let mut whole = program("pg_restore", "");
    whole.arg("--file=-").arg(file);
    match run_to_nothing(whole).await {
        Err(BackupError::Program { said, .. }) => Err(unfit(CopyError::Damaged(said))),
        other => other,
    }?;
    let mut table = program("pg_restore", "");
    table
        .args(["--data-only", "--table=_sqlx_migrations", "--file=-"])
        .arg(file)
        .stdout(Stdio::piped());
    let script = run("pg_restore", table).await?;
    copy::check_postgres(&versions(&String::from_utf8_lossy(&script))).map_err(unfit)
}

async fn run_to_nothing(mut command: tokio::process::Command) -> Result<(), BackupError> {
    let child = command
        .stdout(Stdio::null())
        .spawn()
        .map_err(|error| start("pg_restore", &error))?;
    ended("pg_restore", child).await
}

/// The rows of sqlx's table of migrations in a dump's script.
fn versions(script: &str) -> Versions {
    let mut lines = script.lines().skip_while(|line| !line.starts_with("COPY "));
    let head = lines.next().unwrap_or_default();
    let columns: Vec<&str> = head
        .split(['(', ')'])
        .nth(1)
        .unwrap_or_default()
        .split(',')
        .map(str::trim)
        .collect();
    let place = |name| columns.iter().position(|column| *column == name);
    let (Some(version), Some(checksum)) = (place("version"), place("checksum")) else {
        return Versions::new();
    };
    lines
        .take_while(|line| *line != "\\.")
        .filter_map(|line| {
            let cells: Vec<&str> = line.split('\t').collect();
            let version = cells.get(version)?.parse().ok()?;
            // bytea in hexadecimal, with its backslash doubled.
            let digits = cells.get(checksum)?.strip_prefix("\\\\x")?;
            Some((version, bytes(digits)?))
        })
        .collect()
}

fn bytes(digits: &str) -> Option<Vec<u8>> {
    (0..digits.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok())
        .collect()
}

async fn replace(url: &str, file: &Path, epoch: &Epoch) -> Result<(), BackupError> {
    let mut psql = program("psql", url);
    psql.args([
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        "--file=-",
    ])
    .stdin(Stdio::piped());
    let mut psql = psql.spawn().map_err(|error| start("psql", &error))?;
    let mut script = program("pg_restore", "");
    script
        .args(["--no-owner", "--no-privileges", "--file=-"])
        .arg(file)
        .stdout(Stdio::piped());
    let mut script = script
        .spawn()
        .map_err(|error| start("pg_restore", &error))?;
    if let Err(error) = tell(&mut psql, &mut script).await {
        // It has ended early, and says why.
        drop(script);
        ended("psql", psql).await?;
        return Err(failed("psql", error.to_string().as_bytes()));
    }
    // Where this fails, `psql` is ended before its transaction is.
    ended("pg_restore", script).await?;
    if let Some(mut input) = psql.stdin.take() {
        drop(input.write_all(postgres::after(epoch).as_bytes()).await);
    }
    ended("psql", psql).await
}

/// Passes the script on.
async fn tell(psql: &mut Child, script: &mut Child) -> std::io::Result<()> {
    let (Some(input), Some(output)) = (psql.stdin.as_mut(), script.stdout.as_mut()) else {
        return Err(std::io::ErrorKind::BrokenPipe.into());
    };
    input.write_all(postgres::before().as_bytes()).await?;
    tokio::io::copy(output, input).await.map(drop)
}

/// Waits for its end.
async fn ended(name: &'static str, mut child: Child) -> Result<(), BackupError> {
    drop(child.stdin.take());
    drop(child.stdout.take());
    let mut said = Vec::new();
    if let Some(mut complaints) = child.stderr.take() {
        drop(complaints.read_to_end(&mut said).await);
    }
    match child.wait().await {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(failed(name, &said)),
        Err(error) => Err(start(name, &error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn migrations_are_read_from_a_script() {
        let script = "SET x = 1;\nCOPY public._sqlx_migrations (version, description, checksum) FROM stdin;\n\
                      1\tcore\t\\\\x00ff\n2\tsessions\t\\\\x0a\n\\.\nmore\n";
        let found = versions(script);
        assert_eq!(found, Versions::from([(1, vec![0, 255]), (2, vec![10])]));
        assert!(versions("nothing").is_empty());
    }
}
