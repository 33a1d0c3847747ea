//! Names of accounts, repositories and tags. Every accepted name has exactly one spelling.

use std::fmt;
use std::str::FromStr;

use crate::digest::Digest;

/// Why a name is refused; the text names the rule and, where it can, proposes a spelling.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    #[error("`{given}` is {length} characters long; a {what} has {min} to {max}")]
    Length { what: &'static str, given: String, length: usize, min: usize, max: usize },
    #[error(
        "`{given}` is no {what}: use lower-case letters, digits and single separators between them{proposal}"
    )]
    Characters { what: &'static str, given: String, proposal: Proposal },
    #[error("`{given}` is reserved; choose another name")]
    Reserved { given: String },
    #[error("`{given}` has {parts} parts; a repository is named `namespace/name`")]
    Parts { given: String, parts: usize },
    #[error(
        "`{given}` is not a tag: 1 to 128 letters, digits, `_`, `.` and `-`, not starting with `.` or `-`"
    )]
    Tag { given: String },
}

/// A valid spelling near to what was asked for, if there is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal(Option<String>);

impl fmt::Display for Proposal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Some(name) => write!(f, "; `{name}` would do"),
            None => Ok(()),
        }
    }
}

/// First path segments that the program itself answers, and words that would mislead.
/// The API words are those of hub-api.md 1.8, the pages those of the visual design.
const RESERVED_ACCOUNTS: &[&str] = &[
    "_",
    "about",
    "access-tokens",
    "account",
    "accounts",
    "admin",
    "api",
    "api_tokens",
    "assets",
    "auditlogs",
    "auth",
    "badge",
    "billing",
    "builds",
    "categories",
    "create",
    "dashboard",
    "docs",
    "error",
    "explore",
    "favicon",
    "feed",
    "healthz",
    "help",
    "home",
    "hub",
    "image-proxy",
    "index",
    "invites",
    "language",
    "login",
    "logout",
    "metrics",
    "namespaces",
    "new",
    "notifications",
    "official",
    "organizations",
    "orgs",
    "plans",
    "r",
    "readyz",
    "register",
    "repositories",
    "repository",
    "root",
    "roadstead",
    "scim",
    "search",
    "security",
    "settings",
    "setup",
    "signin",
    "signout",
    "signup",
    "stars",
    "static",
    "status",
    "support",
    "system",
    "token",
    "tokens",
    "u",
    "user",
    "users",
    "v1",
    "v2",
    "verify",
    "webhooks",
    "well-known",
];

macro_rules! text_name {
    ($name:ident) => {
        impl $name {
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", self.0)
            }
        }
    };
}

/// The name of a user or an organization, and so of a namespace.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountName(String);

text_name!(AccountName);

impl AccountName {
    pub const MIN: usize = 2;
    pub const MAX: usize = 30;
    /// The namespace of official images.
    pub const LIBRARY: &str = "library";

    /// The namespace of official images, which no account may take.
    pub fn library() -> Self {
        Self(Self::LIBRARY.to_owned())
    }

    /// Parses a name that somebody wants to take: the grammar, and not a reserved word.
    pub fn parse_new(text: &str) -> Result<Self, NameError> {
        let name: Self = text.parse()?;
        if text == Self::LIBRARY || RESERVED_ACCOUNTS.contains(&text) {
            return Err(NameError::Reserved { given: text.to_owned() });
        }
        Ok(name)
    }
}

impl FromStr for AccountName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_length("account name", text, Self::MIN, Self::MAX)?;
        // A dot is legal in a path component but not in an account name: `a.b/c` would be a host.
        if !is_path_component(text) || text.contains('.') {
            return Err(characters("account name", text, false));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The name of a team, unique in its organization. The grammar is that of account names.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TeamName(String);

text_name!(TeamName);

impl TeamName {
    /// The team whose members own the organization.
    pub const OWNERS: &str = "owners";

    pub fn owners() -> Self {
        Self(Self::OWNERS.to_owned())
    }
}

impl FromStr for TeamName {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        check_length("team name", text, AccountName::MIN, AccountName::MAX)?;
        if !is_path_component(text) || text.contains('.') {
            return Err(characters("team name", text, false));
        }
        Ok(Self(text.to_owned()))
    }
}

/// The full name of a repository: `namespace/name`.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RepositoryName {
    path: String,
    slash: usize,
}

impl RepositoryName {
    pub const MIN: usize = 2;
    pub const MAX: usize = 255;

    pub fn namespace(&self) -> &str {
        &self.path[..self.slash]
    }

    /// The part after the slash.
    pub fn name(&self) -> &str {
        &self.path[self.slash + 1..]
    }

    pub fn as_str(&self) -> &str {
        &self.path
    }

    pub fn is_library(&self) -> bool {
        self.namespace() == AccountName::LIBRARY
    }

    /// The name as people type it: without `library/`.
    pub fn short(&self) -> &str {
        if self.is_library() { self.name() } else { &self.path }
    }
}

impl FromStr for RepositoryName {
    type Err = NameError;

    /// Parses `namespace/name`; one part alone means the official image of that name.
    fn from_str(text: &str) -> Result<Self, NameError> {
        let parts = text.split('/').count();
        match text.split_once('/') {
            None => Self::new(AccountName::LIBRARY, text),
            Some((namespace, name)) if parts == 2 => Self::new(namespace, name),
            Some(_) => Err(NameError::Parts { given: clip(text), parts }),
        }
    }
}

