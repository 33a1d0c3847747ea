//! Indexes come and go: changes, restarts, damage, rebuilds.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use roadstead_search::{Change, Index, Rebuild, SearchError, Stamp};
use roadstead_types::RepositoryId;
use roadstead_types::ids::Id;

use crate::fixture::*;

fn folders(home: &Path) -> Vec<String> {
    let entries = fs::read_dir(home).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

fn why(home: &Path, stamp: &Stamp) -> String {
    match Index::open(home, stamp) {
        Ok(index) => panic!("{index:?} was opened"),
        Err(error) => error.to_string(),
    }
}

#[test]
fn changes_are_found_at_once_and_after_a_restart_with_their_position() {
    let home = tempfile::tempdir().unwrap();
    let index = build(home.path(), &[document(1, "alice/app"), document(2, "alice/old")]);

    let changes = [put(document(3, "alice/new")), Change::Remove(RepositoryId::from_raw(2))];
    index.apply(&changes, 40).unwrap();
    index.apply(&[put(document(1, "alice/renamed"))], 41).unwrap();
    index.apply(&[put(document(1, "alice/renamed"))], 42).unwrap();

    let ids = |index: &Index| index.search(&words("alice"), &Arc::default()).unwrap().ids;
    assert_eq!(ids(&index), [RepositoryId::from_raw(1), RepositoryId::from_raw(3)]);
    drop(index);
    let index = Index::open(home.path(), &stamp()).unwrap();
    assert_eq!((index.position(), index.count()), (42, 2));
    assert_eq!(ids(&index), [RepositoryId::from_raw(1), RepositoryId::from_raw(3)]);
}

#[test]
fn an_index_of_another_make_is_not_opened() {
    let home = tempfile::tempdir().unwrap();
    assert!(why(home.path(), &stamp()).contains("there is none yet"));
    drop(build(home.path(), &[document(1, "alice/app")]));

    let other = Stamp { database: "b".to_owned(), ..stamp() };
    assert!(why(home.path(), &other).contains("another database"));
    let asked = Stamp { edition: 2, ..stamp() };
    assert!(why(home.path(), &asked).contains("a rebuild was asked for"));
    assert!(Index::open(home.path(), &stamp()).is_ok());
}

#[test]
fn damage_is_noticed_when_it_is_opened_or_does_no_harm() {
    let home = tempfile::tempdir().unwrap();
    drop(build(home.path(), &[document(1, "alice/app"), document(2, "bob/app")]));
    let folder = home.path().join("1");
    let files: Vec<_> = fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let damaged = files.iter().filter(|path| !path.to_string_lossy().contains(".lock"));
    let mut tried = 0;

    for path in damaged {
        let whole = fs::read(path).unwrap();
        let mut broken = whole.clone();
        broken[whole.len() / 2] ^= 0x20;
        for wrong in [&broken[..], &whole[..whole.len() / 2], &[]] {
            fs::write(path, wrong).unwrap();
            // A space of the JSON or a record of old files may be lost without harm.
            if let Ok(index) = Index::open(home.path(), &stamp()) {
                let found = index.search(&words("app"), &Arc::default()).unwrap().total;
                assert_eq!(found, 2, "{} was not missed", path.display());
            }
        }
        fs::write(path, whole).unwrap();
        tried += 1;
    }

    assert!(tried > 5, "the index has lost its files");
    assert!(Index::open(home.path(), &stamp()).is_ok());
}

#[test]
fn a_rebuild_leaves_the_index_in_use_alone_until_it_is_whole() {
    let home = tempfile::tempdir().unwrap();
    let old = build(home.path(), &[document(1, "alice/old")]);
    let rebuild = Rebuild::begin(home.path(), &stamp()).unwrap();
    rebuild.add(&document(2, "alice/new")).unwrap();

    old.apply(&[put(document(3, "alice/meanwhile"))], 5).unwrap();
    assert_eq!(old.count(), 2);
    let new = rebuild.finish(4).unwrap();

    assert_eq!((new.position(), new.count()), (4, 1));
    assert_eq!(folders(home.path()), ["1", "2"]);
    new.remove_others().unwrap();
    assert_eq!(old.search(&words("old"), &Arc::default()).unwrap().total, 1);
    assert_eq!(folders(home.path()), ["2"]);
}

#[test]
fn a_rebuild_that_broke_off_is_passed_over() {
    let home = tempfile::tempdir().unwrap();
    drop(build(home.path(), &[document(1, "alice/app")]));
    let rebuild = Rebuild::begin(home.path(), &stamp()).unwrap();
    rebuild.add(&document(2, "alice/new")).unwrap();
    drop(rebuild);

    let index = Index::open(home.path(), &stamp()).unwrap();

    assert_eq!(index.count(), 1);
    index.remove_others().unwrap();
    assert_eq!(folders(home.path()), ["1"]);
    assert!(matches!(Index::open(&home.path().join("x"), &stamp()), Err(SearchError::Outdated(_))));
}
