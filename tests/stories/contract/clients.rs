//! The seeds' clients, each a process of its own that knows its own system's document alone (`tests/seeds/`).

use std::process::Stdio;

use super::School;
use crate::{app::TestApp, on_both_databases};

async fn runs(school: &School, client: &str, options: &[&str]) {
    let output = tokio::process::Command::new("node")
        .args(options)
        .arg(format!("tests/seeds/{client}.mjs"))
        .arg(format!("http://{}", school.app.addr))
        .args([&school.ana.access, &school.nora.access])
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .expect("Node is there, as for the browser tests");
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{failed}");
    assert!(said.contains(&format!("{client}: done")), "{said}{failed}");
}

async fn the_first_systems_client_talks(app: TestApp) {
    let school = School::new(app).await;
    // Node 20 has WebSocket behind this; later versions have it anyway.
    runs(&school, "s0", &["--experimental-websocket"]).await;
}

async fn the_second_systems_client_polls(app: TestApp) {
    let school = School::new(app).await;
    runs(&school, "s1", &[]).await;
}

on_both_databases!(
    the_first_systems_client_talks,
    the_second_systems_client_polls
);
