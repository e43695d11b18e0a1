//! Timers.

/// Calls `tick` every `ms` milliseconds for as long as the page lives.
pub fn every(ms: u32, tick: impl Fn() + 'static) {
    in_browser!([tick] {
        gloo_timers::callback::Interval::new(ms, tick).forget();
    } else {
        let _ = ms;
    })
}

/// Calls `then` once, `ms` milliseconds from now.
pub fn after(ms: u32, then: impl FnOnce() + 'static) {
    in_browser!([then] {
        gloo_timers::callback::Timeout::new(ms, then).forget();
    } else {
        let _ = ms;
    })
}
