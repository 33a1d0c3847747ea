//! A small hub to search in.

use std::path::Path;
use std::sync::Arc;

use roadstead_search::{
    Change, Document, Filters, Index, Query, Readable, Rebuild, Sort, Stamp, Text,
};
use roadstead_types::ids::Id;
use roadstead_types::{AccountId, RepositoryId, Timestamp};

/// A repository `namespace/name`, of the account whose id is the length of the namespace.
pub fn document(id: i64, path: &str) -> Document {
    let (namespace, name) = path.split_once('/').unwrap();
    Document {
        id: RepositoryId::from_raw(id),
        namespace_id: owner(namespace),
        namespace: namespace.to_owned(),
        name: name.to_owned(),
        description: String::new(),
        topics: Vec::new(),
        readme: String::new(),
        architectures: Vec::new(),
        stars: 0,
        pulls: 0,
        updated_at: Timestamp::from_unix_us(id),
        is_private: false,
        is_official: false,
        is_automated: false,
        is_archived: false,
    }
}

pub fn owner(namespace: &str) -> AccountId {
    AccountId::from_raw(i64::try_from(namespace.len()).unwrap())
}

pub fn stamp() -> Stamp {
    Stamp { database: "a".to_owned(), edition: 1 }
}

pub fn build(home: &Path, documents: &[Document]) -> Index {
    let rebuild = Rebuild::begin(home, &stamp()).unwrap();
    for document in documents {
        rebuild.add(document).unwrap();
    }
    rebuild.finish(0).unwrap()
}

pub fn put(document: Document) -> Change {
    Change::Put(Box::new(document))
}

/// An index, the documents it was made of, and the folder it lives in.
pub struct Searched {
    pub index: Index,
    documents: Vec<Document>,
    _home: tempfile::TempDir,
}

impl Searched {
    pub fn new(documents: Vec<Document>) -> Self {
        let home = tempfile::tempdir().unwrap();
        let index = build(home.path(), &documents);
        Self { index, documents, _home: home }
    }

    /// Hubs of repositories that differ in nothing but their names.
    pub fn named(paths: &[&str]) -> Self {
        Self::new((1..).zip(paths).map(|(id, path)| document(id, path)).collect())
    }

    /// What anybody finds, in order, and the total.
    pub fn find(&self, text: &str) -> (Vec<String>, u64) {
        self.ask(&words(text), &Readable::public())
    }

    pub fn names(&self, text: &str) -> Vec<String> {
        self.find(text).0
    }

    pub fn sorted(&self, sort: Sort) -> Vec<String> {
        self.ask(&Query { sort, ..Query::default() }, &Readable::public()).0
    }

    pub fn filtered(&self, filters: Filters) -> Vec<String> {
        self.ask(&Query { filters, ..Query::default() }, &Readable::public()).0
    }

    pub fn ask(&self, query: &Query, readable: &Readable) -> (Vec<String>, u64) {
        let found = self.index.search(query, &Arc::new(readable.clone())).unwrap();
        let path = |id: &RepositoryId| {
            let document = self.documents.iter().find(|document| document.id == *id).unwrap();
            format!("{}/{}", document.namespace, document.name)
        };
        (found.ids.iter().map(path).collect(), found.total)
    }
}

pub fn words(text: &str) -> Query {
    Query { text: Text::parse(text).unwrap(), ..Query::default() }
}
