//! Stars: whoever may read a repository may like it.

use roadstead_db::{DbError, search, stars};

pub use roadstead_db::stars::Stargazer;

use crate::StoreError;
use crate::access::{Allows, Identity, Pull, Repo};

impl<R: Allows<Pull>> Repo<R> {
    /// Gives a star; one that was given before stays as it was.
    pub async fn star(&self, who: &Identity) -> Result<(), StoreError> {
        let (id, account, now) = (self.facts.id, who.account, self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                if stars::add(tx, id, account, now).await? {
                    search::changed(tx, id).await?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
        Ok(())
    }

    /// Takes a star back, if there is one.
    pub async fn unstar(&self, who: &Identity) -> Result<(), StoreError> {
        let (id, account) = (self.facts.id, who.account);
        self.hub
            .db
            .write(async |tx| {
                if stars::remove(tx, id, account).await? {
                    search::changed(tx, id).await?;
                }
                Ok::<_, DbError>(())
            })
            .await?;
        Ok(())
    }

    /// Who starred it, the newest first, and how many they are.
    pub async fn list_stargazers(
        &self,
        offset: u64,
        limit: u32,
    ) -> Result<(Vec<Stargazer>, u64), StoreError> {
        let id = self.facts.id;
        Ok(self.hub.db.read(async |tx| stars::list(tx, id, offset, limit).await).await?)
    }
}
