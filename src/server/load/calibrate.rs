//! What the machine itself can do at this moment: figures of two runs compare only by these.

use std::{
    fs::OpenOptions,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    thread,
    time::{Duration, Instant},
};

use serde::Serialize;

use super::{report::Spread, tally::Latencies};

/// How long each is measured.
const FOR: Duration = Duration::from_secs(1);
/// What is written before each sync: one page of a database.
const PAGE: [u8; 4096] = [0x51; 4096];
/// What is sent to and fro: about an `ack`.
const PING: [u8; 128] = [0x51; 128];

/// What the machine can do.
#[derive(Clone, Debug, Serialize)]
pub struct Calibration {
    /// A write of 4 KiB and `fdatasync` in the data folder, one after the other.
    pub sync: Spread,
    /// 128 bytes over loopback TCP and back, between two threads.
    pub round_trip: Spread,
}

/// Measures it, in about two seconds.
pub(super) fn calibrate(folder: &Path) -> io::Result<Calibration> {
    Ok(Calibration {
        sync: sync(folder)?,
        round_trip: round_trip()?,
    })
}

fn sync(folder: &Path) -> io::Result<Spread> {
    let path = folder.join("calibration");
    let mut file = OpenOptions::new()
        .create(true)
        .truncate(true)
        .write(true)
        .open(&path)?;
    let measured = repeat(|| {
        file.write_all(&PAGE)?;
        file.sync_data()
    })?;
    drop(file);
    std::fs::remove_file(path)?;
    Ok(measured)
}

fn round_trip() -> io::Result<Spread> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let mut near = TcpStream::connect(listener.local_addr()?)?;
    let (mut far, _) = listener.accept()?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let echo = thread::spawn(move || {
        let mut bytes = PING;
        while far.read_exact(&mut bytes).is_ok() && far.write_all(&bytes).is_ok() {}
    });
    let mut bytes = PING;
    let measured = repeat(|| {
        near.write_all(&PING)?;
        near.read_exact(&mut bytes)
    });
    drop(near);
    drop(echo.join());
    measured
}

fn repeat(mut work: impl FnMut() -> io::Result<()>) -> io::Result<Spread> {
    let mut latencies = Latencies::default();
    let (began, mut count) = (Instant::now(), 0_u64);
    while began.elapsed() < FOR {
        let start = Instant::now();
        work()?;
        latencies.record(start.elapsed());
        count += 1;
    }
    Ok(Spread::of(&latencies, count, began.elapsed()))
}
