//! Archiving: the repository stays as it is, can be pulled, and takes no change until it is brought back.

use roadstead_db::repos;
use serde_json::json;

use super::edit::EditError;
use crate::access::{Administer, Allows, Repo};
use crate::audit::{Action, Event};

impl<R: Allows<Administer>> Repo<R> {
    /// Makes it read only, or brings it back. Tokens made before are void at once, so that no push goes on.
    pub async fn set_archived(&self, is_archived: bool) -> Result<(), EditError> {
        let (id, now) = (self.facts.id, self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                if repos::set_archived(tx, id, is_archived, now).await? {
                    let event = Event::of_repository(Action::RepoArchive, self)
                        .after(json!({ "is_archived": is_archived }));
                    self.changed(tx, event).await?;
                }
                Ok(())
            })
            .await
    }
}
