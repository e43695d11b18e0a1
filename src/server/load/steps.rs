//! One rate after the other, for as long as the server keeps up.

use std::{
    thread,
    time::{Duration, Instant},
};

use super::{
    audit::Audit,
    float,
    outbox::Sending,
    process::{Usage, own_usage},
    report::{Spread, Step},
    scenario::{Live, Steps},
    tally::Tally,
};

/// Before the first step, at its rate; measured and thrown away.
const WARM_UP: Duration = Duration::from_secs(1);
/// Between telling the senders and the first message.
const AHEAD: Duration = Duration::from_millis(50);
/// What is under way at a step's end has this long to arrive.
const GRACE: Duration = Duration::from_secs(20);
/// A server that acknowledges less than this part of what is due while it comes due does not keep up.
const KEEPS_UP: f64 = 0.95;

/// Goes through the rates, up to the first that is too much.
pub(super) fn all(live: &mut Live, steps: &Steps) -> Vec<Step> {
    let time = Duration::from_secs(u64::from(steps.seconds));
    if let Some(rate) = steps.rates.first() {
        open(live, 0, *rate, WARM_UP);
    }
    let mut done = Vec::new();
    for (number, rate) in (1..).zip(&steps.rates) {
        let step = open(live, number, *rate, time);
        let keeps_up = step.keeps_up;
        done.push(step);
        if !keeps_up {
            break;
        }
    }
    done
}

/// Messages at fixed times.
fn open(live: &mut Live, step: u16, rate: f64, time: Duration) -> Step {
    let begins = tokio::time::Instant::now() + AHEAD;
    let sending = Sending::Open {
        step,
        begins,
        ends: begins + time,
        every: Duration::from_secs_f64(1.0 / rate.max(0.001)),
        senders: live.senders,
    };
    measure(live, sending, Some(rate), time)
}

/// One sender that waits.
pub(super) fn closed(live: &mut Live, seconds: u32) -> Step {
    let sending = |step, time| Sending::Closed {
        step,
        ends: tokio::time::Instant::now() + AHEAD + time,
    };
    measure(live, sending(0, WARM_UP), None, WARM_UP);
    let time = Duration::from_secs(u64::from(seconds));
    measure(live, sending(1, time), None, time)
}

fn measure(live: &mut Live, sending: Sending, rate: Option<f64>, time: Duration) -> Step {
    let usage = || {
        let server = live.server.usage().unwrap_or_default();
        (server, own_usage().unwrap_or_default())
    };
    let before = usage();
    live.crowd.tell(sending);
    thread::sleep(AHEAD + time);
    // What came while it was being sent: afterwards the server only works off what has piled up.
    let offered = float(live.crowd.sum(|tally| tally.offered));
    let acknowledged = float(live.crowd.sum(|tally| tally.acknowledged));
    let deliveries = float(live.crowd.sum(|tally| tally.deliveries));
    let at_end = usage();
    let drained = Instant::now();
    live.crowd.drain(live.readers, GRACE);
    let drain = drained.elapsed();
    let after = usage();
    live.crowd.tell(Sending::Pause);
    let unanswered = live.crowd.standing().pending;
    let tally = live.crowd.take();
    let audit = Audit::of(&tally, live.readers, unanswered);
    live.audit.add(&audit);
    let cpu = |from: Usage, to: Usage| to.cpu_s - from.cpu_s;
    Step {
        rate,
        offered_per_second: offered / time.as_secs_f64(),
        acknowledged_per_second: acknowledged / time.as_secs_f64(),
        deliveries_per_second: deliveries / time.as_secs_f64(),
        drain_ms: drain.as_secs_f64() * 1000.0,
        keeps_up: audit.is_clean() && acknowledged >= offered * KEEPS_UP,
        cpu_us_per_delivery: cpu(before.0, after.0) * 1e6 / float(tally.deliveries.max(1)),
        server_cores: cpu(before.0, at_end.0) / (AHEAD + time).as_secs_f64(),
        client_cores: cpu(before.1, at_end.1) / (AHEAD + time).as_secs_f64(),
        ..Step::of(&tally, time, audit)
    }
}

impl Step {
    fn of(tally: &Tally, time: Duration, audit: Audit) -> Self {
        Self {
            ack: Spread::of(&tally.ack, tally.acknowledged, time),
            delivery: Spread::of(&tally.delivery, tally.deliveries, time),
            refused: tally.refused,
            closed: tally.closed.clone(),
            resets: tally.resets,
            audit,
            ..Self::default()
        }
    }
}
