//! Bytes that are no WebSocket: each ends its own socket with the code that says why, and nobody else's.

use quad::protocol::Command;

use crate::{
    app::{Person, TestApp, in_time},
    on_both_databases,
    process::{Process, add_user},
    raw::{BINARY, CLOSE, FIN, PING, RawPeer, TEXT, frame, text},
};

/// What is wrong, its bytes, and the code that it is closed with.
fn malformed() -> Vec<(&'static str, Vec<u8>, u16)> {
    let unmasked = [FIN | TEXT, 2, b'h', b'i'];
    let mut long = vec![FIN | TEXT, 0x80 | 127];
    long.extend((1_u64 << 63).to_be_bytes());
    long.extend([0; 4]);
    let mut longest = vec![FIN | BINARY, 0x80 | 127];
    longest.extend(u64::MAX.to_be_bytes());
    longest.extend([0; 4]);
    let mut interrupted = frame(TEXT, b"first");
    interrupted.extend(frame(FIN | TEXT, b"another"));
    // Half of a letter, and then another.
    let mut split = frame(TEXT, &[0xC3]);
    split.extend(frame(FIN, b"x"));
    vec![
        ("unmasked", unmasked.to_vec(), 1002),
        ("a reserved opcode for data", frame(FIN | 0x3, b""), 1002),
        ("a reserved opcode for control", frame(FIN | 0xB, b""), 1002),
        (
            "the first reserved bit",
            frame(FIN | 0x40 | TEXT, b"x"),
            1002,
        ),
        (
            "the second reserved bit",
            frame(FIN | 0x20 | TEXT, b"x"),
            1002,
        ),
        (
            "the third reserved bit",
            frame(FIN | 0x10 | PING, b""),
            1002,
        ),
        ("a fragmented ping", frame(PING, b"x"), 1002),
        ("a fragmented close", frame(CLOSE, b""), 1002),
        ("a ping of 126 bytes", frame(FIN | PING, &[0; 126]), 1002),
        ("the rest of nothing", frame(FIN, b"x"), 1002),
        ("a message within another", interrupted, 1002),
        ("a close with half a code", frame(FIN | CLOSE, &[3]), 1002),
        (
            "a close with a code of nobody's",
            frame(FIN | CLOSE, &[0, 1]),
            1002,
        ),
        (
            "a close whose reason is no text",
            frame(FIN | CLOSE, &[3, 232, 0xFF]),
            1007,
        ),
        ("no UTF-8", frame(FIN | TEXT, &[0xFF, 0xFE]), 1007),
        (
            "a surrogate in UTF-8",
            frame(FIN | TEXT, &[0xED, 0xA0, 0x80]),
            1007,
        ),
        (
            "an unfinished letter",
            frame(FIN | TEXT, &[0xE2, 0x82]),
            1007,
        ),
        ("a letter that breaks between frames", split, 1007),
        ("2^63 bytes announced", long, 1009),
        ("2^64 - 1 bytes announced", longest, 1009),
        ("65,537 bytes", frame(FIN | TEXT, &[b' '; 65_537]), 1009),
    ]
}

async fn each_malformed_frame_is_closed_with_its_code_and_disturbs_nobody(app: TestApp) {
    let ana = app.student("ana").await;
    let room_id = ana.opens_support().await.id();
    let (mut phone, _) = ana.connects().await;
    for (what, bytes, code) in malformed() {
        let mut peer = RawPeer::opens(&ana, app.addr).await;
        peer.writes(bytes).await;
        assert_eq!(peer.closed().await, code, "{what}");
    }
    phone.says(room_id, "still here").await;
}

async fn a_peer_that_goes_on_sending_hears_why_it_was_closed(app: TestApp) {
    let ana = app.student("ana").await;
    let junk = vec![0xFF; 64 * 1024];
    for _ in 0..5 {
        let mut peer = RawPeer::opens(&ana, app.addr).await;
        // Far more than the server reads before it sees what is wrong: a connection that is closed over what was not
        // read is reset, and the code lost.
        for _ in 0..16 {
            peer.writes(&junk).await;
        }
        assert_eq!(peer.closed().await, 1002);
    }
}

