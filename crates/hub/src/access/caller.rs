//! Who is asking.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use roadstead_types::{AccessTokenId, AccountId, AccountName, CredentialScope};

use super::limits::Limits;
use super::tokens::Claims;

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    Password,
    AccessToken(AccessTokenId),
    /// What a former sign-in left with the client; tied to the access token it came from, if any.
    Refresh(Option<AccessTokenId>),
}

impl Credential {
    /// The access token behind the credential.
    pub const fn access_token(self) -> Option<AccessTokenId> {
        match self {
            Self::Password => None,
            Self::AccessToken(id) => Some(id),
            Self::Refresh(id) => id,
        }
    }
}

/// An account that proved itself, and how far its credential reaches.
#[derive(Clone, Debug)]
pub struct Identity {
    pub account: AccountId,
    pub name: AccountName,
    pub is_admin: bool,
    /// Whether the e-mail address was verified; without, everything ends at reading.
    pub is_verified: bool,
    pub scope: CredentialScope,
    /// What an access token is limited to beside its scope.
    pub limits: Limits,
    pub credential: Credential,
    /// Moves on when the password changes; ties refresh tokens to the present password.
    pub credentials_epoch: i64,
    /// Where the request came from, for the audit log.
    pub address: Option<IpAddr>,
}

/// A registry token, and where it came from this time.
#[derive(Clone, Debug)]
pub struct Bearer {
    pub claims: Arc<Claims>,
    /// For the audit log.
    pub address: Option<IpAddr>,
}

impl Deref for Bearer {
    type Target = Claims;

    fn deref(&self) -> &Claims {
        &self.claims
    }
}

/// Whoever sends a request.
#[derive(Clone, Debug)]
pub enum Caller {
    Anonymous,
    /// Credentials of their own on this very request.
    Identity(Arc<Identity>),
    /// A registry token: it grants what it says, for a few minutes.
    Token(Bearer),
}

impl Caller {
    /// The account behind the request, if there is one.
    pub fn account(&self) -> Option<AccountId> {
        match self {
            Self::Anonymous => None,
            Self::Identity(identity) => Some(identity.account),
            Self::Token(claims) => claims.account,
        }
    }

    /// For the log.
    pub fn label(&self) -> &str {
        match self {
            Self::Anonymous => "",
            Self::Identity(identity) => identity.name.as_str(),
            Self::Token(claims) => &claims.subject,
        }
    }
}
