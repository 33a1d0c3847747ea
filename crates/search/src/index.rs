//! One index in its folder: opening, changing, searching.
//!
//! ```text
//! search/
//!   1/  2/ ..   one index each; the highest number that is whole is in use, the others go
//! ```
//!
//! A rebuild writes into the next number beside the one in use, so nothing is ever renamed under a
//! reader, and one that broke off is known by its lack of a label.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use roadstead_types::RepositoryId;
use serde::{Deserialize, Serialize};
use tantivy::directory::MmapDirectory;
use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexReader, IndexWriter, ReloadPolicy};

use crate::access::Readable;
use crate::document::Document;
use crate::error::SearchError;
use crate::everything;
use crate::hits::{Found, Gather, Sort};
use crate::matching::{Asking, Effort};
use crate::query::Query;
use crate::schema::{self, Fields};

/// What the writer of an index in use may hold before it writes; batches are far smaller.
const WRITER_BYTES: usize = 15 << 20;

/// What an index was made from. One of another make is built anew.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stamp {
    /// The database's own id.
    pub database: String,
    /// Counts the rebuilds that were asked for.
    pub edition: i64,
}

/// Travels with each commit, so that content and position are never apart.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Label {
    pub version: u32,
    pub stamp: Stamp,
    /// How far the changes of the database are in the index.
    pub position: i64,
}

/// What happened to one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    Put(Box<Document>),
    Remove(RepositoryId),
}

/// An index in use.
pub struct Index {
    folder: PathBuf,
    fields: Fields,
    reader: IndexReader,
    writer: Mutex<Writer>,
    stamp: Stamp,
}

struct Writer {
    writer: IndexWriter,
    position: i64,
}

impl Index {
    /// Opens the newest index under `home` that is whole and of this make.
    pub fn open(home: &Path, stamp: &Stamp) -> Result<Self, SearchError> {
        let mut first_failure = None;
        for number in numbers(home)?.into_iter().rev() {
            match Self::open_folder(&home.join(number.to_string()), stamp) {
                Ok(index) => return Ok(index),
                Err(error) => first_failure = first_failure.or(Some(error)),
            }
        }
        Err(first_failure.unwrap_or_else(|| SearchError::Outdated("there is none yet".to_owned())))
    }

    pub(crate) fn open_folder(folder: &Path, stamp: &Stamp) -> Result<Self, SearchError> {
        let (schema, fields) = schema::build();
        let directory = MmapDirectory::open(folder).map_err(tantivy::TantivyError::from)?;
        let index = tantivy::Index::open(directory)?;
        let label = label(&index, stamp)?;
        if index.schema() != schema {
            return Err(SearchError::Outdated("it has other fields".to_owned()));
        }
        let damaged = index.validate_checksum()?;
        if let Some(file) = damaged.iter().next() {
            return Err(SearchError::Outdated(format!("`{}` is damaged", file.display())));
        }
        Ok(Self {
            folder: folder.to_owned(),
            fields,
            // Reloaded by hand after each commit, so that a change is seen when `apply` returns.
            reader: index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?,
            writer: Mutex::new(Writer {
                writer: writer(&index, 1, WRITER_BYTES)?,
                position: label.position,
            }),
            stamp: label.stamp,
        })
    }

    /// How far the changes of the database are in the index.
    pub fn position(&self) -> i64 {
        self.writer.lock().unwrap_or_else(PoisonError::into_inner).position
    }

    pub fn stamp(&self) -> &Stamp {
        &self.stamp
    }

    /// How many repositories are in it.
    pub fn count(&self) -> u64 {
        self.reader.searcher().num_docs()
    }

    /// Makes changes, all or none of them. When it returns they are on the disk and are found.
    pub fn apply(&self, changes: &[Change], position: i64) -> Result<(), SearchError> {
        let mut writer = self.writer.lock().unwrap_or_else(PoisonError::into_inner);
        if changes.is_empty() {
            // Not worth a write: whoever starts from the older position finds nothing either.
            writer.position = position;
            return Ok(());
        }
        let label = Label { version: schema::VERSION, stamp: self.stamp.clone(), position };
        if let Err(error) = commit(&mut writer.writer, &self.fields, changes, &label) {
            writer.writer.rollback()?;
            return Err(error);
        }
        writer.position = position;
        self.reader.reload()?;
        Ok(())
    }

