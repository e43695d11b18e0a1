//! A report as people read it.

use std::{collections::BTreeMap, fmt};

use super::{
    audit::Audit,
    report::{Report, Restart, Spread, Step},
};
use crate::server::settings::report::columns;

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Quad {} on {}", self.version, self.database)?;
        for (calibration, when) in self.calibration.iter().zip(["before", "after"]) {
            let (sync, trip) = (&calibration.sync, &calibration.round_trip);
            writeln!(
                f,
                "Machine {when}: {:.0} syncs/s (p50 {} p99 {} ms), round trip p50 {} p99 {} ms",
                sync.per_second,
                ms(sync.p50_ms),
                ms(sync.p99_ms),
                ms(trip.p50_ms),
                ms(trip.p99_ms),
            )?;
        }
        let connects = &self.connects;
        writeln!(
            f,
            "Connected {} sockets: {:.0}/s, {}, {} failed tries",
            connects.each.count,
            connects.each.per_second,
            spread(&connects.each),
            connects.failures
        )?;
        writeln!(
            f,
            "Memory: {} KiB empty, {} KiB connected ({:.1} KiB a socket), {} KiB at the end",
            self.memory.empty_kib,
            self.memory.connected_kib,
            self.memory.per_socket_kib,
            self.memory.end_kib
        )?;
        if !self.steps.is_empty() {
            write!(f, "\n{}", steps(&self.steps))?;
        }
        if let Some(idle) = &self.idle {
            writeln!(
                f,
                "Idle for {} s: {:.2} % of a core for 1000 sockets; {} still connected",
                idle.seconds, idle.cpu_percent_per_1000, idle.still_connected
            )?;
        }
        if let Some(found) = &self.restart {
            restart(f, found)?;
        }
        audit(f, &self.audit)
    }
}

fn steps(steps: &[Step]) -> String {
    let head = [
        "rate/s",
        "offered",
        "acked/s",
        "deliv./s",
        "ack p50",
        "p99",
        "max ms",
        "deliv. p50",
        "p99",
        "max ms",
        "µs/deliv.",
        "cores",
        "clients",
        "",
    ];
    let mut rows = vec![head.map(str::to_owned)];
    rows.extend(steps.iter().map(row));
    columns(&rows)
}

fn row(step: &Step) -> [String; 14] {
    let Step { ack, delivery, .. } = step;
    let rate = step
        .rate
        .map_or("closed".to_owned(), |rate| format!("{rate}"));
    [
        rate,
        format!("{:.1}", step.offered_per_second),
        format!("{:.1}", step.acknowledged_per_second),
        format!("{:.0}", step.deliveries_per_second),
        ms(ack.p50_ms),
        ms(ack.p99_ms),
        ms(ack.max_ms),
        ms(delivery.p50_ms),
        ms(delivery.p99_ms),
        ms(delivery.max_ms),
        format!("{:.2}", step.cpu_us_per_delivery),
        format!("{:.2}", step.server_cores),
        format!("{:.2}", step.client_cores),
        remarks(step),
    ]
}

fn remarks(step: &Step) -> String {
    let mut said = Vec::new();
    if !step.keeps_up {
        said.push("does not keep up".to_owned());
    }
    if step.drain_ms > 1000.0 {
        said.push(format!("{:.1} s to drain", step.drain_ms / 1000.0));
    }
    if step.refused > 0 {
        said.push(format!("{} refused", step.refused));
    }
    if !step.closed.is_empty() {
        said.push(format!("closed: {}", codes(&step.closed)));
    }
    if step.resets > 0 {
        said.push(format!("{} resets", step.resets));
    }
    said.join(", ")
}

fn restart(f: &mut fmt::Formatter<'_>, found: &Restart) -> fmt::Result {
    writeln!(
        f,
        "Restart: stopped in {:.0} ms, started in {:.0} ms, all back and caught up {:.0} ms after the signal ({})",
        found.stopped_ms,
        found.started_ms,
        found.all_back_ms,
        spread(&found.back)
    )?;
    writeln!(
        f,
        "         closed: {}; {} failed tries, {} resets; {} messages, acknowledged {}",
        codes(&found.closed),
        found.failures,
        found.resets,
        found.messages,
        spread(&found.ack)
    )
}

fn audit(f: &mut fmt::Formatter<'_>, audit: &Audit) -> fmt::Result {
    if audit.is_clean() {
        return writeln!(f, "Nothing lost, nothing doubled.");
    }
    writeln!(
        f,
        "WRONG: {} deliveries and {} messages lost, {} deliveries and {} messages doubled, {} gaps, {} unanswered",
        audit.lost_deliveries,
        audit.lost_messages,
        audit.doubled_deliveries,
        audit.doubled_messages,
        audit.gaps,
        audit.unanswered
    )
}

fn spread(spread: &Spread) -> String {
    let Spread {
        p50_ms,
        p99_ms,
        max_ms,
        ..
    } = spread;
    format!(
        "p50 {} p99 {} max {} ms",
        ms(*p50_ms),
        ms(*p99_ms),
        ms(*max_ms)
    )
}

fn ms(value: Option<f64>) -> String {
    match value {
        None => "–".to_owned(),
        Some(value) if value < 10.0 => format!("{value:.2}"),
        Some(value) => format!("{value:.0}"),
    }
}

fn codes(closed: &BTreeMap<u16, u64>) -> String {
    let codes = closed.iter().map(|(code, count)| match code {
        0 => format!("{count} without a code"),
        code => format!("{count} with {code}"),
    });
    codes.collect::<Vec<_>>().join(", ")
}
