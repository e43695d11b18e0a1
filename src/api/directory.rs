//! The server functions of the directory.

use leptos::{prelude::*, server_fn::codec::Json};

use super::client::ApiClient;
use crate::model::{PeoplePage, PeopleQuery, Profile, WireError};

/// People other than the caller who match, by name, a page of them. Errors: `unauthorized`, `invalid` on `text`.
#[server(prefix = "/api/fn", endpoint = "find_people", input = Json, client = ApiClient)]
pub async fn find_people(
    /// Who is looked for.
    query: PeopleQuery,
) -> Result<PeoplePage, WireError> {
    crate::server::pages::directory::find_people(query).await
}

/// What the caller may know of somebody. Errors: `unauthorized`, `not_found`.
#[server(prefix = "/api/fn", endpoint = "open_profile", input = Json, client = ApiClient)]
pub async fn open_profile(
    /// Their sign-in name.
    username: String,
) -> Result<Profile, WireError> {
    crate::server::pages::directory::open_profile(username).await
}
