//! The page's CSRF token, handed over by the page's first resource.

use std::cell::RefCell;

thread_local! {
    static TOKEN: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Keeps the token for the calls to come.
pub fn keep(token: &str) {
    TOKEN.with_borrow_mut(|kept| token.clone_into(kept));
}

/// The token.
pub fn token() -> String {
    TOKEN.with_borrow(Clone::clone)
}
