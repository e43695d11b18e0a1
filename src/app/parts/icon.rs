//! Icons: one sprite, made from Lucide by `build.rs`, fetched once.

use leptos::prelude::*;

/// The sprite, for the server to serve at `/icons.svg`.
#[cfg(feature = "ssr")]
pub const SPRITE: &str = include_str!(concat!(env!("OUT_DIR"), "/icons.svg"));

/// An icon. Decoration: what it means is said in words beside it.
#[component]
pub fn Icon(
    /// The id of its symbol; `build.rs` lists them.
    name: &'static str,
) -> impl IntoView {
    let href = concat!("/icons.svg?v=", env!("QUAD_ICONS_HASH"), "#");
    view! {
        <svg class="icon" aria-hidden="true" focusable="false" viewBox="0 0 24 24">
            <use href=format!("{href}{name}")></use>
        </svg>
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::SPRITE;

    /// Every `<Icon name="…">` in the pages has its symbol.
    #[test]
    fn every_icon_that_is_used_is_in_the_sprite() {
        let mut folders = vec![std::path::PathBuf::from(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/src/app"
        ))];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let source = std::fs::read_to_string(&path).unwrap();
                for name in source.split("<Icon name=\"").skip(1) {
                    let name = name.split('"').next().unwrap();
                    if name != "…" && !name.contains('\\') {
                        assert!(
                            SPRITE.contains(&format!("id=\"{name}\"")),
                            "{name} in {}",
                            path.display()
                        );
                    }
                }
            }
        }
    }
}
