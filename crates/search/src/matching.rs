//! From words to a question the index can answer, and what each kind of match is worth.
//!
//! One point is as much as one doubling of stars (`document`). A word is kept only where it counts most
//! (`schema`), but a name that has or begins with a word also contains it, and the very name also has it as
//! a word; those points add up: 26 for the very name, 18 for a word of it, 10 for a beginning, 4 for its
//! inside.

use std::ops::Bound;

use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur, Query, RangeQuery,
    TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use crate::access::key;
use crate::query::{Filters, Text};
use crate::schema::{Fields, Mark, moment};
use crate::tokens::{GRAM, covering_grams};

const WHOLE_NAME: f32 = 8.0;
const NAME_WORD: f32 = 14.0;
const NAME_PREFIX: f32 = 6.0;
const NAME_INSIDE: f32 = 4.0;
const NAME_LIKE: f32 = 3.5;
const NAMESPACE: f32 = 3.0;
const DESCRIPTION: f32 = 2.0;
const TOPIC: f32 = 1.5;
const README: f32 = 0.5;

/// How generously words are compared. Each finds all that the one before it finds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Every word as it is written.
    Strict,
    /// Every word, or one that looks like it.
    Tolerant,
    /// Any of the words.
    AnyWord,
}

impl Effort {
    /// More effort is made only when there are fewer hits than this: somebody who mistyped should not
    /// be left with the few repositories that are mistyped the same way.
    pub(crate) const FEW: u64 = 5;
}

/// Puts questions to one state of the index.
pub(crate) struct Asking<'a> {
    pub fields: &'a Fields,
    pub searcher: &'a Searcher,
}

impl Asking<'_> {
    pub(crate) fn question(
        &self,
        text: &Text,
        filters: &Filters,
        effort: Effort,
    ) -> tantivy::Result<Box<dyn Query>> {
        let matches = self.matches(text, effort)?;
        let mut clauses = restrictions(self.fields, filters);
        if clauses.is_empty() {
            return Ok(matches);
        }
        clauses.push((Occur::Must, matches));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    fn matches(&self, text: &Text, effort: Effort) -> tantivy::Result<Box<dyn Query>> {
        if text.words.is_empty() {
            return Ok(if text.is_given { Box::new(EmptyQuery) } else { all() });
        }
        let whole = self.term(self.fields.whole, &text.whole, WHOLE_NAME)?;
        let mut words = Vec::new();
        for word in &text.words {
            words.push(self.like_word(word, effort)?);
        }
        if let [ways] = &mut words[..] {
            ways.extend(whole);
            return Ok(union(std::mem::take(ways)));
        }
        if effort == Effort::AnyWord {
            return Ok(union(words.into_iter().flatten().chain(whole).collect()));
        }
        let every = BooleanQuery::intersection(words.into_iter().map(union).collect());
        let mut clauses: Vec<Clause> = vec![(Occur::Must, Box::new(every))];
        clauses.extend(whole.map(|whole| (Occur::Should, whole)));
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// The ways in which one word is mentioned anywhere.
    fn like_word(&self, word: &str, effort: Effort) -> tantivy::Result<Vec<Box<dyn Query>>> {
        let fields = self.fields;
        let length = word.chars().count();
        let mut ways = Vec::new();
        for (field, points) in [
            (fields.name, NAME_WORD),
            (fields.name_prefixes, NAME_PREFIX),
            (fields.namespace, NAMESPACE),
            (fields.description, DESCRIPTION),
            (fields.topics, TOPIC),
            (fields.readme, README),
        ] {
            ways.extend(self.term(field, word, points)?);
        }
        ways.extend(self.inside(word, length)?);
        if let Some(distance) = slips(length).filter(|_| effort != Effort::Strict) {
            let word = Term::from_field_text(fields.name, word);
            let similar = FuzzyTermQuery::new(word, distance, true);
            ways.push(worth(Box::new(similar), NAME_LIKE));
        }
        Ok(ways)
    }

    /// Names that contain a word.
    fn inside(&self, word: &str, length: usize) -> tantivy::Result<Option<Box<dyn Query>>> {
        if length < GRAM {
            return Ok(None);
        }
        let mut pieces = Vec::new();
        for gram in covering_grams(word) {
            match self.term(self.fields.name_grams, &gram, 0.0)? {
                Some(piece) => pieces.push(piece),
                None => return Ok(None),
            }
        }
        Ok(Some(worth(Box::new(BooleanQuery::intersection(pieces)), NAME_INSIDE)))
    }

    /// A word in a field, unless no repository has it there: what is left out costs nothing.
    fn term(
        &self,
        field: Field,
        word: &str,
        points: f32,
    ) -> tantivy::Result<Option<Box<dyn Query>>> {
        let term = Term::from_field_text(field, word);
        if self.searcher.doc_freq(&term)? == 0 {
            return Ok(None);
        }
        Ok(Some(worth(Box::new(TermQuery::new(term, IndexRecordOption::Basic)), points)))
    }
}

fn union(ways: Vec<Box<dyn Query>>) -> Box<dyn Query> {
    match ways.is_empty() {
        true => Box::new(EmptyQuery),
        false => Box::new(BooleanQuery::union(ways)),
    }
}

/// How many slips of the keyboard are forgiven: short words are too like each other.
const fn slips(length: usize) -> Option<u8> {
    match length {
        0..4 => None,
        4..8 => Some(1),
        _ => Some(2),
    }
}

fn marks(fields: &Fields, filters: &Filters) -> Vec<Clause> {
    let asked = [
        (filters.official, Mark::Official),
        (filters.automated, Mark::Automated),
        (filters.private, Mark::Private),
    ];
    let given = asked.into_iter().filter_map(|(wanted, mark)| Some((wanted?, mark)));
    given.map(|(wanted, mark)| restrict(wanted, term(fields.marks, mark.word()))).collect()
}

type Clause = (Occur, Box<dyn Query>);

fn restrictions(fields: &Fields, filters: &Filters) -> Vec<Clause> {
    let mut clauses = marks(fields, filters);
    if let Some(owner) = filters.owner {
        let owner = Term::from_field_u64(fields.namespace_id, key(owner));
        let owner = TermQuery::new(owner, IndexRecordOption::Basic);
        clauses.push(restrict(true, Box::new(owner)));
    }
    if !filters.architectures.is_empty() {
        let names = filters.architectures.iter();
        let terms = names.map(|name| Term::from_field_text(fields.architectures, name));
        clauses.push(restrict(true, Box::new(TermSetQuery::new(terms))));
    }
    if let Some(since) = filters.updated_since {
        let since = Term::from_field_u64(fields.updated_at, moment(since));
        let since = RangeQuery::new(Bound::Included(since), Bound::Unbounded);
        clauses.push(restrict(true, Box::new(since)));
    }
    clauses
}

/// A condition that is worth nothing: it only keeps hits or drops them.
fn restrict(wanted: bool, condition: Box<dyn Query>) -> Clause {
    match wanted {
        true => (Occur::Must, worth(condition, 0.0)),
        false => (Occur::MustNot, condition),
    }
}

fn all() -> Box<dyn Query> {
    worth(Box::new(AllQuery), 0.0)
}

fn term(field: Field, word: &str) -> Box<dyn Query> {
    Box::new(TermQuery::new(Term::from_field_text(field, word), IndexRecordOption::Basic))
}

/// Every match of `query` counts the same.
fn worth(query: Box<dyn Query>, points: f32) -> Box<dyn Query> {
    Box::new(ConstScoreQuery::new(query, points))
}
