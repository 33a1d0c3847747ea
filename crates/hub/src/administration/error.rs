//! What is in the way of a decision, each in a sentence for whoever made it.

use roadstead_db::DbError;
use roadstead_types::{Digest, RepositoryName};

use crate::StoreError;

#[derive(Debug, thiserror::Error)]
pub enum AdministrationError {
    #[error("{text}")]
    Field { field: &'static str, text: String },
    #[error("`{0}` is taken down already")]
    TakenDownAlready(Digest),
    #[error("`{0}` is not taken down")]
    NotTakenDown(Digest),
    #[error("`{0}` is reserved already")]
    ReservedAlready(String),
    #[error("`{0}` is not reserved")]
    NotReserved(String),
    #[error("there is no such announcement; it may have been removed")]
    NoSuchAnnouncement,
    #[error("there are {0} of these already, the most this hub keeps; remove some first")]
    TooMany(u64),
    #[error("there is no official repository `{0}`")]
    NoSuchRepository(RepositoryName),
    #[error("there is no team `{team}` in an organization `{organization}`")]
    NoSuchTeam { organization: String, team: String },
    #[error("that team does not maintain `{0}`")]
    NotMaintainer(RepositoryName),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for AdministrationError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl AdministrationError {
    pub(super) fn field(field: &'static str, text: impl Into<String>) -> Self {
        Self::Field { field, text: text.into() }
    }
}

/// A line of text that people read: trimmed, without control characters, of 1 to `most` characters.
pub(super) fn line(
    field: &'static str,
    text: &str,
    most: usize,
) -> Result<String, AdministrationError> {
    let text = text.trim();
    let length = text.chars().take(most + 1).count();
    if !(1..=most).contains(&length) || text.chars().any(char::is_control) {
        let rule = format!("write 1 to {most} characters on one line");
        return Err(AdministrationError::field(field, rule));
    }
    Ok(text.to_owned())
}
