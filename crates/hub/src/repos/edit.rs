//! Changing a repository: visibility and descriptions.

use roadstead_db::{DbError, Tx, repos, search};
use serde_json::json;

use super::subjects::{SubjectError, Subjects};
use crate::StoreError;
use crate::access::{Administer, Allows, Describe, Pull, Repo, Right};
use crate::audit::{Action, Event};
use crate::content::{ImmutableTagsError, checked_rules};
use crate::plans::NoPrivateSlot;

/// Characters of the short description.
pub(super) const DESCRIPTION_CHARS: usize = 100;
/// Bytes of the full description.
const FULL_DESCRIPTION_BYTES: usize = 1 << 20;

/// New texts; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    pub description: Option<String>,
    pub full_description: Option<String>,
}

impl Texts {
    pub fn is_empty(&self) -> bool {
        self.description.is_none() && self.full_description.is_none()
    }
}

/// What only administrators of a repository set; what is absent stays as it is.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    pub is_private: Option<bool>,
    /// Rules for immutable tags: none for `Some(None)`, an empty list for all tags.
    pub immutable_tags: Option<Option<Vec<String>>>,
}

impl Terms {
    pub fn is_empty(&self) -> bool {
        self.is_private.is_none() && self.immutable_tags.is_none()
    }
}

#[derive(Debug, thiserror::Error)]
pub enum EditError {
    #[error("the short description has {length} characters; at most {most} are allowed")]
    DescriptionTooLong { length: usize, most: usize },
    #[error("the full description has {length} bytes; at most {most} are allowed")]
    FullDescriptionTooLong { length: usize, most: usize },
    #[error(transparent)]
    NoPrivateSlot(#[from] NoPrivateSlot),
    #[error(transparent)]
    Subjects(#[from] SubjectError),
    #[error(transparent)]
    ImmutableTags(#[from] ImmutableTagsError),
    #[error("the repository was deleted meanwhile")]
    Gone,
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for EditError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl<R: Allows<Pull>> Repo<R> {
    /// The full description, as it was written.
    pub async fn readme(&self) -> Result<String, StoreError> {
        let id = self.facts.id;
        Ok(self.hub.db.read(async |tx| repos::readme(tx, id).await).await?)
    }
}

impl<R: Allows<Describe>> Repo<R> {
    pub async fn describe(&self, texts: Texts) -> Result<(), EditError> {
        texts.check()?;
        self.hub.db.write(async |tx| self.describe_in(tx, &texts).await).await
    }

    /// Changes texts and subjects together: all of it or nothing.
    pub async fn edit(&self, texts: Texts, subjects: Subjects) -> Result<(), EditError> {
        texts.check()?;
        let subjects = subjects.checked()?;
        self.hub
            .db
            .write(async |tx| {
                if !texts.is_empty() {
                    self.describe_in(tx, &texts).await?;
                }
                if let Some(slugs) = &subjects.categories {
                    self.set_categories_in(tx, slugs).await?;
                }
                if let Some(topics) = &subjects.topics {
                    self.set_topics_in(tx, topics).await?;
                }
                Ok(())
            })
            .await
    }

    /// Changes texts and terms together: all of it or nothing. Whoever describes a repository need not be
    /// allowed to set its terms, so these come with a handle of their own.
    pub async fn change(
        &self,
        texts: Texts,
        terms: Terms,
        by: &Repo<Administer>,
    ) -> Result<(), EditError> {
        texts.check()?;
        let rules =
            terms.immutable_tags.map(|rules| rules.map(checked_rules).transpose()).transpose()?;
        self.hub
            .db
            .write(async |tx| {
                if let Some(rules) = &rules {
                    by.set_immutable_tags_in(tx, rules.as_ref()).await?;
                }
                if let Some(is_private) = terms.is_private {
                    by.set_private_in(tx, is_private).await?;
                }
                match texts.is_empty() {
                    true => Ok(()),
                    false => self.describe_in(tx, &texts).await,
                }
            })
            .await
    }

    async fn describe_in(&self, tx: &mut Tx<'_>, texts: &Texts) -> Result<(), EditError> {
        let (id, now) = (self.facts.id, self.hub.now());
        if let Some(text) = &texts.description
            && !repos::describe(tx, id, text, now).await?
        {
            return Err(EditError::Gone);
        }
        if let Some(text) = &texts.full_description
            && !repos::set_readme(tx, id, text, now).await?
        {
            return Err(EditError::Gone);
        }
        // The full description is too long to be kept in every event.
        let event = Event::of_repository(Action::RepoUpdate, self).after(json!({
            "description": texts.description,
            "full_description_bytes": texts.full_description.as_ref().map(String::len),
        }));
        Ok(self.changed(tx, event).await?)
    }
}

impl<R: Allows<Administer>> Repo<R> {
    /// Makes the repository private or public. Tokens made before are void at once.
    pub async fn set_private(&self, is_private: bool) -> Result<(), EditError> {
        self.hub.db.write(async |tx| self.set_private_in(tx, is_private).await).await
    }

    async fn set_private_in(&self, tx: &mut Tx<'_>, is_private: bool) -> Result<(), EditError> {
        let (id, now) = (self.facts.id, self.hub.now());
        // Held, so that it stays as it is found until the place is taken.
        if is_private && repos::touch(tx, id, now).await? {
            let found = repos::find_by_id(tx, id).await?;
            if let Some(public) = found.filter(|it| !it.is_private) {
                self.hub.take_private_slot(tx, public.namespace_id).await??;
            }
        }
        if repos::set_private(tx, id, is_private, now).await? {
            let event = Event::of_repository(Action::RepoPrivacy, self)
                .before(json!({ "is_private": !is_private }))
                .after(json!({ "is_private": is_private }));
            self.changed(tx, event).await?;
        }
        Ok(())
    }
}

impl<R: Right> Repo<R> {
    /// Writes a change of the repository down and tells the search of it, in the transaction of the change.
    pub(crate) async fn changed(&self, tx: &mut Tx<'_>, event: Event) -> Result<(), DbError> {
        self.hub.record(tx, &self.caller, event).await?;
        search::changed(tx, self.facts.id).await
    }
}

impl Texts {
    /// Whether they are short enough.
    pub fn check(&self) -> Result<(), EditError> {
        if let Some(text) = &self.description {
            let length = text.chars().count();
            if length > DESCRIPTION_CHARS {
                return Err(EditError::DescriptionTooLong { length, most: DESCRIPTION_CHARS });
            }
        }
        if let Some(text) = &self.full_description
            && text.len() > FULL_DESCRIPTION_BYTES
        {
            return Err(EditError::FullDescriptionTooLong {
                length: text.len(),
                most: FULL_DESCRIPTION_BYTES,
            });
        }
        Ok(())
    }
}
