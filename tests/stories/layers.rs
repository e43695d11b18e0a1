//! The arrows between the layers: each folder uses what its row allows, and nothing else.

use std::{fs, path::Path};

/// A folder of `src/`, and the crate's modules it may name. The first matching row counts.
const ROWS: [(&str, &[&str]); 12] = [
    ("model", &["model"]),
    ("protocol", &["protocol", "model"]),
    ("sync", &["sync", "protocol", "model"]),
    (
        "api",
        &[
            "api",
            "sync",
            "protocol",
            "model",
            "browser::csrf",
            "server::pages",
        ],
    ),
    (
        "app",
        &["app", "api", "sync", "protocol", "model", "browser"],
    ),
    ("browser", &["browser", "app", "sync", "protocol", "model"]),
    ("server/store", &["server::store", "server::clock", "model"]),
    ("server/hub", &["server::hub", "protocol", "model"]),
    (
        "server/service",
        &[
            "server::service",
            "server::store",
            "server::hub",
            "server::clock",
            "server::random",
            "server::settings",
            "server::sheet",
            "sync",
            "protocol",
            "model",
        ],
    ),
    (
        "server/ws",
        &[
            "server::ws",
            "server::service",
            "server::hub",
            "server::http",
            "protocol",
            "model",
        ],
    ),
    (
        "server/http",
        &[
            "server::http",
            "server::ws",
            "server::service",
            "server::settings",
            "server::random",
            "app",
            "api",
            "protocol",
            "model",
        ],
    ),
    ("server", &["server", "api", "sync", "protocol", "model"]),
];

/// Words that a folder must not hold, whatever it uses.
const BANNED: [(&str, &[&str]); 8] = [
    ("model", &["leptos::", "axum::", "web_sys"]),
    ("protocol", &["leptos::", "axum::", "sqlx", "web_sys"]),
    ("sync", &["leptos::", "axum::", "sqlx", "web_sys"]),
    ("api", &["sqlx", "hub::"]),
    ("app", &["web_sys", "js_sys", "style:"]),
    ("server/service", &["axum::", "sqlx::query"]),
    ("server/ws", &["sqlx"]),
    ("server/http", &["sqlx"]),
];

fn files(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path
                .strip_prefix("src")
                .unwrap()
                .to_str()
                .unwrap()
                .to_owned();
            found.push((name, fs::read_to_string(&path).unwrap()));
        }
    }
}

fn sources() -> Vec<(String, String)> {
    let mut found = Vec::new();
    files(Path::new("src"), &mut found);
    assert!(found.len() > 50);
    found
}

/// The modules that a text names by `crate::…`, braces opened: `crate::{a::b, c}` names `a::b` and `c`.
fn named(text: &str) -> Vec<String> {
    let mut named = Vec::new();
    for part in text.split("crate::").skip(1) {
        match part.strip_prefix('{') {
            None => named.push(part.to_owned()),
            Some(list) => {
                let (mut depth, mut item) = (0, String::new());
                for c in list.chars() {
                    match c {
                        '{' => depth += 1,
                        '}' if depth == 0 => break,
                        '}' => depth -= 1,
                        ',' if depth == 0 => named.push(std::mem::take(&mut item)),
                        _ => {}
                    }
                    if c != ',' || depth > 0 {
                        item.push(c);
                    }
                }
                named.push(item);
            }
        }
    }
    let trimmed = named
        .into_iter()
        .map(|name| name.split_whitespace().collect::<String>());
    trimmed
        .map(|name| name.replace("::{", "::"))
        .filter(|name| !name.is_empty())
        .collect()
}

fn code(text: &str) -> String {
    let lines = text.split("#[cfg(test)]").next().unwrap().lines();
    lines
        .filter(|line| !line.trim_start().starts_with("//"))
        .collect::<Vec<_>>()
        .join("\n")
        // Who may see an item is not a use.
        .replace("pub(in crate::", "pub(in ")
}

#[test]
fn each_folder_uses_what_its_row_allows() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        let Some((_, allowed)) = ROWS
            .iter()
            .find(|(folder, _)| file.starts_with(&format!("{folder}/")))
        else {
            continue;
        };
        for name in named(&code(&text)) {
            let is_macro = name.starts_with("on_both") || name.starts_with("text!");
            if !is_macro && !allowed.iter().any(|allowed| name.starts_with(allowed)) {
                wrong.push(format!(
                    "{file} uses crate::{}",
                    name.lines().next().unwrap_or_default()
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn no_folder_holds_what_it_must_not_know() {
    let mut wrong = Vec::new();
    for (file, text) in sources() {
        for (folder, words) in BANNED {
            if file.starts_with(&format!("{folder}/")) {
                let code = code(&text);
                let found = words
                    .iter()
                    .filter(|word| code.contains(*word))
                    .filter(|word| **word != "sqlx" || code.contains("sqlx::query"));
                wrong.extend(found.map(|word| format!("{file} holds {word}")));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
