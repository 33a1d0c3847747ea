//! Who is asking.

use std::net::IpAddr;
use std::ops::Deref;
use std::sync::Arc;

use roadstead_types::{AccessTokenId, AccountId, AccountName, CredentialScope, SessionId};

use super::limits::Limits;
use super::tokens::Claims;

/// How somebody proved who they are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Credential {
    Password,
    /// A sign-in by password that can be ended by itself.
    Session(SessionId),
    AccessToken(AccessTokenId),
    /// What a former sign-in left with the client; tied to what it came from.
    Refresh(RefreshOrigin),
}

/// What a refresh token came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefreshOrigin {
    Session(SessionId),
    AccessToken(AccessTokenId),
}

impl Credential {
    /// The access token behind the credential.
    pub const fn access_token(self) -> Option<AccessTokenId> {
        match self {
            Self::AccessToken(id) | Self::Refresh(RefreshOrigin::AccessToken(id)) => Some(id),
            Self::Password | Self::Session(_) | Self::Refresh(RefreshOrigin::Session(_)) => None,
        }
    }

    /// The session behind it.
    pub const fn session(self) -> Option<SessionId> {
        match self {
            Self::Session(id) | Self::Refresh(RefreshOrigin::Session(id)) => Some(id),
            Self::Password
            | Self::AccessToken(_)
            | Self::Refresh(RefreshOrigin::AccessToken(_)) => None,
        }
    }

    /// Whether the password stands behind it: what is left on a machine proves less.
    pub const fn is_by_password(self) -> bool {
        matches!(self, Self::Password | Self::Session(_))
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
