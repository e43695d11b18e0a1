//! What `quad settings check` shows: every setting, its value, and where that was given.

use super::{
    desks,
    layers::Layers,
    mistake::Origin,
    secret,
    source::Source,
    table::{self, Setting},
};
use crate::model::{DeskCard, Desks};

/// Every setting as it stands, right or wrong, one a line. Passwords are hidden.
pub fn report(source: &Source) -> String {
    let layers = Layers::read(source);
    let mut rows: Vec<[String; 3]> = table::ALL
        .iter()
        .map(|setting| row(&layers, setting))
        .collect();
    // The default one alone is no setting.
    if *layers.desks() != Desks::default() {
        rows.extend(layers.desks().all().iter().map(desk_row));
    }
    let mut text = format!("Settings file: {}\n\n", file(source));
    text.push_str(&columns(&rows));
    text
}

/// The variables, their defaults and what they do, for the command line's help.
pub fn variables() -> String {
    let mut text = String::new();
    for setting in table::ALL {
        let default = match setting.default {
            "" => String::new(),
            default => format!(" [default: {default}]"),
        };
        text.push_str(&format!(
            "  {}{default}\n      {}\n",
            setting.env, setting.about
        ));
    }
    text
}

/// Lines of aligned columns, two spaces apart.
pub(crate) fn columns<const N: usize>(rows: &[[String; N]]) -> String {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = cell.chars().count().max(*width);
        }
    }
    rows.iter()
        .map(|row| {
            let cells = row.iter().zip(widths);
            let line: Vec<String> = cells
                .map(|(cell, width)| format!("{cell:width$}"))
                .collect();
            format!("  {}\n", line.join("  ").trim_end())
        })
        .collect()
}

fn desk_row(card: &DeskCard) -> [String; 3] {
    let name = format!("{}.{}", desks::DESKS, card.desk.0);
    [
        name,
        desks::shown(card).escape_debug().to_string(),
        String::new(),
    ]
}

fn row(layers: &Layers<'_>, setting: &Setting) -> [String; 3] {
    let found = layers.find(setting);
    let value = match found.text.as_str() {
        "" => "(not set)".to_owned(),
        // Any of them: a password may stand where none belongs.
        text => secret::mask(text).escape_debug().to_string(),
    };
    let from = match found.origin {
        Origin::Default => "default".to_owned(),
        origin => format!("from {origin}"),
    };
    [setting.name.to_owned(), value, from]
}

fn file(source: &Source) -> String {
    let state = match &source.file {
        Ok(Some(_)) => "",
        Ok(None) => " (not there)",
        Err(_) => " (cannot be read)",
    };
    format!("{}{state}", source.path.display())
}
