//! `quad load`, on a small scale: it runs, and finds nothing lost or doubled.

use serde_json::Value;

use crate::process::quad;

/// Runs it and answers its JSON.
fn measured(scenario: &[&str]) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let json = folder.path().join("load.json");
    let ended = quad(folder.path())
        .arg("load")
        .args(scenario)
        .arg("--folder")
        .arg(folder.path())
        .arg("--json")
        .arg(&json)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ended.stderr);
    assert!(ended.status.success(), "{scenario:?}: {said}");
    let table = String::from_utf8_lossy(&ended.stdout);
    assert!(table.contains("Nothing lost, nothing doubled."), "{table}");
    serde_json::from_slice(&std::fs::read(json).unwrap()).unwrap()
}

fn assert_clean(audit: &Value) {
    let counts = audit.as_object().unwrap();
    assert_eq!(counts.len(), 6);
    assert!(counts.values().all(|count| *count == 0), "{audit}");
}

#[test]
fn every_member_of_a_big_room_has_every_message_once() {
    let report = measured(&[
        "big-room",
        "--members",
        "20",
        "--senders",
        "2",
        "--rate",
        "20",
        "--seconds",
        "2",
    ]);
    assert_eq!(report["connects"]["each"]["count"], 20);
    assert_eq!(report["calibration"].as_array().unwrap().len(), 2);
    let step = &report["steps"][0];
    assert_eq!(step["ack"]["count"], 40);
    assert_eq!(step["delivery"]["count"], 800);
    assert!(step["delivery"]["p99_ms"].as_f64().unwrap() > 0.0);
    assert_clean(&step["audit"]);
    assert_clean(&report["audit"]);
}

#[test]
fn a_restart_loses_and_doubles_nothing() {
    let report = measured(&["restart", "--clients", "20", "--rate", "50"]);
    let restart = &report["restart"];
    assert_eq!(restart["back"]["count"], 20);
    assert_eq!(restart["closed"]["1012"], 20, "{restart}");
    assert!(restart["messages"].as_i64().unwrap() > 100);
    assert_clean(&report["audit"]);
}
