//! Tags that cannot move: all, or those that a pattern matches from end to end.
//!
//! Decided inside the writing transaction, whose first statement holds the repository's row: a rule
//! that is being made and a push that would break it come one after the other.

use regex::{Regex, RegexBuilder};
use roadstead_db::{DbError, Tx, repos, tags};
use roadstead_types::{Digest, RepositoryId, Tag};
use serde_json::json;

use crate::StoreError;
use crate::access::{Administer, Allows, Repo};
use crate::audit::{Action, Event};
use crate::repos::EditError;

const MAX_RULES: usize = 50;
const MAX_RULE_BYTES: usize = 200;
/// Bytes of one compiled pattern; matching takes time in proportion to the tag whatever it is.
const MAX_COMPILED: usize = 256 << 10;
/// Tags that [`Repo::list_matching_tags`] looks at.
const MAX_TRIED: u32 = 100_000;

/// Why rules are refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ImmutableTagsError {
    #[error("a repository may have {MAX_RULES} rules for immutable tags, not {0}")]
    TooMany(usize),
    #[error("a rule for immutable tags has 1 to {MAX_RULE_BYTES} bytes")]
    Length,
    #[error("`{rule}` is no pattern for tags: {cause}")]
    Pattern { rule: String, cause: String },
}

/// Compiled rules of one repository.
#[derive(Clone, Debug)]
pub struct ImmutableTags(Rules);

#[derive(Clone, Debug)]
enum Rules {
    None,
    All,
    Patterns(Vec<Regex>),
}

impl ImmutableTags {
    /// Compiles what the repository's row holds. Rules were checked when they were made, so one that does
    /// not compile any more protects everything rather than nothing.
    fn of(stored: Option<&[String]>) -> Self {
        Self(match stored {
            None => Rules::None,
            Some([]) => Rules::All,
            Some(rules) => match rules.iter().map(|rule| compile(rule)).collect() {
                Ok(patterns) => Rules::Patterns(patterns),
                Err(_) => Rules::All,
            },
        })
    }

    pub fn protects(&self, tag: &Tag) -> bool {
        match &self.0 {
            Rules::None => false,
            Rules::All => true,
            Rules::Patterns(patterns) => {
                patterns.iter().any(|pattern| pattern.is_match(tag.as_str()))
            }
        }
    }

    fn is_none(&self) -> bool {
        matches!(self.0, Rules::None)
    }
}

/// A pattern that fits a tag from its first letter to its last.
fn compile(rule: &str) -> Result<Regex, ImmutableTagsError> {
    if rule.is_empty() || rule.len() > MAX_RULE_BYTES {
        return Err(ImmutableTagsError::Length);
    }
    let build = |text: &str| {
        let built = RegexBuilder::new(text).size_limit(MAX_COMPILED).nest_limit(50).build();
        built.map_err(|error| ImmutableTagsError::Pattern {
            rule: rule.to_owned(),
            cause: error.to_string().lines().last().unwrap_or_default().trim().to_owned(),
        })
    };
    // Alone first: `a)|(b` would become something else between the brackets.
    build(rule)?;
    build(&format!(r"\A(?:{rule})\z"))
}

/// Checks rules as somebody wrote them.
pub(crate) fn checked_rules(rules: Vec<String>) -> Result<Vec<String>, ImmutableTagsError> {
    if rules.len() > MAX_RULES {
        return Err(ImmutableTagsError::TooMany(rules.len()));
    }
    for rule in &rules {
        compile(rule)?;
    }
    Ok(rules)
}

impl<R: Allows<Administer>> Repo<R> {
    /// Makes tags immutable: all for an empty list, those that a rule matches otherwise, none for `None`.
    pub async fn set_immutable_tags(&self, rules: Option<Vec<String>>) -> Result<(), EditError> {
        let rules = rules.map(checked_rules).transpose()?;
        self.hub.db.write(async |tx| self.set_immutable_tags_in(tx, rules.as_ref()).await).await
    }

    /// The same in a transaction with other changes; the rules were checked.
    pub(crate) async fn set_immutable_tags_in(
        &self,
        tx: &mut Tx<'_>,
        rules: Option<&Vec<String>>,
    ) -> Result<(), EditError> {
        if !repos::set_immutable_tags(tx, self.facts.id, rules, self.hub.now()).await? {
            return Err(EditError::Gone);
        }
        let event = Event::of_repository(Action::RepoImmutableTags, self)
            .after(json!({ "is_on": rules.is_some(), "rules": rules }));
        Ok(self.changed(tx, event).await?)
    }

    /// Tags that are there now and that a rule would protect.
    pub async fn list_matching_tags(&self, rule: &str) -> Result<Vec<Tag>, EditError> {
        let pattern = compile(rule)?;
        let id = self.facts.id;
        let tags = self
            .hub
            .db
            .read(async |tx| tags::list(tx, id, None, MAX_TRIED).await)
            .await
            .map_err(StoreError::from)?;
        Ok(tags.into_iter().filter(|tag| pattern.is_match(tag.as_str())).collect())
    }
}

/// The first of `tags` that may not be pointed at `to`. A tag that is not there yet may be made, and one
/// that stands there already stays.
pub(super) async fn find_protected(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[Tag],
    to: &Digest,
) -> Result<Option<Tag>, DbError> {
    let stored = repos::immutable_tags(tx, repository).await?;
    let rules = ImmutableTags::of(stored.as_deref());
    if rules.is_none() {
        return Ok(None);
    }
    let protected: Vec<Tag> = tags.iter().filter(|tag| rules.protects(tag)).cloned().collect();
    let standing = tags::find_many(tx, repository, &protected).await?;
    let moves = |tag: &Tag| standing.get(tag).is_some_and(|digest| digest != to);
    Ok(protected.into_iter().find(moves))
}

/// The first of `tags` that a rule protects, for tags that are going away.
pub(super) async fn find_rule_against(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tags: &[Tag],
) -> Result<Option<Tag>, DbError> {
    let stored = repos::immutable_tags(tx, repository).await?;
    let rules = ImmutableTags::of(stored.as_deref());
    Ok(tags.iter().find(|tag| rules.protects(tag)).cloned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn protects(rules: &[&str], tag: &str) -> bool {
        let rules: Vec<String> = rules.iter().map(|rule| rule.to_string()).collect();
        ImmutableTags::of(Some(&rules)).protects(&tag.parse().unwrap())
    }

    #[test]
    fn a_rule_matches_the_whole_tag() {
        assert!(protects(&["v.*"], "v1.0") && !protects(&["v.*"], "dev1"));
        assert!(protects(&[".*-RELEASE", "1"], "1") && !protects(&["1"], "10"));
        assert!(!protects(&["a|b"], "ab") && protects(&["a|b"], "b"));
        assert!(protects(&[], "anything"));
        assert!(!ImmutableTags::of(None).protects(&"v1".parse().unwrap()));
    }

    #[test]
    fn what_would_escape_or_swell_is_refused() {
        let long = "a".repeat(MAX_RULE_BYTES + 1);
        for rule in ["a)|(b", "(", "", &long, r"\w{1000}{100}", "(?x) a #"] {
            assert!(checked_rules(vec![rule.to_owned()]).is_err(), "{rule}");
        }
        assert!(checked_rules(vec!["a".to_owned(); MAX_RULES + 1]).is_err());
    }
}
