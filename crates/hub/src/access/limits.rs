//! What an access token is limited to, beside its scope: some repositories, some actions.

use std::sync::Arc;

use roadstead_types::{Actions, RepositoryName};
use serde::{Deserialize, Serialize};

/// Repositories one token may name, and characters of each.
const MAX_REPOSITORIES: usize = 100;
const MAX_PATTERN: usize = 255;

/// A word for people, and what it lets a credential do. Whoever may change may read.
const WORDS: [(&str, Actions); 5] = [
    ("pull", Actions::PULL),
    ("push", Actions::PULL.union(Actions::PUSH)),
    ("delete", Actions::PULL.union(Actions::DELETE)),
    ("describe", Actions::PULL.union(Actions::DESCRIBE)),
    ("admin", Actions::PULL.union(Actions::ADMINISTER).union(Actions::OWN)),
];

#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LimitError {
    #[error("`{0}` is no action; there are pull, push, delete, describe and admin")]
    Action(String),
    #[error(
        "`{0}` names no repository; write `acme/app`, `acme/*`, or a part of a name such as `acme/web-*`"
    )]
    Repository(String),
    #[error("name 1 to {MAX_REPOSITORIES} repositories, or leave the limit away")]
    Count,
    #[error("name an action, or leave the limit away")]
    NoAction,
}

/// One repository, or those of a pattern, and what may be done there.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Place {
    pattern: String,
    actions: Actions,
}

/// Caps of one credential. The default limits nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    places: Option<Arc<[Place]>>,
    actions: Actions,
}

impl Default for Limits {
    fn default() -> Self {
        Self { places: None, actions: Actions::ALL }
    }
}

impl Limits {
    /// Limits to repositories, each with words of its own or, without, every action.
    pub fn to_repositories(
        self,
        named: impl IntoIterator<Item = (String, Option<Vec<String>>)>,
    ) -> Result<Self, LimitError> {
        let mut places = Vec::new();
        for (pattern, words) in named {
            let actions = words.map_or(Ok(Actions::ALL), |words| actions_of(&words))?;
            if places.len() == MAX_REPOSITORIES {
                return Err(LimitError::Count);
            }
            places.push(Place { pattern: check_pattern(pattern)?, actions });
        }
        match places.is_empty() {
            true => Err(LimitError::Count),
            false => Ok(Self { places: Some(places.into()), ..self }),
        }
    }

    /// Limits to the actions of these words.
    pub fn to_actions(self, words: &[String]) -> Result<Self, LimitError> {
        Ok(Self { actions: actions_of(words)?, ..self })
    }

    pub fn is_unlimited(&self) -> bool {
        *self == Self::default()
    }

    /// What is left on a repository of this path.
    pub fn on(&self, path: &RepositoryName) -> Actions {
        let Some(places) = &self.places else { return self.actions };
        let here = places.iter().filter(|place| fits(&place.pattern, path.as_str()));
        here.fold(Actions::NONE, |sum, place| sum.union(place.actions)).intersection(self.actions)
    }

    /// The patterns, for showing.
    pub fn repositories(&self) -> Option<Vec<&str>> {
        let places = self.places.as_ref()?;
        Some(places.iter().map(|place| place.pattern.as_str()).collect())
    }

    /// Patterns with the words allowed there, for showing.
    pub fn places(&self) -> Vec<(&str, Vec<&'static str>)> {
        let places = self.places.iter().flat_map(|places| places.iter());
        places.map(|place| (place.pattern.as_str(), words_of(place.actions))).collect()
    }

    /// The words of the limit on actions; `None` when there is none.
    pub fn actions(&self) -> Option<Vec<&'static str>> {
        (self.actions != Actions::ALL).then(|| words_of(self.actions))
    }
}

fn actions_of(words: &[String]) -> Result<Actions, LimitError> {
    let mut sum = Actions::NONE;
    for word in words {
        let known = WORDS.iter().find(|(known, _)| known == word);
        let (_, actions) = known.ok_or_else(|| LimitError::Action(shown(word)))?;
        sum = sum.union(*actions);
    }
    if sum.is_empty() { Err(LimitError::NoAction) } else { Ok(sum) }
}

fn words_of(actions: Actions) -> Vec<&'static str> {
    WORDS.iter().filter(|(_, all)| actions.contains(*all)).map(|(word, _)| *word).collect()
}

fn shown(text: &str) -> String {
    text.chars().take(64).collect()
}

