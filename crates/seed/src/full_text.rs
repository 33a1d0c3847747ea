//! The same questions put to the full text search of the database: is an index of our own worth it?
//!
//! As good as SQL makes it: words everywhere, their beginnings in names, then insides of names by pieces of
//! three letters, and on PostgreSQL names that look alike. Ranked by match and stars, the first page and the
//! exact total of what everybody may read.

use std::time::{Duration, Instant};

use anyhow::Result;
use serde::Serialize;

use crate::connection::Connection;

/// How often each question is put at least.
const OFTEN: usize = 5;

#[derive(Debug, Serialize)]
pub struct Report {
    /// From the rows to an index that answers.
    pub built_seconds: f64,
    pub answers: Vec<Answer>,
}

#[derive(Debug, Serialize)]
pub struct Answer {
    pub question: String,
    pub hits: i64,
    pub p50_ms: f64,
    pub p99_ms: f64,
}

/// The texts of one engine. `page` and `total` take the question as `translate` writes it.
struct Dialect {
    build: &'static str,
    drop: &'static str,
    ways: &'static [Way],
}

/// Each is tried when the one before it finds nothing.
struct Way {
    translate: fn(&str) -> String,
    page: &'static str,
    total: &'static str,
}

/// Without words: the most popular.
const EVERYTHING: Way = Way {
    translate: str::to_owned,
    page: "SELECT r.id FROM repository_counts c JOIN repositories r ON r.id = c.repository_id \
         WHERE r.is_private = FALSE AND $1 = '' ORDER BY c.stars DESC, c.pulls DESC LIMIT 25",
    total: "SELECT COUNT(*) FROM repositories r WHERE r.is_private = FALSE AND $1 = ''",
};

const SQLITE: Dialect = Dialect {
    build: "CREATE VIRTUAL TABLE seed_texts USING fts5(name, namespace, description, topics, readme, \
         content = '', prefix = '2 3'); \
         INSERT INTO seed_texts (rowid, name, namespace, description, topics, readme) \
         SELECT r.id, SUBSTR(r.path, LENGTH(n.name) + 2), n.name, r.description, r.topics, \
         COALESCE(m.text, '') FROM repositories r JOIN accounts n ON n.id = r.namespace_id \
         LEFT JOIN readmes m ON m.repository_id = r.id; \
         CREATE VIRTUAL TABLE seed_names USING fts5(name, content = '', tokenize = 'trigram'); \
         INSERT INTO seed_names (rowid, name) SELECT r.id, SUBSTR(r.path, LENGTH(n.name) + 2) \
         FROM repositories r JOIN accounts n ON n.id = r.namespace_id;",
    drop: "DROP TABLE IF EXISTS seed_texts; DROP TABLE IF EXISTS seed_names",
    ways: &[
        Way { translate: |text| fts5(text, " AND "), page: FTS5_PAGE, total: FTS5_TOTAL },
        Way {
            translate: |text| format!("\"{text}\""),
            page: "SELECT r.id FROM seed_names t JOIN repositories r ON r.id = t.rowid \
                 JOIN repository_counts c ON c.repository_id = r.id \
                 WHERE t.seed_names MATCH $1 AND r.is_private = FALSE \
                 ORDER BY c.stars DESC, r.id LIMIT 25",
            total: "SELECT COUNT(*) FROM seed_names t JOIN repositories r ON r.id = t.rowid \
                 WHERE t.seed_names MATCH $1 AND r.is_private = FALSE",
        },
        Way { translate: |text| fts5(text, " OR "), page: FTS5_PAGE, total: FTS5_TOTAL },
    ],
};

const FTS5_PAGE: &str = "SELECT r.id FROM seed_texts t JOIN repositories r ON r.id = t.rowid \
     JOIN repository_counts c ON c.repository_id = r.id \
     WHERE t.seed_texts MATCH $1 AND r.is_private = FALSE \
     ORDER BY bm25(seed_texts, 10, 3, 2, 1.5, 0.5) \
     - MIN(c.stars, 1000) / 100.0, r.id LIMIT 25";
const FTS5_TOTAL: &str = "SELECT COUNT(*) FROM seed_texts t JOIN repositories r ON r.id = t.rowid \
     WHERE t.seed_texts MATCH $1 AND r.is_private = FALSE";

