//! The page's one WebSocket.

/// What happens on the socket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SocketEvent {
    /// A text frame came.
    Text(String),
    /// It is closed, with this code.
    Closed(u16),
}

#[cfg(feature = "hydrate")]
mod live {
    use std::{cell::RefCell, rc::Rc};

    use wasm_bindgen::{JsCast, closure::Closure};
    use web_sys::{CloseEvent, MessageEvent, WebSocket};

    use super::SocketEvent;

    /// A socket with the listeners that must live as long as it.
    pub(super) struct Live {
        pub(super) socket: WebSocket,
        _on_message: Closure<dyn FnMut(MessageEvent)>,
        _on_close: Closure<dyn FnMut(CloseEvent)>,
    }

    impl Live {
        pub(super) fn open(
            url: &str,
            subprotocol: &str,
            heard: impl Fn(SocketEvent) + 'static,
        ) -> Option<Self> {
            let socket = WebSocket::new_with_str(url, subprotocol).ok()?;
            let heard = Rc::new(heard);
            let on_message = Closure::<dyn FnMut(MessageEvent)>::new({
                let heard = Rc::clone(&heard);
                move |event: MessageEvent| {
                    if let Some(text) = event.data().as_string() {
                        heard(SocketEvent::Text(text));
                    }
                }
            });
            let on_close = Closure::<dyn FnMut(CloseEvent)>::new(move |event: CloseEvent| {
                heard(SocketEvent::Closed(event.code()));
            });
            socket.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            socket.set_onclose(Some(on_close.as_ref().unchecked_ref()));
            Some(Self {
                socket,
                _on_message: on_message,
                _on_close: on_close,
            })
        }
    }

    impl Drop for Live {
        fn drop(&mut self) {
            self.socket.set_onmessage(None);
            self.socket.set_onclose(None);
            // Closing what is closed already is no error worth knowing.
            let _ = self.socket.close();
        }
    }

    thread_local! {
        pub(super) static LIVE: RefCell<Option<Live>> = const { RefCell::new(None) };
    }

    pub(super) fn url(path: &str) -> Option<String> {
        let location = super::super::dom::window()?.location();
        let scheme = match location.protocol().ok()?.as_str() {
            "https:" => "wss",
            _ => "ws",
        };
        Some(format!("{scheme}://{}{path}", location.host().ok()?))
    }
}

/// Opens the socket at `path` of this page's host, in place of a former one. Answers whether it could be tried.
pub fn open(path: &str, subprotocol: &str, heard: impl Fn(SocketEvent) + 'static) -> bool {
    in_browser!([heard] {
        close();
        let opened = live::url(path).and_then(|url| live::Live::open(&url, subprotocol, heard));
        let is_open = opened.is_some();
        live::LIVE.set(opened);
        is_open
    } else {
        let _ = (path, subprotocol);
        false
    })
}

/// Sends a text frame. Answers whether the socket took it.
pub fn send(text: &str) -> bool {
    in_browser!([] {
        live::LIVE.with_borrow(|live| {
            live.as_ref().is_some_and(|live| {
                live.socket.ready_state() == web_sys::WebSocket::OPEN
                    && live.socket.send_with_str(text).is_ok()
            })
        })
    } else {
        let _ = text;
        false
    })
}

/// Closes the socket and hears nothing more of it.
pub fn close() {
    in_browser!([] {
        let former = live::LIVE.take();
        drop(former);
    } else {})
}
