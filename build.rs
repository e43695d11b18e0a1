//! What is made before the crate is compiled: the icon sprite, and the catalogue of texts.
//!
//! Fails when a locale lacks a key or a placeholder that another one has. The catalogue's code comes from leptos_i18n's
//! own generator, called directly: its macro is deprecated and cannot make strings with values in them, and
//! `leptos_i18n_build` brings all of ICU's data tools for plurals that the catalogue does not use.

#![expect(
    clippy::expect_used,
    clippy::panic,
    reason = "a build that cannot go on stops, and says why"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use leptos_i18n_parser::parse_locales::{
    self,
    options::{Config, ParseOptions},
};
use serde_json::Value;

const LOCALES: [&str; 3] = ["en", "de", "ar"];

macro_rules! icons {
    ($($id:literal => $name:ident),+ $(,)?) => {
        [$(($id, icondata_lu::$name.data)),+]
    };
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=locales");
    let out = env::var("OUT_DIR").expect("cargo sets OUT_DIR");
    check_locales();
    write_catalogue(Path::new(&out));
    write_sprite(Path::new(&out));
}

fn write_catalogue(out: &Path) {
    let code = catalogue().unwrap_or_else(|error| panic!("locales: {error}"));
    fs::write(out.join("catalogue.rs"), code).expect("OUT_DIR is writable");
}

fn catalogue() -> parse_locales::error::Result<String> {
    let [default, others @ ..] = LOCALES;
    let config = Config::new(default)?
        .add_locales(others)?
        .parse_options(ParseOptions::new().interpolate_display(true));
    let parsed = parse_locales::parse_locales(None, config)?;
    leptos_i18n_codegen::gen_code(&parsed, None, false, None, false).map(|code| code.to_string())
}

fn write_sprite(out: &Path) {
    let symbols = icons! {
        "alert" => LuCircleAlert,
        "arrow-down" => LuArrowDown,
        "back" => LuChevronLeft,
        "bell" => LuBell,
        "bell-off" => LuBellOff,
        "check" => LuCheck,
        "check-check" => LuCheckCheck,
        "chevron-down" => LuChevronDown,
        "clock" => LuClock,
        "eye" => LuEye,
        "eye-off" => LuEyeOff,
        "hash" => LuHash,
        "inbox" => LuInbox,
        "info" => LuInfo,
        "life-buoy" => LuLifeBuoy,
        "laptop" => LuLaptop,
        "link" => LuLink,
        "lock" => LuLock,
        "log-out" => LuLogOut,
        "maximize" => LuMaximize2,
        "message" => LuMessageCircle,
        "messages" => LuMessagesSquare,
        "minus" => LuMinus,
        "monitor" => LuMonitor,
        "moon" => LuMoon,
        "more" => LuEllipsis,
        "offline" => LuWifiOff,
        "online" => LuWifi,
        "pin" => LuPin,
        "plus" => LuPlus,
        "reply" => LuReply,
        "retry" => LuRotateCw,
        "school" => LuGraduationCap,
        "search" => LuSearch,
        "send" => LuSend,
        "smartphone" => LuSmartphone,
        "sun" => LuSun,
        "terminal" => LuTerminal,
        "trash" => LuTrash2,
        "user" => LuUserCog,
        "users" => LuUsers,
        "x" => LuX,
    };
    let mut sprite = String::from(
        "<svg xmlns=\"http://www.w3.org/2000/svg\">\
         <!-- Icons of Lucide (https://lucide.dev), ISC License, Copyright (c) for portions of Lucide are held by \
         Cole Bemis 2013-2022 as part of Feather (MIT); all other copyright (c) for Lucide are held by Lucide \
         Contributors 2022. -->",
    );
    for (id, data) in symbols {
        sprite.push_str(&format!(
            "<symbol id=\"{id}\" viewBox=\"0 0 24 24\" fill=\"none\" stroke=\"currentColor\" stroke-width=\"2\" \
             stroke-linecap=\"round\" stroke-linejoin=\"round\">{data}</symbol>"
        ));
    }
    sprite.push_str("</svg>");
    let mut hasher = DefaultHasher::new();
    sprite.hash(&mut hasher);
    println!("cargo:rustc-env=QUAD_ICONS_HASH={:016x}", hasher.finish());
    fs::write(out.join("icons.svg"), sprite).expect("OUT_DIR is writable");
}

fn check_locales() {
    let [first, others @ ..] = LOCALES.map(|name| (name, texts(name)));
    for (name, texts) in others {
        let mut problems = Vec::new();
        for (key, holders) in &first.1 {
            match texts.get(key) {
                None => problems.push(format!("{key} is missing")),
                Some(found) if found != holders => {
                    problems.push(format!(
                        "{key} has the placeholders {found:?}, not {holders:?}"
                    ));
                }
                Some(_) => {}
            }
        }
        for key in texts.keys().filter(|key| !first.1.contains_key(*key)) {
            problems.push(format!("{key} is not in {}", first.0));
        }
        assert!(
            problems.is_empty(),
            "locales/{name}.json:\n  {}",
            problems.join("\n  ")
        );
    }
}

/// The keys of a locale, each with the placeholders of its text.
fn texts(name: &str) -> BTreeMap<String, BTreeSet<String>> {
    let path = format!("locales/{name}.json");
    let text = fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    let value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{path}: {error}"));
    let mut texts = BTreeMap::new();
    collect("", &value, &mut texts);
    texts
}

fn collect(prefix: &str, value: &Value, texts: &mut BTreeMap<String, BTreeSet<String>>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                let path = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                collect(&path, value, texts);
            }
        }
        Value::String(text) => {
            let holders = text
                .split("{{")
                .skip(1)
                .filter_map(|rest| rest.split_once("}}"))
                .map(|(holder, _)| holder.trim().to_owned())
                .collect();
            texts.insert(prefix.to_owned(), holders);
        }
        other => panic!("{prefix}: a text was expected, not {other}"),
    }
}