async fn fragments_without_end_are_too_large_together(app: TestApp) {
    let ana = app.student("ana").await;
    for size in [1, 1000] {
        let mut peer = RawPeer::opens(&ana, app.addr).await;
        peer.writes(frame(TEXT, b"{")).await;
        let more: Vec<u8> = (0..70_000 / size)
            .flat_map(|_| frame(0, &vec![b' '; size]))
            .collect();
        peer.writes(more).await;
        assert_eq!(peer.closed().await, 1009, "{size}");
    }
}

async fn a_close_is_answered_in_kind(app: TestApp) {
    let ana = app.student("ana").await;
    for (sent, answered) in [
        (1000, 1000),
        (1001, 1001),
        (4000, 4000),
        (999, 1002),
        (1005, 1002),
    ] {
        let mut peer = RawPeer::opens(&ana, app.addr).await;
        peer.writes(frame(FIN | CLOSE, &u16::to_be_bytes(sent)))
            .await;
        assert_eq!(peer.closed().await, answered, "{sent}");
    }
    let mut peer = RawPeer::opens(&ana, app.addr).await;
    peer.writes(frame(FIN | CLOSE, b"")).await;
    peer.until_close_without_code().await;
}

async fn whole_messages_in_fragments_and_with_pings_between_are_read(app: TestApp) {
    let ana = app.student("ana").await;
    let mut peer = RawPeer::opens(&ana, app.addr).await;
    let ping = serde_json::to_string(&Command::Ping).unwrap();
    let (begin, end) = ping.split_at(5);
    peer.writes(frame(TEXT, begin.as_bytes())).await;
    peer.writes(frame(FIN | PING, b"between")).await;
    assert_eq!(peer.until(0xA).await, b"between");
    peer.writes(frame(FIN, end.as_bytes())).await;
    loop {
        if peer.until(TEXT).await == br#"{"type":"pong"}"# {
            return;
        }
    }
}

on_both_databases!(
    each_malformed_frame_is_closed_with_its_code_and_disturbs_nobody,
    a_peer_that_goes_on_sending_hears_why_it_was_closed,
    fragments_without_end_are_too_large_together,
    a_close_is_answered_in_kind,
    whole_messages_in_fragments_and_with_pings_between_are_read,
);

/// How much more the server may have after all of it, in KiB.
const GROWTH_KIB: u64 = 16 * 1024;

async fn attacks(ana: &Person, process: &Process) {
    let mut peers = Vec::new();
    for _ in 0..45 {
        let mut peer = RawPeer::opens(ana, process.addr).await;
        // The longest frame there may be, but for its last byte; and the longest message, but for its last frame.
        let mut almost = frame(FIN | TEXT, &[b' '; 60_000]);
        almost.pop();
        peer.writes(&almost).await;
        peers.push(peer);
    }
    for peer in &mut peers {
        // The last byte of the frame, no JSON; then a command, to know that all before it was read.
        peer.writes([0x44 ^ b' ']).await;
        peer.writes(text(r#"{"type":"ping"}"#)).await;
        while peer.until(TEXT).await != br#"{"type":"pong"}"# {}
    }
    for (_, bytes, _) in malformed() {
        let mut peer = peers.pop().unwrap();
        peer.writes(bytes).await;
        peer.closed().await;
    }
    for mut peer in peers {
        peer.writes(frame(FIN | CLOSE, &1000_u16.to_be_bytes()))
            .await;
        peer.closed().await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn memory_stays_flat_under_all_of_it() {
    in_time(async {
        let folder = tempfile::tempdir().unwrap();
        add_user(folder.path(), "ana", "student");
        let process = Process::start(folder.path(), &[("QUAD_MESSAGE_RATE", "0")]);
        let mut ana = Person::anonymous_at(process.addr);
        ana.arrives("ana").await;
        attacks(&ana, &process).await;
        let before = process.resident_kib();
        for _ in 0..5 {
            attacks(&ana, &process).await;
        }
        let after = process.resident_kib();
        assert!(
            after < before + GROWTH_KIB,
            "{before} KiB, then {after} KiB"
        );
    })
    .await;
}
