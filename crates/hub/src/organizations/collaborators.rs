//! People whom the owner of a user's repository lets push and pull.

use roadstead_db::accounts::{self, AccountKind};
use roadstead_db::{collaborators, repos};
use roadstead_types::{AccountName, RepositoryName, Role};
use serde_json::json;

pub use roadstead_db::collaborators::CollaboratorRecord as Collaborator;

use super::{Listed, OrganizationError, find_person, listed, text};
use crate::Hub;
use crate::access::{Identity, Own, Repo};
use crate::audit::{Action, Event};

const MOST: u64 = 1000;

impl Repo<Own> {
    /// A page of the collaborators by name, and how many there are in all.
    pub async fn collaborators(&self, offset: u64, limit: u32) -> Listed<(Vec<Collaborator>, u64)> {
        let id = self.facts.id;
        listed(self.hub.db.read(async |tx| collaborators::list(tx, id, offset, limit).await).await)
    }

    /// Lets somebody in; who is in already stays.
    pub async fn add_collaborator(&self, name: &str) -> Result<AccountName, OrganizationError> {
        self.needs_user_repository()?;
        let (id, now) = (self.facts.id, self.hub.now());
        self.hub
            .db
            .write(async |tx| {
                let person = find_person(tx, name).await?;
                if person.id == self.facts.namespace_id {
                    return Err(OrganizationError::OwnsIt(person.name));
                }
                if collaborators::list(tx, id, 0, 1).await?.1 >= MOST {
                    return Err(OrganizationError::TooManyCollaborators(MOST));
                }
                if collaborators::add(tx, id, person.id, Role::Write, now).await? {
                    let event = Event::of_repository(Action::CollaboratorAdd, self);
                    let event = event.after(json!({ "user": person.name.as_str() }));
                    self.hub.record(tx, &self.caller, event).await?;
                }
                Ok(person.name)
            })
            .await
    }

    /// Shuts somebody out, and voids their tokens for it at once.
    pub async fn remove_collaborator(&self, name: &str) -> Result<(), OrganizationError> {
        self.needs_user_repository()?;
        let id = self.facts.id;
        let missing = || OrganizationError::NotCollaborator(text::shown(name));
        let parsed: AccountName = name.parse().map_err(|_| missing())?;
        self.hub
            .db
            .write(async |tx| {
                let person = accounts::find_by_name(tx, &parsed).await?.ok_or_else(missing)?;
                if !collaborators::remove(tx, id, person.id).await? {
                    return Err(missing());
                }
                repos::void_tokens(tx, id).await?;
                let event = Event::of_repository(Action::CollaboratorRemove, self);
                let event = event.before(json!({ "user": person.name.as_str() }));
                self.hub.record(tx, &self.caller, event).await?;
                Ok(())
            })
            .await
    }

    fn needs_user_repository(&self) -> Result<(), OrganizationError> {
        match self.facts.namespace_kind {
            AccountKind::User => Ok(()),
            AccountKind::Organization | AccountKind::Library => {
                Err(OrganizationError::NotAUsers(self.facts.path.clone()))
            }
        }
    }
}

impl Hub {
    /// A collaborator leaves by themselves.
    pub async fn leave_repository(
        &self,
        who: &Identity,
        name: &RepositoryName,
    ) -> Result<(), OrganizationError> {
        super::create::may_change_memberships(who)?;
        // The same words whether the repository is hidden or missing.
        let missing = || OrganizationError::NotCollaborator(who.name.to_string());
        self.db
            .write(async |tx| {
                let found = repos::find_by_path(tx, name).await?.ok_or_else(missing)?;
                if !collaborators::remove(tx, found.id, who.account).await? {
                    return Err(missing());
                }
                repos::void_tokens(tx, found.id).await?;
                let event = Event::of_new(
                    Action::CollaboratorRemove,
                    &found.path,
                    found.namespace_id,
                    found.id,
                );
                let event = event.before(json!({ "user": who.name.as_str() }));
                self.record(tx, who, event).await?;
                Ok(())
            })
            .await
    }
}
