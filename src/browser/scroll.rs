//! Scrolling of a timeline, named by its element's id.
//!
//! The scroller is laid out from its end (`flex-direction: column-reverse` around one child), so its `scrollTop` is 0
//! at the end and negative above it: it stays at the end by itself, whatever changes in height.

/// What stands where in a scroller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Position {
    /// Pixels below the visible part.
    pub to_end: i32,
    /// Pixels above the visible part.
    pub to_start: i32,
    /// Height of the visible part.
    pub height: i32,
}

/// Where a scroller stands; `None` where it is not there or has no height.
pub fn position(id: &str) -> Option<Position> {
    in_browser!([] {
        let scroller = super::dom::element(id)?;
        let height = scroller.client_height();
        let to_end = scroller.scroll_top().abs();
        (height > 0).then(|| Position {
            to_end,
            to_start: (scroller.scroll_height() - height - to_end).max(0),
            height,
        })
    } else {
        let _ = id;
        None
    })
}

/// A place in a scroller that outlives its elements: one of them by the value of an attribute, and how it stood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The attribute's value.
    pub value: String,
    /// Pixels from the top of the visible part to the element's.
    pub offset: i32,
}

/// The first element with the attribute `name` of which something is visible, as a place.
pub fn at_top(id: &str, name: &str) -> Option<Place> {
    in_browser!([] {
        let scroller = super::dom::element(id)?;
        let (found, top) = first_visible(&scroller, &format!("[{name}]"))?;
        Some(Place {
            value: found.get_attribute(name)?,
            offset: pixels(top),
        })
    } else {
        let _ = (id, name);
        None
    })
}

/// Brings the element with this id into view, by no more than it takes.
pub fn into_view(id: &str) {
    in_browser!([] {
        if let Some(element) = super::dom::element(id) {
            let how = web_sys::ScrollIntoViewOptions::new();
            how.set_block(web_sys::ScrollLogicalPosition::Nearest);
            element.scroll_into_view_with_scroll_into_view_options(&how);
        }
    } else {
        let _ = id;
    })
}

/// Goes to the end.
pub fn to_end(id: &str) {
    in_browser!([] {
        if let Some(scroller) = super::dom::element(id) {
            scroller.set_scroll_top(0);
        }
    } else {
        let _ = id;
    })
}

/// Puts the first element that matches `selector` one third below the top, where that is above the end; false where there
/// is none, or not yet.
pub fn to_third(id: &str, selector: &str) -> bool {
    in_browser!([] {
        let Some(scroller) = super::dom::element(id) else {
            return false;
        };
        let Ok(Some(target)) = scroller.query_selector(selector) else {
            return false;
        };
        let third = f64::from(scroller.client_height()) / 3.0;
        let offset = target.get_bounding_client_rect().top()
            - scroller.get_bounding_client_rect().top()
            - third;
        shift(&scroller, offset);
        true
    } else {
        let _ = (id, selector);
        false
    })
}

/// Puts the element whose attribute `name` has that place's value where it stood; false where there is none.
pub fn to_place(id: &str, name: &str, place: &Place) -> bool {
    in_browser!([] {
        let Some(scroller) = super::dom::element(id) else {
            return false;
        };
        let selector = format!("[{name}=\"{}\"]", place.value);
        let Ok(Some(target)) = scroller.query_selector(&selector) else {
            return false;
        };
        let top = target.get_bounding_client_rect().top() - scroller.get_bounding_client_rect().top();
        shift(&scroller, top - f64::from(place.offset));
        true
    } else {
        let _ = (id, name, place);
        false
    })
}

/// Keeps what is under the reader's eyes in place while `change` (and the rendering it causes) happens: the first
/// visible element that matches `selector` stands where it stood. At the end, the end stays where it `sticks`.
pub fn anchored(id: &str, selector: &str, sticks: bool, change: impl FnOnce()) {
    in_browser!([] {
        let anchor = super::dom::element(id).and_then(|scroller| anchor_of(scroller, selector, sticks));
        change();
        if let Some((scroller, anchor, top)) = anchor {
            wasm_bindgen_futures::spawn_local(async move {
                leptos::task::tick().await;
                if anchor.is_connected() {
                    shift(&scroller, anchor.get_bounding_client_rect().top() - top);
                }
            });
        }
    } else {
        let _ = (id, selector, sticks);
        change();
    })
}

#[cfg(feature = "hydrate")]
fn anchor_of(
    scroller: web_sys::Element,
    selector: &str,
    sticks: bool,
) -> Option<(web_sys::Element, web_sys::Element, f64)> {
    if sticks && scroller.scroll_top().abs() < 2 {
        return None;
    }
    let (anchor, _) = first_visible(&scroller, selector)?;
    let offset = anchor.get_bounding_client_rect().top();
    Some((scroller, anchor, offset))
}

/// The first element that matches `selector` and reaches below the scroller's top, and its distance from there. Looked
/// for by halves: the rows follow each other.
#[cfg(feature = "hydrate")]
fn first_visible(scroller: &web_sys::Element, selector: &str) -> Option<(web_sys::Element, f64)> {
    use wasm_bindgen::JsCast;
    let start = scroller.get_bounding_client_rect().top();
    let rows = scroller.query_selector_all(selector).ok()?;
    let row = |at| rows.get(at)?.dyn_into::<web_sys::Element>().ok();
    let (mut above, mut below) = (0, rows.length());
    while above < below {
        let middle = u32::midpoint(above, below);
        if row(middle)?.get_bounding_client_rect().bottom() > start {
            below = middle;
        } else {
            above = middle.saturating_add(1);
        }
    }
    let found = row(above)?;
    let top = found.get_bounding_client_rect().top() - start;
    Some((found, top))
}

#[cfg(feature = "hydrate")]
fn shift(scroller: &web_sys::Element, by: f64) {
    let by = pixels(by);
    if by != 0 {
        scroller.set_scroll_top(scroller.scroll_top() + by);
    }
}

#[cfg(feature = "hydrate")]
#[expect(
    clippy::as_conversions,
    clippy::cast_possible_truncation,
    reason = "a distance on the screen, rounded to whole pixels"
)]
fn pixels(distance: f64) -> i32 {
    distance.round() as i32
}
