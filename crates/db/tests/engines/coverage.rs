//! SQL is checked by running it, so a query that no test calls is not checked at all.

use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files.extend(sources(&path)),
            false => files.push(path),
        }
    }
    files
}

/// `module::function` of every public query in a source file.
fn queries(path: &Path) -> Vec<String> {
    let module = path.file_stem().unwrap().to_str().unwrap();
    let text = fs::read_to_string(path).unwrap();
    let functions = text.lines().filter_map(|line| line.strip_prefix("pub async fn "));
    functions.map(|rest| format!("{module}::{}(", rest.split(['(', '<']).next().unwrap())).collect()
}

#[test]
fn every_public_query_is_called_by_a_test_on_both_engines() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let queries: Vec<_> = sources(&root.join("src"))
        .iter()
        .filter(|path| !path.starts_with(root.join("src/testing")))
        .flat_map(|path| queries(path))
        .collect();
    let tests: String = sources(&root.join("tests/engines"))
        .iter()
        .filter_map(|path| fs::read_to_string(path).ok())
        .filter(|text| text.contains("both_databases! {"))
        .collect();

    let untested: Vec<_> = queries.iter().filter(|query| !tests.contains(query.as_str())).collect();

    assert!(queries.len() > 60, "the search for queries has gone blind");
    assert!(untested.is_empty(), "no test calls {untested:?}");
}

/// Rows that count for what a namespace holds: whoever made them elsewhere would forget to charge them.
#[test]
fn rows_that_are_charged_are_made_and_removed_in_one_place() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for (table, place) in [
        ("repository_blobs", "holdings.rs"),
        ("manifests", "manifests.rs"),
        ("namespace_use", "storage.rs"),
        ("uploads", "uploads.rs"),
    ] {
        let changes = [format!("INSERT INTO {table} "), format!("DELETE FROM {table} ")];
        let places: Vec<_> = sources(&source)
            .into_iter()
            .filter(|path| {
                let text = fs::read_to_string(path).unwrap();
                changes.iter().any(|change| text.contains(change))
            })
            .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
            .collect();
        assert_eq!(places, [place], "{table}");
    }
}
