//! The channel between the tabs of one browser.

#[cfg(feature = "hydrate")]
thread_local! {
    static CHANNEL: std::cell::RefCell<Option<web_sys::BroadcastChannel>> =
        const { std::cell::RefCell::new(None) };
}

/// Joins the channel `name` and hears what other tabs say in it.
pub fn join(name: &str, heard: impl Fn(String) + 'static) {
    in_browser!([heard] {
        use wasm_bindgen::{JsCast, closure::Closure};

        let Ok(channel) = web_sys::BroadcastChannel::new(name) else {
            return;
        };
        let on_message = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(
            move |event: web_sys::MessageEvent| {
                if let Some(text) = event.data().as_string() {
                    heard(text);
                }
            },
        );
        channel.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        on_message.forget();
        CHANNEL.set(Some(channel));
    } else {
        let _ = name;
    })
}

/// Says something to the other tabs.
pub fn say(text: &str) {
    in_browser!([] {
        CHANNEL.with_borrow(|channel| {
            if let Some(channel) = channel {
                // Nobody listening is no error.
                let _ = channel.post_message(&text.into());
            }
        });
    } else {
        let _ = text;
    })
}