/// `namespace/name`, where the name may hold stars.
fn check_pattern(text: String) -> Result<String, LimitError> {
    let is_name = |part: &str, stars: bool| {
        !part.is_empty()
            && part.bytes().all(|b| {
                b.is_ascii_lowercase()
                    || b.is_ascii_digit()
                    || matches!(b, b'-' | b'_' | b'.')
                    || stars && b == b'*'
            })
    };
    let fits = text.len() <= MAX_PATTERN
        && text
            .split_once('/')
            .is_some_and(|(namespace, name)| is_name(namespace, false) && is_name(name, true));
    if fits { Ok(text) } else { Err(LimitError::Repository(shown(&text))) }
}

/// Whether `text` is `pattern`, in which a star stands for any characters. Takes the leftmost fit
/// of each piece, so the time is the product of both lengths at worst.
fn fits(pattern: &str, text: &str) -> bool {
    let mut pieces = pattern.split('*');
    let first = pieces.next().unwrap_or_default();
    let Some(mut rest) = text.strip_prefix(first) else { return false };
    let pieces: Vec<&str> = pieces.collect();
    let Some((last, middle)) = pieces.split_last() else { return rest.is_empty() };
    for piece in middle {
        let Some(at) = rest.find(piece) else { return false };
        rest = &rest[at + piece.len()..];
    }
    rest.ends_with(last)
}

/// How limits are kept in a token's row: two columns of JSON, both absent without a limit.
#[derive(Serialize, Deserialize)]
struct StoredPlace {
    path: String,
    actions: Vec<String>,
}

impl Limits {
    pub(crate) fn stored(&self) -> (Option<String>, Option<String>) {
        let text = |words: Vec<&'static str>| words.into_iter().map(str::to_owned).collect();
        let places = self.places.as_ref().map(|places| {
            let stored: Vec<_> = places
                .iter()
                .map(|place| StoredPlace {
                    path: place.pattern.clone(),
                    actions: text(words_of(place.actions)),
                })
                .collect();
            serde_json::json!(stored).to_string()
        });
        (places, self.actions().map(|words| serde_json::json!(words).to_string()))
    }

    /// Reads both columns. What cannot be read grants nothing.
    pub(crate) fn read(repositories: Option<&str>, actions: Option<&str>) -> Self {
        let actions = actions.map_or(Actions::ALL, |text| {
            let words: Vec<String> = serde_json::from_str(text).unwrap_or_default();
            actions_of(&words).unwrap_or(Actions::NONE)
        });
        let places = repositories.map(|text| {
            let stored: Vec<StoredPlace> = serde_json::from_str(text).unwrap_or_default();
            let place = |it: StoredPlace| Place {
                actions: actions_of(&it.actions).unwrap_or(Actions::NONE),
                pattern: it.path,
            };
            stored.into_iter().map(place).collect()
        });
        Self { places, actions }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limits(patterns: &[&str]) -> Limits {
        let named = patterns.iter().map(|pattern| ((*pattern).to_owned(), None));
        Limits::default().to_repositories(named).unwrap()
    }

    #[test]
    fn patterns_fit_whole_paths() {
        for (pattern, path, expected) in [
            ("acme/app", "acme/app", true),
            ("acme/app", "acme/apps", false),
            ("acme/*", "acme/app", true),
            ("acme/*", "acmes/app", false),
            ("acme/web-*", "acme/web-1", true),
            ("acme/web-*", "acme/my-web-1", false),
            ("acme/*-ab*b", "acme/x-ab", false),
            ("acme/*-ab*b", "acme/x-abab", true),
            ("acme/**", "acme/app", true),
        ] {
            let found = limits(&[pattern]).on(&path.parse().unwrap());
            assert_eq!(found == Actions::ALL, expected, "{pattern} on {path}");
            assert_eq!(found.is_empty(), !expected);
        }
        for bad in ["", "acme", "*/app", "acme/", "acme/a b", "acme/app/x", "Acme/app", "*"] {
            let named = [(bad.to_owned(), None)];
            assert!(Limits::default().to_repositories(named).is_err(), "{bad}");
        }
        assert!(Limits::default().to_repositories([]).is_err());
    }

    #[test]
    fn limits_come_back_from_their_columns_as_they_were() {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let some = Limits::default()
            .to_repositories([("acme/*".into(), None), ("acme/xy".into(), Some(words(&["push"])))])
            .unwrap()
            .to_actions(&words(&["pull", "delete"]))
            .unwrap();

        for limits in [Limits::default(), some] {
            let (repositories, actions) = limits.stored();
            assert_eq!(Limits::read(repositories.as_deref(), actions.as_deref()), limits);
        }
        let broken = Limits::read(Some("{"), Some("["));
        assert!(broken.on(&"acme/xy".parse().unwrap()).is_empty());
        assert!(Limits::default().to_actions(&words(&["eat"])).is_err());
        assert!(Limits::default().to_actions(&[]).is_err());
    }
}
