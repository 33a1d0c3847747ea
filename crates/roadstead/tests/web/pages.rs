//! The table of pages, `tests/browser/pages.json`: what the tests in a browser and the screenshots look at, and
//! what the walk must reach.

use roadstead_http::RouteEntry;
use serde_json::Value;

/// What is got but is no page, and why.
const NO_PAGES: [(&str, &str); 14] = [
    ("/static/{file}", "a file"),
    ("/image-proxy/{marked}", "a picture"),
    ("/admin", "leads on"),
    ("/admin/audit.csv", "a file"),
    ("/badge/{namespace}/{repository}/{badge}", "an image"),
    ("/{namespace}/{repository}/tags.atom", "a feed"),
    ("/r/{namespace}/{repository}", "leads on"),
    ("/r/{namespace}/{repository}/tags", "leads on"),
    ("/u/{username}", "leads on"),
    ("/new/rules", "a part of a page"),
    ("/plans", "leads on"),
    ("/builds", "leads on"),
    ("/settings", "leads on"),
    ("/signup/rules", "a line of a page"),
];

/// One page of the table.
#[derive(Debug)]
pub struct TablePage {
    pub route: String,
    /// Whether a link leads there: pages behind a letter have none.
    pub is_linked: bool,
}

pub fn table() -> Vec<TablePage> {
    let table: Value = serde_json::from_str(include_str!("../browser/pages.json")).unwrap();
    let page = |it: &Value| TablePage {
        route: it["route"].as_str().expect("a route").to_owned(),
        is_linked: it["linked"] != false,
    };
    table.as_array().unwrap().iter().map(page).collect()
}

/// Patterns of everything that is got, without the slash at the end that some have a second time.
fn got() -> Vec<&'static str> {
    let routes = roadstead_web::routes();
    let got = routes.entries().iter().filter(|entry| entry.method == "GET");
    let mut patterns: Vec<_> = got.map(|entry: &RouteEntry| trimmed(entry.pattern)).collect();
    patterns.sort_unstable();
    patterns.dedup();
    patterns
}

fn trimmed(pattern: &str) -> &str {
    if pattern == "/" { pattern } else { pattern.trim_end_matches('/') }
}

/// Which route answers there: of those that fit, the one with the fewest parameters.
pub fn route_of(path: &str) -> Option<&'static str> {
    let path = trimmed(path.split('?').next().unwrap_or(path));
    let fits = |pattern: &&str| {
        let (asked, parts) = (path.split('/'), pattern.split('/'));
        asked.clone().count() == parts.clone().count()
            && asked.zip(parts).all(|(word, part)| part.starts_with('{') || part == word)
    };
    got().into_iter().filter(fits).min_by_key(|pattern| pattern.matches('{').count())
}

#[test]
fn every_page_is_in_the_table() {
    let (table, got) = (table(), got());
    let is_page = |pattern: &&&str| !NO_PAGES.iter().any(|(other, _)| other == *pattern);
    let has = |pattern: &str| table.iter().any(|page| page.route == pattern);

    let forgotten: Vec<_> = got.iter().filter(is_page).filter(|pattern| !has(pattern)).collect();
    let gone: Vec<_> = table.iter().filter(|page| !got.contains(&&*page.route)).collect();

    assert!(forgotten.is_empty(), "add these to tests/browser/pages.json: {forgotten:#?}");
    assert!(gone.is_empty(), "no such pages: {gone:#?}");
}
