//! Lists in pages: what of a list an address asks for, and the answer with the addresses of what lies beside it.

use std::collections::BTreeMap;

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri, Query},
};
use http::{header, request::Parts};
use serde::Serialize;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::{
    super::{AppState, Refusal},
    fields::missing,
};
use crate::{
    model::{
        HistoryPart, Listed, MessageId, RequestStatus, RoomId, RoomKind, Seq, Slice, WireError,
        limits::{PAGE_SIZE, PAGE_SIZE_MAX, PAGED_ROWS},
    },
    server::service::Part,
};

/// What an address asks for behind its `?`.
#[derive(Debug)]
pub(in crate::server::http) struct Asked {
    /// The address without it.
    address: String,
    words: BTreeMap<String, String>,
}

impl FromRequestParts<AppState> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Refusal> {
        let Query(words) = Query::from_request_parts(parts, state)
            .await
            .map_err(|_| WireError::Malformed)?;
        let path = parts.extensions.get::<OriginalUri>();
        let path = path.map_or_else(|| parts.uri.path(), |uri| uri.path());
        let public = state.services.settings.public_url.as_ref();
        let origin = match public {
            Some(public) => public.origin.clone(),
            None => parts
                .headers
                .get(header::HOST)
                .and_then(|host| host.to_str().ok())
                .map(|host| format!("http://{host}"))
                .unwrap_or_default(),
        };
        Ok(Self {
            address: format!("{origin}{}/", path.trim_end_matches('/')),
            words,
        })
    }
}

/// The words by which an address says where in a list it stands.
const PLACES: [&str; 6] = ["page", "after", "before", "around", "after_id", "before_id"];

/// A page by its number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageAsked {
    number: i64,
    size: i64,
}

impl PageAsked {
    /// The rows that it holds.
    pub(super) fn slice(self) -> Slice {
        Slice {
            limit: self.size,
            offset: self.number.saturating_sub(1).saturating_mul(self.size),
        }
    }
}

impl Asked {
    /// A word; empty where there is none.
    pub(super) fn word(&self, name: &str) -> &str {
        self.words.get(name).map_or("", String::as_str)
    }

    /// Whether something is named at all.
    pub(super) fn names(&self, name: &str) -> bool {
        self.words.contains_key(name)
    }

    /// A number; none where there is none. Errors: `invalid` for what is no number.
    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, WireError> {
        let word = self.word(name).trim();
        if word.is_empty() {
            return Ok(None);
        }
        word.parse()
            .map(Some)
            .map_err(|_| WireError::field(name, "This must be a number."))
    }

    /// A switch. Errors: `invalid` where it is neither on nor off.
    pub(super) fn switch(&self, name: &str) -> Result<Option<bool>, WireError> {
        match self.word(name).to_ascii_lowercase().as_str() {
            "" => Ok(None),
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(WireError::field(name, "This must be true or false.")),
        }
    }

    /// A room. Errors: `invalid` where none is named; what is no id is as one that is not there.
    pub(super) fn room(&self, name: &'static str) -> Result<RoomId, WireError> {
        match self.word(name) {
            "" => Err(missing(name)),
            word => RoomId::from_digits(word).ok_or(WireError::NotFound),
        }
    }

    /// Where requests to join stand; none: anywhere. Errors: `invalid` where there is no such word.
    pub(super) fn status(&self) -> Result<Option<RequestStatus>, WireError> {
        match self.word("status") {
            "" | "all" => Ok(None),
            word => RequestStatus::from_word(word).map(Some).ok_or_else(|| {
                WireError::field("status", "This must be pending, approved or denied.")
            }),
        }
    }

    /// A kind of rooms. Errors: `invalid` where there is no such kind.
    pub(super) fn kind(&self) -> Result<Option<RoomKind>, WireError> {
        match self.word("kind") {
            "" => Ok(None),
            word => RoomKind::from_word(word)
                .map(Some)
                .ok_or_else(|| WireError::field("kind", "There is no such kind of room.")),
        }
    }

    fn size(&self) -> Result<i64, WireError> {
        let size = self.number("page_size")?.unwrap_or(PAGE_SIZE);
        Ok(size.clamp(1, PAGE_SIZE_MAX))
    }

    /// The page; the first where nothing is said. Errors: `invalid` for what is no number, or too far.
    pub(super) fn page(&self) -> Result<PageAsked, WireError> {
        let number = self.number("page")?.unwrap_or(1).max(1);
        let page = PageAsked {
            number,
            size: self.size()?,
        };
        if page.slice().offset > PAGED_ROWS {
            return Err(WireError::field("page", "Pages do not go this far."));
        }
        Ok(page)
    }

    /// The part of a history: around a message, between two places, or a page.
    pub(super) fn history(&self) -> Result<HistoryPart, WireError> {
        let limit = self.size()?;
        if let Some(id) = self.number("around")? {
            let message_id = MessageId(id);
            return Ok(HistoryPart::Around { message_id, limit });
        }
        let after_id = self.number("after_id")?.map(MessageId);
        let before_id = self.number("before_id")?.map(MessageId);
        if after_id.is_some() || before_id.is_some() {
            return Ok(HistoryPart::Beside {
                after: after_id,
                before: before_id,
                limit,
            });
        }
        let after = self.number("after")?.map(Seq);
        let before = self.number("before")?.map(Seq);
        if after.is_some() || before.is_some() {
            return Ok(HistoryPart::Between {
                after,
                before,
                limit,
            });
        }
        Ok(HistoryPart::Page(self.page()?.slice()))
    }

