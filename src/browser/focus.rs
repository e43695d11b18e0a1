//! Where the keyboard is.

/// Moves the focus to the element with this id.
pub fn on(id: &str) {
    in_browser!([] {
        if let Some(element) = super::dom::html(id) {
            let _ = element.focus();
        }
    } else {
        let _ = id;
    })
}

/// Presses the link or button with this id, as a click would. Answers whether it is there.
pub fn press(id: &str) -> bool {
    in_browser!([] {
        let Some(element) = super::dom::html(id) else {
            return false;
        };
        element.click();
        true
    } else {
        let _ = id;
        false
    })
}

/// Moves the focus to the next (or, backwards, the former) of the elements that match `selector`. Answers whether it
/// was in one of them.
pub fn step(selector: &str, backwards: bool) -> bool {
    in_browser!([] { step_in_browser(selector, backwards).is_some() } else {
        let _ = (selector, backwards);
        false
    })
}

/// Moves the focus from an element that matches `outer` to the first thing inside that matches `inner`, and on from there;
/// backwards in the end to the outer one again. Answers whether it was in one of them.
pub fn step_inside(outer: &str, inner: &str, backwards: bool) -> bool {
    in_browser!([] { inside_in_browser(outer, inner, backwards).is_some() } else {
        let _ = (outer, inner, backwards);
        false
    })
}

/// Presses the next (or, backwards, the former) of the elements that match `all` after the current page's that also
/// matches `wanted`; without a current one the first or the last. Answers whether there is one.
pub fn press_beside(all: &str, wanted: &str, backwards: bool) -> bool {
    in_browser!([] { press_in_browser(all, wanted, backwards).is_some() } else {
        let _ = (all, wanted, backwards);
        false
    })
}

/// Moves the focus to the first or the last of the elements that match `selector`.
pub fn on_edge(selector: &str, last: bool) -> bool {
    in_browser!([] { edge_in_browser(selector, last).is_some() } else {
        let _ = (selector, last);
        false
    })
}

/// Moves the focus to the next (or the former) region of the page, round and round: elements with `data-region`, in the
/// order of the page. One that cannot take the focus hands it to the first thing inside that can.
pub fn next_region(backwards: bool) -> bool {
    in_browser!([] { region_in_browser(backwards).is_some() } else {
        let _ = backwards;
        false
    })
}

#[cfg(feature = "hydrate")]
fn all_of(root: &web_sys::Document, selector: &str) -> Vec<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast;
    let Ok(found) = root.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect()
}

#[cfg(feature = "hydrate")]
fn step_in_browser(selector: &str, backwards: bool) -> Option<()> {
    let document = super::dom::document()?;
    let active = document.active_element()?.closest(selector).ok()??;
    let all = all_of(&document, selector);
    let at = all.iter().position(|one| one.is_same_node(Some(&active)))?;
    let next = if backwards {
        at.checked_sub(1)?
    } else {
        at + 1
    };
    all.get(next)?.focus().ok()
}

#[cfg(feature = "hydrate")]
fn inside_in_browser(outer: &str, inner: &str, backwards: bool) -> Option<()> {
    use wasm_bindgen::JsCast;
    let active = super::dom::document()?.active_element()?;
    let row = active.closest(outer).ok()??;
    let found = row.query_selector_all(inner).ok()?;
    let all: Vec<web_sys::HtmlElement> = (0..found.length())
        .filter_map(|at| found.get(at)?.dyn_into().ok())
        .collect();
    let at = all.iter().position(|one| one.is_same_node(Some(&active)));
    let next = match (at, backwards) {
        (None, false) => all.first(),
        (None, true) => None,
        (Some(at), false) => all.get(at + 1),
        (Some(0), true) => row.dyn_ref(),
        (Some(at), true) => all.get(at - 1),
    };
    next?.focus().ok()
}

#[cfg(feature = "hydrate")]
fn press_in_browser(all: &str, wanted: &str, backwards: bool) -> Option<()> {
    let mut links = all_of(&super::dom::document()?, all);
    if backwards {
        links.reverse();
    }
    let is = |link: &web_sys::HtmlElement, selector| link.matches(selector).unwrap_or(false);
    let current = links
        .iter()
        .position(|link| is(link, "[aria-current=page]"));
    let mut after = links.iter().skip(current.map_or(0, |at| at + 1));
    after.find(|link| is(link, wanted))?.click();
    Some(())
}

#[cfg(feature = "hydrate")]
fn edge_in_browser(selector: &str, last: bool) -> Option<()> {
    let all = all_of(&super::dom::document()?, selector);
    if last { all.last() } else { all.first() }?.focus().ok()
}

/// What can take the focus by Tab.
#[cfg(feature = "hydrate")]
const FOCUSABLE: &str = "textarea, input, select, button, a[href]";

#[cfg(feature = "hydrate")]
fn region_in_browser(backwards: bool) -> Option<()> {
    let document = super::dom::document()?;
    let regions = all_of(&document, "[data-region]");
    let active = document.active_element();
    let inside = |region: &web_sys::HtmlElement| {
        active
            .as_ref()
            .is_some_and(|active| region.contains(Some(active)))
    };
    // The innermost one counts where one holds another.
    let at = regions.iter().rposition(inside);
    let count = regions.len();
    (1..=count).find_map(|step| {
        let next = match (at, backwards) {
            (Some(at), false) => (at + step) % count,
            (Some(at), true) => (at + count - step) % count,
            (None, false) => step - 1,
            (None, true) => count - step,
        };
        enter(&document, regions.get(next)?)
    })
}

/// Puts the focus into a region; `None` where nothing in it takes it, as in one that is hidden.
#[cfg(feature = "hydrate")]
fn enter(document: &web_sys::Document, region: &web_sys::HtmlElement) -> Option<()> {
    use wasm_bindgen::JsCast;
    let inside = |selector| {
        let found = region.query_selector_all(selector).ok();
        found.into_iter().flat_map(|found| {
            (0..found.length()).filter_map(move |at| found.get(at)?.dyn_into().ok())
        })
    };
    // A list's one tab stop goes before the links in its rows, and what is written before the buttons around it.
    std::iter::once(region.clone())
        .chain(inside("[tabindex=\"0\"]"))
        .chain(inside("textarea"))
        .chain(inside(FOCUSABLE))
        .find_map(|target: web_sys::HtmlElement| {
            target.focus().ok()?;
            target
                .is_same_node(document.active_element().as_deref())
                .then_some(())
        })
}

/// Whether the first pointing device is a finger: Enter makes a new line there, and focus would raise the keyboard.
pub fn is_touch() -> bool {
    in_browser!([] {
        super::dom::window()
            .and_then(|window| window.match_media("(pointer: coarse)").ok().flatten())
            .is_some_and(|query| query.matches())
    } else { false })
}
