//! The server is stopped and started while people write.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    LoadError, audit::Audit, outbox::Sending, report::Restart, report::Spread, scenario::Live,
};

/// How long people write before the stop, and after everybody is back.
const AROUND: Duration = Duration::from_secs(2);
/// Every client notices within this time that its server is gone.
const NOTICE: Duration = Duration::from_secs(10);
/// What is under way at the end has this long to arrive.
const GRACE: Duration = Duration::from_secs(20);
const HOUR: Duration = Duration::from_secs(3600);

/// Stops and starts it once.
pub(super) fn run(live: &mut Live, rate: f64) -> Result<Restart, LoadError> {
    let begins = tokio::time::Instant::now();
    live.crowd.tell(Sending::Open {
        step: 1,
        begins,
        ends: begins + HOUR,
        every: Duration::from_secs_f64(1.0 / rate.max(0.001)),
        senders: live.senders,
    });
    thread::sleep(AROUND);
    live.crowd.note_stop();
    let stop = Instant::now();
    let stopped = live.server.stop()?;
    let started = live.server.start_again()?;
    // One that has not noticed yet would count as back.
    let closed = |live: &Live| live.crowd.sum(|tally| tally.closed.values().sum());
    let noticed = Instant::now();
    while closed(live) < live.crowd.size() && noticed.elapsed() < NOTICE {
        thread::sleep(Duration::from_millis(1));
    }
    live.crowd.all_there()?;
    let all_back = stop.elapsed();
    thread::sleep(AROUND);
    live.crowd.tell(Sending::Pause);
    live.crowd.drain(live.readers, GRACE);
    let unanswered = live.crowd.standing().pending;
    let tally = live.crowd.take();
    live.audit = Audit::of(&tally, live.readers, unanswered);
    Ok(Restart {
        stopped_ms: stopped.as_secs_f64() * 1000.0,
        started_ms: started.as_secs_f64() * 1000.0,
        all_back_ms: all_back.as_secs_f64() * 1000.0,
        back: Spread::of(&tally.back, live.crowd.size(), all_back),
        failures: tally.failures,
        closed: tally.closed,
        resets: tally.resets,
        messages: tally.acknowledged,
        ack: Spread::of(&tally.ack, tally.acknowledged, all_back),
    })
}
