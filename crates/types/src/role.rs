//! What somebody was given on a repository.

use std::str::FromStr;

use crate::Actions;

/// A role on one repository; a greater one may do all that a lesser one may.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    Read,
    Write,
    Admin,
    /// The namespace is theirs.
    Owner,
}

impl Role {
    pub const ALL: [Self; 4] = [Self::Read, Self::Write, Self::Admin, Self::Owner];

    pub const fn word(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
            Self::Admin => "admin",
            Self::Owner => "owner",
        }
    }

    /// What the role may do, before anything caps it.
    pub const fn actions(self) -> Actions {
        match self {
            Self::Read => Actions::PULL,
            Self::Write => Actions::PULL.union(Actions::PUSH),
            Self::Admin => Actions::ALL.without(Actions::OWN),
            Self::Owner => Actions::ALL,
        }
    }

    /// The number that stands for the role in a row; greater is more.
    pub const fn level(self) -> i64 {
        match self {
            Self::Read => 1,
            Self::Write => 2,
            Self::Admin => 3,
            Self::Owner => 4,
        }
    }

    pub fn from_level(level: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.level() == level)
    }
}

/// The text is not a right that can be granted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a right is one of read, write, admin")]
pub struct RoleError;

impl FromStr for Role {
    type Err = RoleError;

    /// Reads what can be granted; owning comes with the namespace.
    fn from_str(text: &str) -> Result<Self, RoleError> {
        [Self::Read, Self::Write, Self::Admin]
            .into_iter()
            .find(|role| role.word() == text)
            .ok_or(RoleError)
    }
}
