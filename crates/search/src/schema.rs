//! The fields of the index, and how a repository fills them.
//!
//! Texts are cut here, not by the index, so that a word is kept only where it counts most.

use std::collections::HashSet;

use tantivy::schema::{
    FAST, Field, INDEXED, IndexRecordOption, NumericOptions, Schema, SchemaBuilder,
    TextFieldIndexing, TextOptions,
};
use tantivy::{TantivyDocument, Term};

use crate::access::{PUBLIC, key};
use crate::document::Document;
use crate::tokens;

/// Moves on with every change of what an index holds; an index of another version is built anew.
pub(crate) const VERSION: u32 = 2;

/// How much of a description, of a list of topics and of a README is looked at.
const DESCRIPTION_BYTES: usize = 1024;
const TOPICS: usize = 32;
const README_BYTES: usize = 4096;

/// Units of rank and score in one point, so that they are compared as whole numbers.
pub(crate) const POINT: f32 = 1000.0;

/// Tokenizers of the index: cut at spaces, or not at all.
const SPACED: &str = "whitespace";
const WHOLE: &str = "raw";

/// Names of the columns, which are opened by name.
pub(crate) mod columns {
    pub const ID: &str = "id";
    pub const OWNER_IF_PRIVATE: &str = "owner_if_private";
    pub const RANK: &str = "rank";
    pub const STARS: &str = "stars";
    pub const PULLS: &str = "pulls";
    pub const UPDATED_AT: &str = "updated_at";
}

#[derive(Clone, Copy, Debug)]
pub(crate) struct Fields {
    pub id: Field,
    pub namespace_id: Field,
    /// The squeezed name, and `namespace/name` squeezed.
    pub whole: Field,
    pub name: Field,
    /// Beginnings that are not whole words.
    pub name_prefixes: Field,
    pub name_grams: Field,
    /// Words and their beginnings.
    pub namespace: Field,
    /// Words that are not in the name.
    pub description: Field,
    /// Words that are in none of the above.
    pub topics: Field,
    /// Words that are nowhere else.
    pub readme: Field,
    pub architectures: Field,
    /// `official`, `automated` and `private`, where they apply.
    pub marks: Field,
    pub owner_if_private: Field,
    rank: Field,
    stars: Field,
    pulls: Field,
    pub updated_at: Field,
}

pub(crate) fn build() -> (Schema, Fields) {
    let mut schema = Schema::builder();
    let fields = Fields {
        id: schema.add_u64_field(columns::ID, NumericOptions::from(INDEXED | FAST)),
        namespace_id: schema.add_u64_field("namespace_id", INDEXED),
        whole: text(&mut schema, "whole", WHOLE),
        name: text(&mut schema, "name", SPACED),
        name_prefixes: text(&mut schema, "name_prefixes", SPACED),
        name_grams: text(&mut schema, "name_grams", SPACED),
        namespace: text(&mut schema, "namespace", SPACED),
        description: text(&mut schema, "description", SPACED),
        topics: text(&mut schema, "topics", SPACED),
        readme: text(&mut schema, "readme", SPACED),
        architectures: text(&mut schema, "architectures", WHOLE),
        marks: text(&mut schema, "marks", WHOLE),
        owner_if_private: schema.add_u64_field(columns::OWNER_IF_PRIVATE, FAST),
        rank: schema.add_u64_field(columns::RANK, FAST),
        stars: schema.add_u64_field(columns::STARS, FAST),
        pulls: schema.add_u64_field(columns::PULLS, FAST),
        updated_at: schema.add_u64_field(columns::UPDATED_AT, FAST),
    };
    (schema.build(), fields)
}

/// A field that says in which repositories a word stands, and no more: scores need neither counts nor
/// lengths nor positions.
fn text(schema: &mut SchemaBuilder, name: &str, tokenizer: &str) -> Field {
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::Basic)
        .set_fieldnorms(false);
    schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
}

impl Fields {
    /// The term that stands for one repository.
    pub(crate) fn identity(&self, id: roadstead_types::RepositoryId) -> Term {
        Term::from_field_u64(self.id, key(id))
    }

    pub(crate) fn row(&self, document: &Document) -> TantivyDocument {
        let mut row = TantivyDocument::default();
        let name_words = tokens::name_words(&document.name);
        self.add_names(&mut row, document, &name_words);
        self.add_prose(&mut row, document, name_words.into_iter().collect());
        self.add_facts(&mut row, document);
        row
    }

    fn add_names(&self, row: &mut TantivyDocument, document: &Document, words: &[String]) {
        let name = tokens::squeezed(&document.name);
        let namespace = tokens::words(&document.namespace);
        let path = format!("{}/{name}", namespace.concat());
        let mut beginnings = tokens::prefixes(words);
        beginnings.retain(|beginning| !words.contains(beginning));
        row.add_text(self.name, words.join(" "));
        row.add_text(self.name_prefixes, spaced(beginnings));
        row.add_text(self.name_grams, spaced(tokens::grams(&name)));
        row.add_text(self.namespace, spaced(tokens::prefixes(&namespace)));
        row.add_text(self.whole, name);
        row.add_text(self.whole, path);
    }

    /// `seen` are words that count more already.
    fn add_prose(&self, row: &mut TantivyDocument, document: &Document, mut seen: HashSet<String>) {
        let topics = document.topics.iter().take(TOPICS).map(String::as_str);
        for (field, text) in [
            (self.description, beginning(&document.description, DESCRIPTION_BYTES)),
            (self.topics, &topics.collect::<Vec<_>>().join(" ")),
            (self.readme, beginning(&document.readme, README_BYTES)),
        ] {
            row.add_text(field, tokens::fresh_words(text, &mut seen).join(" "));
        }
    }

    fn add_facts(&self, row: &mut TantivyDocument, document: &Document) {
        row.add_u64(self.id, key(document.id));
        row.add_u64(self.namespace_id, key(document.namespace_id));
        let owner = if document.is_private { key(document.namespace_id) } else { PUBLIC };
        row.add_u64(self.owner_if_private, owner);
        row.add_u64(self.rank, points(document.rank()));
        row.add_u64(self.stars, document.stars);
        row.add_u64(self.pulls, document.pulls);
        row.add_u64(self.updated_at, moment(document.updated_at));
        for architecture in &document.architectures {
            row.add_text(self.architectures, architecture);
        }
        for (applies, mark) in [
            (document.is_official, Mark::Official),
            (document.is_automated, Mark::Automated),
            (document.is_private, Mark::Private),
        ] {
            if applies {
                row.add_text(self.marks, mark.word());
            }
        }
    }
}

/// A yes-or-no fact that can be asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Mark {
    Official,
    Automated,
    Private,
}

impl Mark {
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Automated => "automated",
            Self::Private => "private",
        }
    }
}

/// A time as the index keeps it; nothing here is older than the Unix epoch.
pub(crate) fn moment(time: roadstead_types::Timestamp) -> u64 {
    time.unix_us().try_into().unwrap_or(0)
}

fn spaced(words: HashSet<String>) -> String {
    words.into_iter().collect::<Vec<_>>().join(" ")
}

/// Points of a rank as a whole number. They are small and never negative.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
pub(crate) fn points(score: f64) -> u64 {
    (score * f64::from(POINT)).round() as u64
}

/// At most `bytes` of a text, cut between characters.
fn beginning(text: &str, bytes: usize) -> &str {
    &text[..text.floor_char_boundary(bytes)]
}
