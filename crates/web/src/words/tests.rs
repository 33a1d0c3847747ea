//! The languages are complete: what the sources use is there in each, and what is there is used.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::{fs, str};

use fluent_bundle::FluentResource;

use super::*;

/// The calls that name a text, as they stand after a dot in templates and sources.
const CALLS: [&str; 7] = ["t", "t1", "t2", "t3", "h", "h1", "h2"];

fn files_under(folder: &Path, found: &mut Vec<String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_under(&path, found);
        } else {
            found.push(fs::read_to_string(&path).unwrap());
        }
    }
}

/// Every id that a call of the sources names.
fn used() -> BTreeSet<String> {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut sources = Vec::new();
    files_under(&crate_folder.join("src"), &mut sources);
    files_under(&crate_folder.join("templates"), &mut sources);
    let mut ids = BTreeSet::new();
    for source in &sources {
        for call in CALLS {
            let call = format!(".{call}(");
            let named = source.split(&call).skip(1).filter_map(|rest| {
                let (id, _) = rest.trim_start().strip_prefix('"')?.split_once('"')?;
                Some(id.to_owned())
            });
            ids.extend(named.filter(|id| id.contains('-')));
        }
    }
    ids
}

/// The texts of a language, and the values that each asks for.
fn defined(files: &[&str]) -> BTreeMap<String, BTreeSet<String>> {
    let mut texts = BTreeMap::new();
    for file in files {
        let errors = FluentResource::try_new((*file).to_owned()).err().map(|(_, errors)| errors);
        assert!(errors.is_none(), "a catalogue does not parse: {errors:?}");
        let mut id = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) = line.split_once(" =").filter(|_| !line.starts_with(' ')) {
                name.clone_into(&mut id);
                let double = texts.insert(id.clone(), BTreeSet::new());
                assert!(double.is_none(), "{id} stands twice");
            }
            let values = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|letter| letter.is_alphanumeric()).collect::<String>()
            });
            texts.entry(id.clone()).or_default().extend(values);
        }
    }
    texts.remove("");
    texts
}

#[test]
fn both_languages_say_the_same_things() {
    let (english, chinese) = (defined(&ENGLISH), defined(&CHINESE));

    for (id, values) in &english {
        assert_eq!(chinese.get(id), Some(values), "{id}: in English there, with these values");
    }
    for id in chinese.keys() {
        assert!(english.contains_key(id), "{id} is in Chinese alone");
    }
}

#[test]
fn the_catalogue_holds_what_the_sources_use_and_no_more() {
    let (used, english) = (used(), defined(&ENGLISH));

    let missing: Vec<_> = used.iter().filter(|id| !english.contains_key(*id)).collect();
    assert!(missing.is_empty(), "not in the catalogue: {missing:?}");
    let idle: Vec<_> = english.keys().filter(|id| !used.contains(*id)).collect();
    assert!(idle.is_empty(), "used by no page: {idle:?}");
}

#[test]
fn values_are_grouped_counted_and_escaped() {
    let frame = Frame::sample("/", None);
    let ago = |count: u64| frame.t1("ui-ago-years", "count", count);

    assert_eq!((&*ago(1), &*ago(2418)), ("1 year ago", "2,418 years ago"));
    let html = frame.h1("ui-ago-years", "count", "<b>").to_string();
    assert_eq!(html, "&#60;b&#62; years ago");
    let chinese = Frame { language: Language::Chinese, ..frame };
    assert_eq!(chinese.t1("ui-ago-years", "count", 3_u64), "3 年前");
}
