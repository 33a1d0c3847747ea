//! The best of all repositories: a question without words, which every page of popular ones asks.
//!
//! Visiting a million hits one by one takes longer than any search for a word. Here the column that the
//! order goes by is read in long runs, and only what might be on the page is looked at. What may not be
//! read is counted by the list of private repositories, which are few.

use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet as _, Searcher, SegmentReader, TERMINATED, Term};

use crate::access::Readable;
use crate::hits::{Columns, Gathered, Sort};
use crate::schema::{Fields, Mark};

/// Values of a column that are read together.
const RUN: u32 = 512;

/// How many `readable` includes, and the best `most` of them.
pub(crate) fn best(
    searcher: &Searcher,
    fields: &Fields,
    readable: &Readable,
    sort: Sort,
    most: usize,
) -> tantivy::Result<Gathered> {
    let mut gathered = Gathered::default();
    for segment in searcher.segment_readers() {
        let columns = Columns::open(segment, sort)?;
        let part = Part { segment, columns, readable };
        gathered.total += u64::from(segment.num_docs()) - part.hidden(fields)?;
        part.gather(&mut gathered, most);
    }
    Ok(gathered)
}

struct Part<'a> {
    segment: &'a SegmentReader,
    columns: Columns,
    readable: &'a Readable,
}

impl Part<'_> {
    fn is_alive(&self, doc: DocId) -> bool {
        self.segment.alive_bitset().is_none_or(|alive| alive.is_alive(doc))
    }

    fn may_be_read(&self, doc: DocId) -> bool {
        let owner = self.columns.owner_if_private.get_val(doc);
        self.readable.includes(owner, || self.columns.id.get_val(doc))
    }

    /// How many there are that may not be read.
    fn hidden(&self, fields: &Fields) -> tantivy::Result<u64> {
        let private = Term::from_field_text(fields.marks, Mark::Private.word());
        let index = self.segment.inverted_index(fields.marks)?;
        let Some(mut docs) = index.read_postings(&private, IndexRecordOption::Basic)? else {
            return Ok(0);
        };
        let mut hidden = 0;
        while docs.doc() != TERMINATED {
            hidden += u64::from(self.is_alive(docs.doc()) && !self.may_be_read(docs.doc()));
            docs.advance();
        }
        Ok(hidden)
    }

    /// From the end: what was changed last lies there, and with the best found first the others are
    /// passed over.
    fn gather(&self, gathered: &mut Gathered, most: usize) {
        let mut run = [0; RUN as usize];
        let mut end = self.segment.max_doc();
        while end > 0 {
            let start = end.saturating_sub(RUN);
            let firsts = &mut run[..(end - start) as usize];
            self.columns.first.get_range(u64::from(start), firsts);
            for (doc, &first) in (start..end).zip(&*firsts).rev() {
                if gathered.is_wanted(first, most) && self.is_alive(doc) && self.may_be_read(doc) {
                    gathered.offer(self.columns.hit(doc, first), most);
                }
            }
            end = start;
        }
    }
}
