//! Builds an index from nothing, beside the one in use.

use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::MmapDirectory;
use tantivy::indexer::NoMergePolicy;
use tantivy::{IndexSettings, IndexWriter};

use crate::document::Document;
use crate::error::SearchError;
use crate::index::{Index, Label, Stamp, commit_with, numbers, writer};
use crate::schema::{self, Fields};

/// What is held in memory before it is written.
const WRITER_BYTES: usize = 50 << 20;
/// One keeps up with the database; somebody waits for a rebuild, so there are two.
const THREADS: usize = 2;

/// An index that is not in use yet. Dropped, it leaves a folder that nobody opens and the next
/// [`Index::remove_others`] removes.
pub struct Rebuild {
    folder: PathBuf,
    fields: Fields,
    index: tantivy::Index,
    writer: IndexWriter,
    stamp: Stamp,
}

impl Rebuild {
    pub fn begin(home: &Path, stamp: &Stamp) -> Result<Self, SearchError> {
        let last = numbers(home)?.last().copied().unwrap_or(0);
        let folder = home.join((last + 1).to_string());
        fs::create_dir(&folder)?;
        let (schema, fields) = schema::build();
        let directory = MmapDirectory::open(&folder).map_err(tantivy::TantivyError::from)?;
        let index = tantivy::Index::create(directory, schema, IndexSettings::default())?;
        let writer = writer(&index, THREADS, WRITER_BYTES)?;
        // Merging while more is to come would write everything several times.
        writer.set_merge_policy(Box::new(NoMergePolicy));
        Ok(Self { folder, fields, index, writer, stamp: stamp.clone() })
    }

    /// Adds a repository, which must not have been added before.
    pub fn add(&self, document: &Document) -> Result<(), SearchError> {
        self.writer.add_document(self.fields.row(document))?;
        Ok(())
    }

    /// Makes it whole and opens it. `position` is where the changes began that it may have missed.
    pub fn finish(mut self, position: i64) -> Result<Index, SearchError> {
        let segments = {
            self.writer.commit()?;
            self.index.searchable_segment_ids()?
        };
        if segments.len() > 1 {
            self.writer.merge(&segments).wait()?;
        }
        let label = Label { version: schema::VERSION, stamp: self.stamp.clone(), position };
        commit_with(&mut self.writer, &label)?;
        self.writer.wait_merging_threads()?;
        Index::open_folder(&self.folder, &self.stamp)
    }
}
