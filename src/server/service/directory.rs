//! The directory: who is there, and what others may know of them.

use super::{Services, Viewer, fault::Stored, zones::zone};
use crate::{
    model::{
        Listing, PeoplePage, PeopleQuery, Profile, WireError,
        limits::{PEOPLE_PAGE, SEARCH_CHARS},
    },
    server::store::{circle, directory, users},
};

impl Services {
    /// People other than the viewer whom they may know of and who match, by name, a page of them. Errors: `invalid` on `text` for too much.
    pub async fn find_people(
        &self,
        viewer: &Viewer,
        query: &PeopleQuery,
    ) -> Result<PeoplePage, WireError> {
        if query.text.chars().count() > SEARCH_CHARS {
            let problem = format!("At most {SEARCH_CHARS} characters.");
            return Err(WireError::field("text", problem));
        }
        let mut tx = self.store.snapshot().await.stored()?;
        let one_more = i64::try_from(PEOPLE_PAGE + 1).unwrap_or(i64::MAX);
        let mut conn = tx.conn();
        let circle = self.circle(&mut conn, viewer).await?;
        let mut people = directory::find(&mut conn, &circle, query, one_more)
            .await
            .stored()?;
        let has_more = people.len() > PEOPLE_PAGE;
        people.truncate(PEOPLE_PAGE);
        Ok(PeoplePage { people, has_more })
    }

    /// What the viewer may know of whoever has that sign-in name. Errors: `not_found`.
    pub async fn profile(&self, viewer: &Viewer, username: &str) -> Result<Profile, WireError> {
        let mut tx = self.store.snapshot().await.stored()?;
        let mut conn = tx.conn();
        let user = users::by_username(&mut conn, &username.to_lowercase())
            .await
            .stored()?
            .filter(|user| user.closed_at.is_none())
            .ok_or(WireError::NotFound)?;
        let circle = self.circle(&mut conn, viewer).await?;
        let ids = [user.id];
        let known = circle::known(&mut conn, &circle, &ids);
        if known.await.stored()?.is_empty() {
            return Err(WireError::NotFound);
        }
        let shared = directory::shared_rooms(&mut conn, viewer.user_id, user.id)
            .await
            .stored()?;
        Ok(Profile {
            zone: zone(&user.time_zone, self.clock.now()),
            shared,
            person: Listing {
                id: user.id,
                username: user.username,
                name: user.name,
                role: user.role,
            },
        })
    }
}
