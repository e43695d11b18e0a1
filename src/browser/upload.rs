//! Giving the server a file that somebody has chosen, as it is.

#[cfg(feature = "hydrate")]
fn chosen(id: &str) -> Option<web_sys::File> {
    use wasm_bindgen::JsCast;
    let field: web_sys::HtmlInputElement = super::dom::element(id)?.dyn_into().ok()?;
    field.files()?.get(0)
}

/// Puts the file that is chosen in that field to an address; answers the status, or none where nothing came of it. One that
/// is larger than `most` bytes is not sent: 413.
pub async fn put_chosen(
    id: &str,
    address: &str,
    (name, value): (&str, String),
    most: usize,
) -> Option<u16> {
    in_browser!([value] {
        let file = chosen(id)?;
        let most = u32::try_from(most).map_or(f64::MAX, f64::from);
        if file.size() > most {
            return Some(413);
        }
        let request = gloo_net::http::Request::put(address).header(name, &value);
        let answer = request.body(file).ok()?.send().await.ok()?;
        Some(answer.status())
    } else {
        let _ = (id, address, name, most);
        None
    })
}

/// Asks for what stands at an address to be taken away; answers the status.
pub async fn delete(address: &str, (name, value): (&str, String)) -> Option<u16> {
    in_browser!([value] {
        let request = gloo_net::http::Request::delete(address).header(name, &value);
        let answer = request.send().await.ok()?;
        Some(answer.status())
    } else {
        let _ = (address, name);
        None
    })
}