    /// The best hits and how many there are, counting only what `readable` includes. With few exact
    /// hits, mistyped words and then any of the words count too.
    pub fn search(&self, query: &Query, readable: &Arc<Readable>) -> Result<Found, SearchError> {
        let found = self.attempt(query, readable, Effort::Strict)?;
        if found.total >= Effort::FEW || query.text.words.is_empty() {
            return Ok(found);
        }
        let found = self.attempt(query, readable, Effort::Tolerant)?;
        if found.total > 0 || query.text.words.len() == 1 {
            return Ok(found);
        }
        self.attempt(query, readable, Effort::AnyWord)
    }

    fn attempt(
        &self,
        query: &Query,
        readable: &Arc<Readable>,
        effort: Effort,
    ) -> Result<Found, SearchError> {
        let searcher = self.reader.searcher();
        if query.asks_for_everything() {
            let most = query.page.offset + query.page.limit;
            let best = everything::best(&searcher, &self.fields, readable, query.sort, most)?;
            return Ok(best.page(query.page.offset));
        }
        let asking = Asking { fields: &self.fields, searcher: &searcher };
        let question = asking.question(&query.text, &query.filters, effort)?;
        let gather = Gather {
            readable: readable.clone(),
            sort: query.sort,
            is_scored: query.sort == Sort::BestMatch && !query.text.words.is_empty(),
            most: query.page.offset + query.page.limit,
        };
        let gathered = searcher.search(&question, &gather)?;
        Ok(gathered.page(query.page.offset))
    }

    /// Removes the folders of all other indexes, whole or not.
    pub fn remove_others(&self) -> Result<(), SearchError> {
        let Some(home) = self.folder.parent() else { return Ok(()) };
        for number in numbers(home)? {
            let folder = home.join(number.to_string());
            if folder != self.folder {
                fs::remove_dir_all(&folder)?;
            }
        }
        Ok(())
    }
}

impl std::fmt::Debug for Index {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Index").field("folder", &self.folder).finish_non_exhaustive()
    }
}

/// A writer of so many threads, which hold `bytes` together, and one thread that merges.
pub(crate) fn writer(
    index: &tantivy::Index,
    threads: usize,
    bytes: usize,
) -> Result<IndexWriter, SearchError> {
    let options = IndexWriterOptions::builder()
        .num_worker_threads(threads)
        .memory_budget_per_thread(bytes / threads)
        .num_merge_threads(1)
        .build();
    Ok(index.writer_with_options(options)?)
}

fn commit(
    writer: &mut IndexWriter,
    fields: &Fields,
    changes: &[Change],
    label: &Label,
) -> Result<(), SearchError> {
    for change in changes {
        match change {
            Change::Put(document) => {
                writer.delete_term(fields.identity(document.id));
                writer.add_document(fields.row(document))?;
            }
            Change::Remove(id) => {
                writer.delete_term(fields.identity(*id));
            }
        }
    }
    commit_with(writer, label)
}

pub(crate) fn commit_with(writer: &mut IndexWriter, label: &Label) -> Result<(), SearchError> {
    let text = serde_json::to_string(label).map_err(|error| SearchError::Folder(error.into()))?;
    let mut commit = writer.prepare_commit()?;
    commit.set_payload(&text);
    commit.commit()?;
    Ok(())
}

/// What the last commit says of the index, if it is one of ours.
fn label(index: &tantivy::Index, stamp: &Stamp) -> Result<Label, SearchError> {
    let payload = index.load_metas()?.payload;
    let label = payload.and_then(|text| serde_json::from_str::<Label>(&text).ok());
    let Some(label) = label else {
        return Err(SearchError::Outdated("its making broke off".to_owned()));
    };
    if label.version != schema::VERSION {
        return Err(SearchError::Outdated("another release made it".to_owned()));
    }
    if label.stamp != *stamp {
        return Err(SearchError::Outdated(
            "it is of another database, or a rebuild was asked for".to_owned(),
        ));
    }
    Ok(label)
}

/// The indexes under a folder, in order.
pub(crate) fn numbers(home: &Path) -> Result<Vec<u64>, SearchError> {
    fs::create_dir_all(home)?;
    let mut numbers = Vec::new();
    for entry in fs::read_dir(home)? {
        numbers.extend(entry?.file_name().to_str().and_then(|name| name.parse::<u64>().ok()));
    }
    numbers.sort_unstable();
    Ok(numbers)
}
