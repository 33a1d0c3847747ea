//! What can be asked, within bounds.

use roadstead_types::{AccountId, Timestamp};

use crate::hits::Sort;
use crate::tokens;

/// Longest text of a query; a repository's whole name fits in.
pub const MAX_QUERY_BYTES: usize = 300;
pub const MAX_WORDS: usize = 10;
/// How far into the hits one can page.
pub const MAX_DEPTH: usize = 10_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum QueryError {
    #[error("a search is at most {MAX_QUERY_BYTES} bytes long; look for fewer words")]
    TooLong,
    #[error("a search has at most {MAX_WORDS} words; look for fewer")]
    TooManyWords,
    #[error("only the first {MAX_DEPTH} results of a search can be read; narrow it down instead")]
    TooDeep,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    pub text: Text,
    pub filters: Filters,
    pub sort: Sort,
    pub page: Page,
}

impl Query {
    pub(crate) fn asks_for_everything(&self) -> bool {
        !self.text.is_given && self.filters == Filters::default()
    }
}

/// The words of a query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    pub(crate) words: Vec<String>,
    /// The text as one name or path.
    pub(crate) whole: String,
    /// Something was asked for, if only punctuation.
    pub(crate) is_given: bool,
}

impl Text {
    /// Words of letters and digits; everything else parts them.
    pub fn parse(text: &str) -> Result<Self, QueryError> {
        if text.len() > MAX_QUERY_BYTES {
            return Err(QueryError::TooLong);
        }
        let mut words = tokens::words(text);
        words.dedup();
        if words.len() > MAX_WORDS {
            return Err(QueryError::TooManyWords);
        }
        let whole = text.split('/').map(tokens::squeezed).collect::<Vec<_>>().join("/");
        Ok(Self { words, whole, is_given: !text.trim().is_empty() })
    }
}

/// What hits must be besides. `None` asks nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filters {
    pub official: Option<bool>,
    pub automated: Option<bool>,
    pub owner: Option<AccountId>,
    /// Any of these, unless there are none.
    pub architectures: Vec<String>,
    pub private: Option<bool>,
    pub updated_since: Option<Timestamp>,
}

/// Which part of the hits is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    pub(crate) offset: usize,
    pub(crate) limit: usize,
}

impl Page {
    pub fn new(offset: u64, limit: u32) -> Result<Self, QueryError> {
        let limit = limit as usize;
        let offset = usize::try_from(offset).map_err(|_| QueryError::TooDeep)?;
        match offset.checked_add(limit) {
            Some(end) if end <= MAX_DEPTH => Ok(Self { offset, limit }),
            _ => Err(QueryError::TooDeep),
        }
    }
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: 25 }
    }
}
