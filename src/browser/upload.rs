//! Files that somebody has chosen: given to the server as they are, or read.

/// What a field for files holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen {
    /// Nothing, or nothing that can be read.
    Nothing,
    /// More than what was asked for.
    TooLarge,
    /// A text; what is no UTF-8 in it stands as U+FFFD.
    Text(String),
}

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

/// The text of the file that is chosen in that field, of at most `most` bytes.
pub async fn read_chosen(id: &str, most: usize) -> Chosen {
    in_browser!([] {
        let Some(file) = chosen(id) else {
            return Chosen::Nothing;
        };
        if file.size() > u32::try_from(most).map_or(f64::MAX, f64::from) {
            return Chosen::TooLarge;
        }
        let text = wasm_bindgen_futures::JsFuture::from(file.text()).await;
        match text.ok().and_then(|text| text.as_string()) {
            Some(text) => Chosen::Text(text),
            None => Chosen::Nothing,
        }
    } else {
        let _ = (id, most);
        Chosen::Nothing
    })
}

/// Lets go of the file that is chosen in that field.
pub fn forget_chosen(id: &str) {
    in_browser!([] {
        use wasm_bindgen::JsCast;
        let field = super::dom::element(id);
        if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
            field.set_value("");
        }
    } else {
        let _ = id;
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
