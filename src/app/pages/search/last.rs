//! The last search: whoever opens a result and comes back stands at the same place in the results.

use leptos::prelude::*;

use crate::model::{MessageId, SearchPage, SearchQuery};

#[derive(Clone, Debug)]
struct Kept {
    asked: SearchQuery,
    page: SearchPage,
    opened: Option<MessageId>,
}

/// What was found last, for as long as the page lives.
#[derive(Clone, Copy, Debug, Default)]
pub struct LastSearch(StoredValue<Option<Kept>>);

impl LastSearch {
    /// What was found, if that was asked last and one of its results opened.
    pub fn found(self, asked: &SearchQuery) -> Option<SearchPage> {
        let kept = self.0.try_get_value().flatten()?;
        (kept.asked == *asked && kept.opened.is_some()).then_some(kept.page)
    }

    /// The result that was opened; from now on none is.
    pub fn take_opened(self) -> Option<MessageId> {
        self.0
            .try_update_value(|kept| kept.as_mut()?.opened.take())?
    }

    /// That was asked and found, by now.
    pub fn keep(self, asked: SearchQuery, page: SearchPage) {
        self.0.try_update_value(|kept| {
            let opened = kept.as_ref().and_then(|kept| kept.opened);
            *kept = Some(Kept {
                asked,
                page,
                opened,
            });
        });
    }

    /// This result of it is opened.
    pub fn open(self, id: MessageId) {
        self.0.try_update_value(|kept| {
            if let Some(kept) = kept {
                kept.opened = Some(id);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(text: &str) -> SearchQuery {
        SearchQuery {
            text: text.to_owned(),
            ..SearchQuery::default()
        }
    }

    #[test]
    fn only_a_search_with_an_opened_result_is_returned_to_and_once() {
        let owner = Owner::new();
        owner.set();
        let last = LastSearch::default();
        let page = SearchPage {
            next: Some(MessageId(3)),
            ..SearchPage::default()
        };
        last.keep(asked("exam"), page.clone());
        assert_eq!(last.found(&asked("exam")), None);
        last.open(MessageId(7));
        assert_eq!(last.found(&asked("exam")), Some(page));
        assert_eq!(last.found(&asked("exams")), None);
        assert_eq!(last.take_opened(), Some(MessageId(7)));
        assert_eq!(last.take_opened(), None);
        assert_eq!(last.found(&asked("exam")), None);
    }
}
