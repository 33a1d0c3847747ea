//! Gathers what a search found: how many the caller may read, and the best page of them.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::sync::Arc;

use roadstead_types::RepositoryId;
use roadstead_types::ids::Id;
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::ColumnValues;
use tantivy::{DocId, Score, SegmentOrdinal, SegmentReader};

use crate::access::{PUBLIC, Readable};
use crate::schema::{POINT, columns};

/// In which order hits come. Ties are broken by the next number and then by age, so that pages never
/// overlap and every node agrees.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// Where and how it matches, official, then stars, damped.
    #[default]
    BestMatch,
    /// Stars, then pulls.
    Stars,
    /// Pulls, then stars.
    Pulls,
    /// Last changed first.
    Updated,
}

/// What a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// How many there are that the caller may read.
    pub total: u64,
    /// The asked page of them, in order.
    pub ids: Vec<RepositoryId>,
}

/// The best come last in order: first key, second key, then the lower id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Hit {
    first: u64,
    second: u64,
    id: Reverse<u64>,
}

/// What is gathered from one segment, or from all.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    pub total: u64,
    /// The worst on top, to be dropped for a better one.
    best: BinaryHeap<Reverse<Hit>>,
}

impl Gathered {
    pub(crate) fn offer(&mut self, hit: Hit, most: usize) {
        if self.best.len() < most {
            self.best.push(Reverse(hit));
        } else if let Some(mut worst) = self.best.peek_mut()
            && worst.0 < hit
        {
            *worst = Reverse(hit);
        }
    }

    /// Whether a hit with this first key might be kept.
    pub(crate) fn is_wanted(&self, first: u64, most: usize) -> bool {
        self.best.len() < most || self.best.peek().is_some_and(|worst| first >= worst.0.first)
    }

    /// The hits behind the first `offset`, the best first.
    pub(crate) fn page(self, offset: usize) -> Found {
        let hits = self.best.into_sorted_vec();
        let id = |hit: &Reverse<Hit>| {
            RepositoryId::from_raw(i64::try_from(hit.0.id.0).unwrap_or_default())
        };
        Found { total: self.total, ids: hits.iter().skip(offset).map(id).collect() }
    }
}

/// Asks for the best `most` hits that `readable` includes.
#[derive(Debug)]
pub(crate) struct Gather {
    pub readable: Arc<Readable>,
    pub sort: Sort,
    /// Whether how it matches counts, or only what it is.
    pub is_scored: bool,
    pub most: usize,
}

type Column = Arc<dyn ColumnValues<u64>>;

/// What is read of a segment's hits.
pub(crate) struct Columns {
    pub id: Column,
    pub owner_if_private: Column,
    /// What an order goes by, and then by.
    pub first: Column,
    pub second: Column,
}

impl Columns {
    pub(crate) fn open(segment: &SegmentReader, sort: Sort) -> tantivy::Result<Self> {
        let column = |name| segment.fast_fields().column_first_or_default::<u64>(name);
        let (first, second) = match sort {
            Sort::BestMatch => (columns::RANK, columns::STARS),
            Sort::Stars => (columns::STARS, columns::PULLS),
            Sort::Pulls => (columns::PULLS, columns::STARS),
            Sort::Updated => (columns::UPDATED_AT, columns::STARS),
        };
        Ok(Self {
            id: column(columns::ID)?,
            owner_if_private: column(columns::OWNER_IF_PRIVATE)?,
            first: column(first)?,
            second: column(second)?,
        })
    }

    /// A hit whose first key is known.
    pub(crate) fn hit(&self, doc: DocId, first: u64) -> Hit {
        Hit { first, second: self.second.get_val(doc), id: Reverse(self.id.get_val(doc)) }
    }
}

/// Hits that are looked at together: columns are read faster in runs.
const RUN: usize = 64;

/// One segment's columns, and what was gathered there so far.
pub(crate) struct GatherSegment {
    readable: Arc<Readable>,
    most: usize,
    columns: Columns,
    run: Run,
    gathered: Gathered,
}

struct Run {
    length: usize,
    docs: [DocId; RUN],
    scores: [Score; RUN],
    owners: [u64; RUN],
    firsts: [u64; RUN],
}

impl Collector for Gather {
    type Fruit = Gathered;
    type Child = GatherSegment;

    fn for_segment(
        &self,
        _: SegmentOrdinal,
        segment: &SegmentReader,
    ) -> tantivy::Result<GatherSegment> {
        Ok(GatherSegment {
            readable: self.readable.clone(),
            most: self.most,
            columns: Columns::open(segment, self.sort)?,
            run: Run {
                length: 0,
                docs: [0; RUN],
                scores: [0.0; RUN],
                owners: [PUBLIC; RUN],
                firsts: [0; RUN],
            },
            gathered: Gathered::default(),
        })
    }

    fn requires_scoring(&self) -> bool {
        self.is_scored
    }

    fn merge_fruits(&self, parts: Vec<Gathered>) -> tantivy::Result<Gathered> {
        let mut all = Gathered::default();
        for part in parts {
            all.total += part.total;
            for Reverse(hit) in part.best {
                all.offer(hit, self.most);
            }
        }
        Ok(all)
    }
}

impl SegmentCollector for GatherSegment {
    type Fruit = Gathered;

    fn collect(&mut self, doc: DocId, score: Score) {
        let run = &mut self.run;
        run.docs[run.length] = doc;
        run.scores[run.length] = score;
        run.length += 1;
        if run.length == RUN {
            self.gather_run();
        }
    }

    fn harvest(mut self) -> Gathered {
        self.gather_run();
        self.gathered
    }
}

impl GatherSegment {
    fn gather_run(&mut self) {
        let run = &mut self.run;
        let docs = &run.docs[..run.length];
        self.columns.owner_if_private.get_vals(docs, &mut run.owners[..run.length]);
        self.columns.first.get_vals(docs, &mut run.firsts[..run.length]);
        for (place, &doc) in docs.iter().enumerate() {
            // Before anything is counted: what may not be read does not exist.
            if !self.readable.includes(run.owners[place], || self.columns.id.get_val(doc)) {
                continue;
            }
            self.gathered.total += 1;
            let first = run.firsts[place].saturating_add(whole_points(run.scores[place]));
            if self.gathered.is_wanted(first, self.most) {
                self.gathered.offer(self.columns.hit(doc, first), self.most);
            }
        }
        run.length = 0;
    }
}

/// The score of a match in the unit of ranks. Sums of the weights are exact, so nothing needs rounding,
/// which would take longer than all the rest.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
fn whole_points(score: Score) -> u64 {
    u64::from((score * POINT) as u32)
}