impl RepositoryName {
    /// Builds a name from its two parts.
    pub fn new(namespace: &str, name: &str) -> Result<Self, NameError> {
        let namespace: AccountName = namespace.parse()?;
        check_length("repository name", name, Self::MIN, Self::MAX)?;
        if !is_path_component(name) {
            return Err(characters("repository name", name, true));
        }
        Ok(Self { slash: namespace.0.len(), path: format!("{namespace}/{name}") })
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)
    }
}

impl fmt::Debug for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.path)
    }
}

/// A tag: case matters, order is by byte.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Tag(String);

text_name!(Tag);

impl Tag {
    pub const MAX: usize = 128;
}

impl FromStr for Tag {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        let mut bytes = text.bytes();
        let first = bytes.next().is_some_and(|b| b.is_ascii_alphanumeric() || b == b'_');
        let rest = bytes.all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'.' | b'-'));
        if !first || !rest || text.len() > Self::MAX {
            return Err(NameError::Tag { given: clip(text) });
        }
        Ok(Self(text.to_owned()))
    }
}

/// What stands after `manifests/`: a tag or a digest.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Reference {
    Tag(Tag),
    Digest(Digest),
}

impl fmt::Display for Reference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tag(tag) => tag.fmt(f),
            Self::Digest(digest) => digest.fmt(f),
        }
    }
}

/// Whether `text` is one path component of a repository name (distribution-spec, "Pulling
/// manifests"): runs of `[a-z0-9]` joined by one `.`, one or two `_`, or any number of `-`.
pub fn is_path_component(text: &str) -> bool {
    let bytes = text.as_bytes();
    let alphanumeric = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    if !bytes.first().is_some_and(|b| alphanumeric(*b))
        || !bytes.last().is_some_and(|b| alphanumeric(*b))
    {
        return false;
    }
    bytes
        .split(|b| alphanumeric(*b))
        .all(|gap| matches!(gap, b"" | b"." | b"_" | b"__") || gap.iter().all(|b| *b == b'-'))
}

fn check_length(what: &'static str, text: &str, min: usize, max: usize) -> Result<(), NameError> {
    let length = text.chars().count();
    if (min..=max).contains(&length) {
        return Ok(());
    }
    Err(NameError::Length { what, given: clip(text), length, min, max })
}

fn characters(what: &'static str, text: &str, dots: bool) -> NameError {
    NameError::Characters { what, given: clip(text), proposal: Proposal(propose(text, dots)) }
}

/// Lower-cases, replaces runs of anything else by one `-`, trims separators.
fn propose(text: &str, dots: bool) -> Option<String> {
    let mut name = String::new();
    for c in text.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_lowercase() || c.is_ascii_digit() {
            name.push(c);
        } else if !name.is_empty() && name.ends_with(|last: char| last.is_ascii_alphanumeric()) {
            name.push(if c == '.' && dots {
                '.'
            } else if c == '_' {
                '_'
            } else {
                '-'
            });
        }
    }
    let name = name.trim_end_matches(['-', '_', '.']);
    (name.len() >= 2).then(|| name.to_owned())
}

/// Cuts hostile input to a length fit for an error message.
fn clip(text: &str) -> String {
    text.chars().take(64).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_have_one_spelling() {
        for good in ["alice/ubuntu", "a1/b__c", "a1/b---c", "team_1/my.app-2", "ab/00"] {
            assert_eq!(good.parse::<RepositoryName>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            "a",
            "/",
            "alice/",
            "/ubuntu",
            "alice//ubuntu",
            "Alice/ubuntu",
            "alice/Ubuntu",
            "alice/u..b",
            "alice/u___b",
            "alice/-u",
            "alice/u-",
            "alice/.",
            "alice/..",
            "a.b/cd",
            "alice/ub%2fx",
            "alice/ü",
            "al ice/ubuntu",
            "alice/ubuntu\0",
            "alice/u._b",
            "alice/a/b",
        ] {
            assert!(bad.parse::<RepositoryName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn one_part_alone_is_an_official_image() {
        let name: RepositoryName = "ubuntu".parse().unwrap();

        assert_eq!(name, "library/ubuntu".parse().unwrap());
        assert_eq!(name.short(), "ubuntu");
    }

    #[test]
    fn refusals_name_the_rule_and_propose() {
        let error = "My Team!".parse::<AccountName>().unwrap_err();

        assert_eq!(
            error.to_string(),
            "`My Team!` is no account name: use lower-case letters, digits and single separators \
             between them; `my-team` would do"
        );
        assert!(matches!(AccountName::parse_new("api"), Err(NameError::Reserved { .. })));
        assert!(matches!(AccountName::parse_new("library"), Err(NameError::Reserved { .. })));
        assert!("library".parse::<AccountName>().is_ok());
    }

    #[test]
    fn tags_are_at_most_128_characters() {
        assert!("a".repeat(128).parse::<Tag>().is_ok());
        for bad in ["", ".a", "-a", "a b", "a/b", "a:b", &"a".repeat(129), "ä"] {
            assert!(bad.parse::<Tag>().is_err(), "{bad:?}");
        }
        assert_ne!("V1".parse::<Tag>().unwrap(), "v1".parse::<Tag>().unwrap());
    }
}
