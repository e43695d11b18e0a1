//! What Leptos itself is told: `[package.metadata.leptos]` of the same file, and its own `LEPTOS_*` variables.

use leptos::config::{LeptosOptions, get_config_from_str};
use toml::Table;

/// What holds where the file leaves it out, so that the program starts without a file: as in `Cargo.toml`.
const DEFAULTS: [(&str, &str); 3] = [
    ("output-name", "quad"),
    ("site-root", "target/site"),
    ("site-pkg-dir", "pkg"),
];

/// The options in `section`, over the defaults. `LEPTOS_*` variables of the process, which `cargo leptos` sets for the
/// program that it starts, go before both: Leptos reads them itself.
///
/// Errors: a sentence about the value that cannot be read.
pub(super) fn options(section: &Table) -> Result<LeptosOptions, String> {
    let mut merged = Table::new();
    for (key, value) in DEFAULTS {
        merged.insert(key.to_owned(), value.into());
    }
    merged.insert("hash-files".to_owned(), true.into());
    merged.extend(section.clone());
    // Leptos finds its section by searching the text, so it is given one that holds nothing else.
    let text = format!("[package.metadata.leptos]\n{merged}");
    get_config_from_str(&text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_absent_section_gives_the_programs_own_names() {
        let options = options(&Table::new()).unwrap();
        assert_eq!(&*options.output_name, "quad");
        assert_eq!(&*options.site_pkg_dir, "pkg");
        assert!(options.hash_files);
    }

    #[test]
    fn the_section_goes_before_the_defaults() {
        let section: Table = "site-root = '/srv/site'\nhash-files = false"
            .parse()
            .unwrap();
        let options = options(&section).unwrap();
        assert_eq!(&*options.site_root, "/srv/site");
        assert!(!options.hash_files);
    }

    #[test]
    fn what_leptos_cannot_read_is_a_mistake() {
        let section: Table = "reload-port = 'soon'".parse().unwrap();
        assert!(options(&section).is_err());
    }
}