const POSTGRES: Dialect = Dialect {
    build: "CREATE EXTENSION IF NOT EXISTS pg_trgm; \
         CREATE TABLE seed_texts AS SELECT r.id, r.is_private, c.stars, \
         SUBSTR(r.path, LENGTH(n.name) + 2) AS name, \
         setweight(to_tsvector('simple', REPLACE(SUBSTR(r.path, LENGTH(n.name) + 2), '-', ' ')), 'A') \
         || setweight(to_tsvector('simple', n.name), 'B') \
         || setweight(to_tsvector('simple', r.description || ' ' || r.topics), 'C') \
         || setweight(to_tsvector('simple', COALESCE(m.text, '')), 'D') AS words \
         FROM repositories r JOIN accounts n ON n.id = r.namespace_id \
         JOIN repository_counts c ON c.repository_id = r.id \
         LEFT JOIN readmes m ON m.repository_id = r.id; \
         CREATE INDEX seed_texts_words ON seed_texts USING gin (words); \
         CREATE INDEX seed_texts_names ON seed_texts USING gin (name gin_trgm_ops); \
         ANALYZE seed_texts",
    drop: "DROP TABLE IF EXISTS seed_texts",
    ways: &[
        Way { translate: |text| tsquery(text, " & "), page: TSVECTOR_PAGE, total: TSVECTOR_TOTAL },
        Way {
            translate: |text| format!("%{text}%"),
            page: "SELECT id FROM seed_texts WHERE name LIKE $1 AND is_private = FALSE \
                 ORDER BY stars DESC, id LIMIT 25",
            total: "SELECT COUNT(*) FROM seed_texts WHERE name LIKE $1 AND is_private = FALSE",
        },
        Way {
            translate: str::to_owned,
            page: "SELECT id FROM seed_texts WHERE name % $1 AND is_private = FALSE \
                 ORDER BY similarity(name, $1) DESC, stars DESC, id LIMIT 25",
            total: "SELECT COUNT(*) FROM seed_texts WHERE name % $1 AND is_private = FALSE",
        },
        Way { translate: |text| tsquery(text, " | "), page: TSVECTOR_PAGE, total: TSVECTOR_TOTAL },
    ],
};

const TSVECTOR_PAGE: &str = "SELECT id FROM seed_texts \
     WHERE words @@ to_tsquery('simple', $1) AND is_private = FALSE \
     ORDER BY ts_rank(words, to_tsquery('simple', $1)) + ln(stars + 1) DESC, id LIMIT 25";
const TSVECTOR_TOTAL: &str = "SELECT COUNT(*) FROM seed_texts \
     WHERE words @@ to_tsquery('simple', $1) AND is_private = FALSE";

/// Each word anywhere, or as the beginning of one in the name or namespace.
fn fts5(text: &str, between: &str) -> String {
    let word = |word: &str| format!("(\"{word}\" OR {{name namespace}} : \"{word}\" *)");
    words(text).map(word).collect::<Vec<_>>().join(between)
}

fn tsquery(text: &str, between: &str) -> String {
    let word = |word: &str| format!("({word} | {word}:*AB)");
    words(text).map(word).collect::<Vec<_>>().join(between)
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Builds what the database needs for it, asks each question again and again for `long`, and takes
/// everything away again.
pub async fn ask(url: &str, questions: &[String], long: Duration) -> Result<Report> {
    let mut connection = Connection::open(url).await?;
    let dialect = match &connection {
        Connection::Sqlite(_) => SQLITE,
        Connection::Postgres(_) => POSTGRES,
    };
    connection.run(dialect.drop).await?;
    let began = Instant::now();
    connection.run(dialect.build).await?;
    let built_seconds = began.elapsed().as_secs_f64();
    let mut answers = Vec::new();
    for question in questions {
        answers.push(answer(&mut connection, &dialect, question, long).await?);
    }
    connection.run(dialect.drop).await?;
    connection.close().await?;
    Ok(Report { built_seconds, answers })
}

async fn answer(
    connection: &mut Connection,
    dialect: &Dialect,
    question: &str,
    long: Duration,
) -> Result<Answer> {
    let (mut times, mut hits) = (Vec::new(), 0);
    let began = Instant::now();
    while times.len() < OFTEN || began.elapsed() < long {
        let asked = Instant::now();
        hits = once(connection, dialect, question).await?;
        times.push(asked.elapsed());
    }
    times.sort_unstable();
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    Ok(Answer { question: question.to_owned(), hits, p50_ms: at(50), p99_ms: at(99) })
}

async fn once(connection: &mut Connection, dialect: &Dialect, question: &str) -> Result<i64> {
    let ways = if question.is_empty() { &[EVERYTHING][..] } else { dialect.ways };
    for way in ways {
        let text = (way.translate)(question);
        let hits = connection.numbers_for(way.total, &text).await?.first().copied().unwrap_or(0);
        if hits > 0 {
            connection.numbers_for(way.page, &text).await?;
            return Ok(hits);
        }
    }
    Ok(0)
}
