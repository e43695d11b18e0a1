//! Logging: to standard error, so that standard output stays what a command answers.
//!
//! One event is one line. Whatever a value holds, it cannot begin a line of its own or move a terminal's cursor:
//! control characters are written as escapes (text) or by JSON's own rules.

use std::{
    fmt::{self, Write},
    io::IsTerminal,
};

use tracing_subscriber::{
    EnvFilter,
    field::MakeExt,
    fmt::{
        MakeWriter,
        format::{self, Writer},
    },
    util::SubscriberInitExt,
};

use super::settings::LogSettings;

/// Separators that some viewers break lines at, though they are no control characters.
const LINE_SEPARATORS: [char; 2] = ['\u{2028}', '\u{2029}'];

/// Starts logging for the whole process. A second call changes nothing.
pub fn init(settings: &LogSettings) {
    let is_colourful = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    let started = if settings.json {
        json(&settings.filter, std::io::stderr).try_init()
    } else {
        text(&settings.filter, std::io::stderr, is_colourful).try_init()
    };
    if let Err(error) = started {
        tracing::debug!(%error, "logging had been started before");
    }
}

fn text<W>(filter: &str, writer: W, is_colourful: bool) -> impl SubscriberInitExt
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    let fields = format::debug_fn(|writer: &mut Writer<'_>, field, value: &dyn fmt::Debug| {
        if field.name() != "message" {
            write!(writer, "{field}=")?;
        }
        write!(OneLine(writer), "{value:?}")
    });
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(writer)
        .with_ansi(is_colourful)
        .event_format(format::format().compact())
        .fmt_fields(fields.delimited(" "))
        .finish()
}

fn json<W>(filter: &str, writer: W) -> impl SubscriberInitExt
where
    W: for<'w> MakeWriter<'w> + Send + Sync + 'static,
{
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(filter))
        .with_writer(writer)
        .json()
        .flatten_event(true)
        .finish()
}

/// Writes text with everything that could leave its line as an escape.
struct OneLine<'a, W>(&'a mut W);

impl<W: Write> Write for OneLine<'_, W> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        text.chars().try_for_each(|c| {
            if c.is_control() || LINE_SEPARATORS.contains(&c) {
                write!(self.0, "{}", c.escape_default())
            } else {
                self.0.write_char(c)
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io,
        sync::{Arc, Mutex},
    };

    use super::*;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl Kept {
        fn maker(&self) -> impl for<'w> MakeWriter<'w> + Send + Sync + 'static {
            let kept = self.clone();
            move || kept.clone()
        }

        fn text(&self) -> String {
            String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
        }
    }

    fn log_something_nasty() {
        let name = "ana\r\n2026-01-01 INFO forged";
        tracing::info_span!("request", path = %name).in_scope(|| {
            tracing::info!(name, shown = %name, "signed in: {name}\u{1b}[2J\u{2028}");
        });
        tracing::debug!("too fine");
    }

    #[test]
    fn no_value_breaks_a_line_of_text() {
        let kept = Kept::default();
        let _guard = text("info", kept.maker(), false).set_default();
        log_something_nasty();
        let log = kept.text();
        assert_eq!(log.matches('\n').count(), 1, "{log}");
        assert!(!log.contains(['\r', '\u{1b}', '\u{2028}']), "{log}");
        assert!(log.contains(r"signed in: ana\r\n2026"), "{log}");
    }

    #[test]
    fn an_event_is_one_json_object() {
        let kept = Kept::default();
        let _guard = json("info", kept.maker()).set_default();
        log_something_nasty();
        let log = kept.text();
        assert_eq!(log.matches('\n').count(), 1, "{log}");
        let event: serde_json::Value = serde_json::from_str(&log).unwrap();
        assert_eq!(event["name"], "ana\r\n2026-01-01 INFO forged");
    }
}
