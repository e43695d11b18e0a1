//! The server function of search.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{SearchPage, SearchQuery, WireError};

/// Messages that the caller sees and that have what is asked, newest first, a page of them.
///
/// Errors: `unauthorized`; `invalid` on `q` for nothing or too much; `not_found` for a room that is not theirs to read;
/// `rate_limited`.
#[server(prefix = "/api/fn", endpoint = "search_messages", input = Json, client = ApiClient)]
pub async fn search_messages(
    /// What is searched.
    query: SearchQuery,
) -> Result<SearchPage, WireError> {
    crate::server::pages::search::search_messages(query).await
}
