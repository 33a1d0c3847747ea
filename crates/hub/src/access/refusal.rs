//! Why somebody is not let in. Surfaces turn this into their own words and codes.

use roadstead_types::{Actions, RepositoryName};

use crate::StoreError;
use crate::administration::TakenDown;

#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// Nobody signed in; signing in may help. Says nothing about what exists.
    #[error("authentication required")]
    SignInFirst { needs: Actions },
    /// The token was not made for this; another token may help.
    #[error("the token does not cover this")]
    OtherTokenNeeded { needs: Actions },
    /// A name the caller may not see, whether or not it exists.
    #[error("no such repository for this caller")]
    Hidden { needs: Actions },
    /// A name the caller could fill, but nothing is there.
    #[error("no such repository")]
    Missing,
    /// The caller may see it but not do this.
    #[error("{0}")]
    Denied(DenyReason),
    /// The caller may pull here, but nobody gets this content.
    #[error(transparent)]
    TakenDown(#[from] TakenDown),
    #[error("store: {0}")]
    Store(#[from] StoreError),
}

/// What is wrong and what to do, in words for the person who reads the client's output.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DenyReason {
    #[error("requested access to the resource is denied")]
    NoRight,
    // The sentence of the first Docker index, which tools and people know.
    #[error(
        "You cannot push a \"root\" repository. Please rename your repository in <user>/<repo> (ex: {user}/{repository})"
    )]
    RootPush { user: String, repository: String },
    #[error("verify the e-mail address of `{account}` first; until then it may only read")]
    Unverified { account: String },
    #[error("this credential may only read; use one with the scope repo:write")]
    ReadOnlyCredential,
    /// The push would have made the repository.
    #[error("{0}")]
    NotMade(String),
    #[error("this access token is limited to other repositories or actions; use another")]
    LimitedCredential,
    #[error("this credential may not delete; use one with the scope repo:admin")]
    NoDeleteCredential,
    #[error("`{0}` is archived and read only; its administrators can bring it back")]
    Archived(RepositoryName),
    #[error("images of `{0}` are made by automated builds; push to its source instead")]
    Automated(RepositoryName),
    #[error("`{old}` is now called `{new}`; the old name can be pulled but not pushed")]
    Renamed { old: RepositoryName, new: RepositoryName },
}
