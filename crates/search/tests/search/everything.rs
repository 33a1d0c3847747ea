//! A question without words takes a way of its own; it must end where all others end.

use roadstead_search::{Change, Document, Filters, Page, Query, Readable, Sort};
use roadstead_types::ids::Id;
use roadstead_types::{RepositoryId, Timestamp};

use crate::fixture::*;

/// More than are read in one run, with ties in every order.
const COUNT: i64 = 1_500;

fn repository(id: i64) -> Document {
    let mixed = u64::try_from(id).unwrap() * 7_919 % 1_009;
    Document {
        stars: mixed % 40,
        pulls: mixed % 7,
        updated_at: Timestamp::from_unix_us(i64::try_from(mixed).unwrap()),
        is_private: mixed.is_multiple_of(3),
        is_official: mixed.is_multiple_of(100),
        ..document(id, &format!("{}/app-{id}", "a".repeat(1 + id as usize % 4)))
    }
}

/// A filter that keeps all of them, so that each hit is visited.
fn the_long_way(query: &Query) -> Query {
    let since = Some(Timestamp::from_unix_us(0));
    Query { filters: Filters { updated_since: since, ..Filters::default() }, ..query.clone() }
}

#[test]
fn everything_is_counted_and_ordered_as_if_each_repository_was_visited() {
    let hub = Searched::new((1..=COUNT).map(repository).collect());
    let before = hub.ask(&Query::default(), &Readable::public()).1;
    let mut changes: Vec<_> = (1..200).step_by(7).map(|id| put(repository(id))).collect();
    changes.extend((200..300).map(|id| Change::Remove(RepositoryId::from_raw(id))));
    hub.index.apply(&changes, 1).unwrap();

    let member = Readable::public().namespaces([owner("aa")]);
    let member = member.repositories((1..50).map(RepositoryId::from_raw));
    for readable in [Readable::public(), member] {
        for sort in [Sort::BestMatch, Sort::Stars, Sort::Pulls, Sort::Updated] {
            for (offset, limit) in [(0, 25), (600, 30), (0, 2_000)] {
                let page = Page::new(offset, limit).unwrap();
                let query = Query { sort, page, ..Query::default() };
                let found = hub.ask(&query, &readable);
                assert_eq!(found, hub.ask(&the_long_way(&query), &readable), "{sort:?} {offset}");
                assert!(found.1 > 800 && !found.0.is_empty());
            }
        }
    }
    assert!(hub.ask(&Query::default(), &Readable::public()).1 < before, "removed ones count");
}
