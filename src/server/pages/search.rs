//! The body of search's server function.

use super::{state, told, viewer};
use crate::model::{SearchPage, SearchQuery, WireError, limits::SEARCH_PAGE};

/// See [`crate::api::search::search_messages`].
pub async fn search_messages(query: SearchQuery) -> Result<SearchPage, WireError> {
    told(
        async {
            let viewer = viewer()?;
            let services = state()?.services;
            services.search(&viewer, &query, SEARCH_PAGE).await
        }
        .await,
    )
}
