//! What may be done: the actions of the token protocol, and how far a credential reaches.

use std::fmt;
use std::str::FromStr;

/// A set of actions on one repository. The first three are those of the token protocol.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Actions(u8);

impl Actions {
    pub const NONE: Self = Self(0);
    pub const PULL: Self = Self(1);
    pub const PUSH: Self = Self(2);
    pub const DELETE: Self = Self(4);
    /// Change the descriptions, topics and categories.
    pub const DESCRIBE: Self = Self(8);
    /// Change visibility and rules, grant rights, put into the trash.
    pub const ADMINISTER: Self = Self(16);
    /// Rename, transfer, choose collaborators.
    pub const OWN: Self = Self(32);
    /// What the token protocol calls `*`.
    pub const REGISTRY: Self = Self(7);
    pub const ALL: Self = Self(63);

    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    #[must_use]
    pub const fn union(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    #[must_use]
    pub const fn intersection(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// The action of one word of the scope grammar; unknown words grant nothing.
    pub fn from_word(word: &str) -> Self {
        match word {
            "pull" => Self::PULL,
            "push" => Self::PUSH,
            "delete" => Self::DELETE,
            "*" => Self::REGISTRY,
            _ => Self::NONE,
        }
    }

    /// The words of the set, weakest first.
    pub fn words(self) -> Vec<&'static str> {
        [
            (Self::PULL, "pull"),
            (Self::PUSH, "push"),
            (Self::DELETE, "delete"),
            (Self::DESCRIBE, "describe"),
            (Self::ADMINISTER, "administer"),
            (Self::OWN, "own"),
        ]
        .into_iter()
        .filter(|(action, _)| self.contains(*action))
        .map(|(_, word)| word)
        .collect()
    }
}

impl fmt::Display for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.words().join(","))
    }
}

impl fmt::Debug for Actions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Actions({self})")
    }
}

/// How far a credential reaches; each implies the weaker ones (hub-api.md 4.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CredentialScope {
    /// Only what everybody may read.
    PublicRead,
    Read,
    Write,
    /// Everything the account may do on repositories.
    Admin,
}

impl CredentialScope {
    pub const ALL: [Self; 4] = [Self::PublicRead, Self::Read, Self::Write, Self::Admin];

    pub const fn word(self) -> &'static str {
        match self {
            Self::PublicRead => "repo:public_read",
            Self::Read => "repo:read",
            Self::Write => "repo:write",
            Self::Admin => "repo:admin",
        }
    }
}

/// The text is not one of the four scopes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a scope is one of repo:admin, repo:write, repo:read, repo:public_read")]
pub struct ScopeError;

impl FromStr for CredentialScope {
    type Err = ScopeError;

    fn from_str(text: &str) -> Result<Self, ScopeError> {
        Self::ALL.into_iter().find(|scope| scope.word() == text).ok_or(ScopeError)
    }
}