    /// The same address with these words in place of where it stands now.
    fn beside(&self, at: &[(&str, String)]) -> String {
        let kept = self
            .words
            .iter()
            .filter(|(name, _)| !PLACES.contains(&name.as_str()));
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(kept).extend_pairs(at);
        format!("{}?{}", self.address, query.finish())
    }

    /// The same address for what is older than that message.
    pub(super) fn before(&self, id: MessageId) -> String {
        let mut at = vec![("before", id.to_string())];
        if self.names("after") {
            at.push(("after", self.word("after").to_owned()));
        }
        self.beside(&at)
    }

    fn at_page(&self, number: i64) -> String {
        self.beside(&[("page", number.to_string())])
    }

    /// A page of a list, and what lies beside it.
    pub(super) fn listed<T: Serialize>(&self, page: PageAsked, listed: &Listed<T>) -> Json<Value> {
        Json(json!({
            "count": listed.count,
            "next": self.next(page, listed),
            "previous": (page.number > 1).then(|| self.at_page(page.number - 1)),
            "results": listed.items,
        }))
    }

    fn next<T>(&self, page: PageAsked, listed: &Listed<T>) -> Option<String> {
        let end = page.slice().offset.saturating_add(page.size);
        let has_more = end < listed.count && end <= PAGED_ROWS;
        has_more.then(|| self.at_page(page.number.saturating_add(1)))
    }

    /// A part of a history. `next` goes on in the direction in which it was asked for: to older ones, but for `after`.
    pub(super) fn part(&self, asked: HistoryPart, part: &Part) -> Json<Value> {
        let older = part.messages.first().filter(|_| part.has_older);
        let newer = part.messages.last().filter(|_| part.has_newer);
        let older = older.map(|first| self.beside(&[("before", first.seq().to_string())]));
        let newer = newer.map(|last| self.beside(&[("after", last.seq().to_string())]));
        let (next, previous) = match asked {
            HistoryPart::Page(slice) => self.pages(slice, part, older),
            HistoryPart::Between { .. } | HistoryPart::Beside { .. } if newer.is_some() => {
                (newer, None)
            }
            HistoryPart::Between { .. } | HistoryPart::Beside { .. } => (older, None),
            HistoryPart::Around { .. } => (older, newer),
        };
        Json(json!({
            "count": part.count, "next": next, "previous": previous, "results": part.messages,
        }))
    }

    /// By their numbers as far as these go, then by place.
    fn pages(
        &self,
        slice: Slice,
        part: &Part,
        older: Option<String>,
    ) -> (Option<String>, Option<String>) {
        let number = slice.offset / slice.limit.max(1) + 1;
        let is_far = slice.offset.saturating_add(slice.limit) > PAGED_ROWS;
        let next = if is_far {
            older
        } else {
            part.has_older.then(|| self.at_page(number + 1))
        };
        let previous = part.has_newer.then(|| self.at_page(number - 1));
        (next, previous)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(query: &str) -> Asked {
        Asked {
            address: "http://a.example/api/chat/rooms/".to_owned(),
            words: form_urlencoded::parse(query.as_bytes())
                .into_owned()
                .collect(),
        }
    }

    #[test]
    fn sizes_are_clamped_and_nonsense_is_refused() {
        for (query, limit) in [
            ("", 20),
            ("page_size=50", 50),
            ("page_size=0", 1),
            ("page_size=-1", 1),
            ("page_size=1000000000", 100),
        ] {
            let slice = asked(query).page().unwrap().slice();
            assert_eq!((slice.limit, slice.offset), (limit, 0), "{query}");
        }
        for wrong in [
            "page=x",
            "page_size=ten",
            "page=99999999999999999999",
            "page=1000",
        ] {
            assert!(asked(wrong).page().is_err(), "{wrong}");
        }
        for wrong in [
            "after=x",
            "before_id=x",
            "before=1.5",
            "around=a",
            "page_size=x&after=1",
        ] {
            assert!(asked(wrong).history().is_err(), "{wrong}");
        }
    }

    #[test]
    fn what_lies_beside_a_page_keeps_what_else_was_asked() {
        let asked = asked("page=2&page_size=2&search=a%26b");
        let listed = Listed {
            count: 5,
            items: vec![3, 4],
        };
        let Json(answer) = asked.listed(asked.page().unwrap(), &listed);
        let at = "http://a.example/api/chat/rooms/?page_size=2&search=a%26b&page=";
        assert_eq!(answer["next"], format!("{at}3"));
        assert_eq!(answer["previous"], format!("{at}1"));
        let last = Asked {
            words: [
                ("page".to_owned(), "3".to_owned()),
                ("page_size".to_owned(), "2".to_owned()),
            ]
            .into(),
            ..asked
        };
        let Json(answer) = last.listed(last.page().unwrap(), &listed);
        assert_eq!(answer["next"], Value::Null);
    }
}
