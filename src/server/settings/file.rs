//! The settings file's text as dotted names and plain values, and what in it nobody would read.

use std::collections::BTreeMap;

use toml::{Table, Value};

use super::{
    desks::{self, DESKS},
    suggest, table,
};
use crate::model::Desks;

/// Our tables stand below this one.
const OURS: &str = "quad";

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct File {
    /// Setting → its value, written as in a variable.
    pub(super) values: BTreeMap<String, String>,
    /// The desks.
    pub(super) desks: Desks,
    /// The section that Leptos reads.
    pub(super) leptos: Table,
    /// Name → what is wrong with it; an empty name: the file as a whole.
    pub(super) problems: Vec<(String, String)>,
}

/// Reads the text of a settings file.
pub(super) fn read(text: &str) -> File {
    let mut file = File::default();
    match text.parse::<Table>() {
        Ok(root) => file.take(root),
        Err(error) => {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            let problem = format!("line {line} is not TOML: {}", error.message());
            file.problems.push((String::new(), problem));
        }
    }
    file
}

impl File {
    fn take(&mut self, root: Table) {
        for (key, value) in root {
            match (key.as_str(), value) {
                (OURS, Value::Table(ours)) => self.take_ours("", ours),
                ("package", Value::Table(package)) => self.leptos = leptos_section(package),
                (_, value) => self.unknown_root(&key, &value),
            }
        }
    }

    /// Takes a table of ours; `prefix` is empty or ends with a dot.
    fn take_ours(&mut self, prefix: &str, table: Table) {
        for (key, value) in table {
            let name = format!("{prefix}{key}");
            let inner = format!("{name}.");
            match value {
                Value::Table(tables) if name == DESKS => {
                    self.desks = desks::read(&tables, &mut self.problems);
                }
                Value::Table(table) if names().any(|known| known.starts_with(&inner)) => {
                    self.take_ours(&inner, table);
                }
                value if names().any(|known| known == name) => match plain(&value) {
                    Some(text) => drop(self.values.insert(name, text)),
                    None => self.problem(name, "must be text, a number, true or false, or a list"),
                },
                _ => {
                    let hint = suggest::hint(&name, names());
                    self.problem(name, format!("there is no such setting{hint}"));
                }
            }
        }
    }

    fn unknown_root(&mut self, key: &str, value: &Value) {
        let meant = suggest::closest(key, [OURS].into_iter())
            .map(str::to_owned)
            .or_else(|| as_ours(key, value));
        let hint = meant.map_or_else(String::new, |meant| format!("; did you mean [{meant}]?"));
        let problem = format!("Quad's settings stand in [quad] and the tables below it{hint}");
        self.problem(key.to_owned(), problem);
    }

    fn problem(&mut self, name: String, problem: impl Into<String>) {
        self.problems.push((name, problem.into()));
    }
}

/// `[limits]` for `[quad.limits]`, or `addr` above every table.
fn as_ours(key: &str, value: &Value) -> Option<String> {
    let inner = format!("{key}.");
    match value {
        Value::Table(_) => (key == DESKS || names().any(|known| known.starts_with(&inner)))
            .then(|| format!("{OURS}.{key}")),
        _ => names().any(|known| known == key).then(|| OURS.to_owned()),
    }
}

fn leptos_section(package: Table) -> Table {
    package
        .get("metadata")
        .and_then(|metadata| metadata.get("leptos"))
        .and_then(Value::as_table)
        .cloned()
        .unwrap_or_default()
}

fn names() -> impl Iterator<Item = &'static str> + Clone {
    table::ALL.iter().map(|setting| setting.name)
}

/// A value as one would write it in a variable: lists with commas between.
pub(super) fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Integer(number) => Some(number.to_string()),
        Value::Float(number) => Some(number.to_string()),
        Value::Boolean(switch) => Some(switch.to_string()),
        Value::Array(items) => {
            let items: Option<Vec<String>> = items.iter().map(plain).collect();
            items.map(|items| items.join(","))
        }
        Value::Datetime(_) | Value::Table(_) => None,
    }
}
