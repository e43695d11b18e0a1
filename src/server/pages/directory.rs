//! The bodies of the directory's server functions.

use super::{state, told, viewer};
use crate::model::{PeoplePage, PeopleQuery, Profile, WireError};

/// See [`crate::api::directory::find_people`].
pub async fn find_people(query: PeopleQuery) -> Result<PeoplePage, WireError> {
    told(async { state()?.services.find_people(&viewer()?, &query).await }.await)
}

/// See [`crate::api::directory::open_profile`].
pub async fn open_profile(username: String) -> Result<Profile, WireError> {
    told(async { state()?.services.profile(&viewer()?, &username).await }.await)
}
