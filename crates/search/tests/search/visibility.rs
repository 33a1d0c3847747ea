//! Private repositories: neither shown nor counted nor felt by those who may not read them.

use roadstead_search::{Document, Query, Readable, Sort};
use roadstead_types::RepositoryId;
use roadstead_types::ids::Id;

use crate::fixture::*;

fn private(id: i64, path: &str) -> Document {
    Document { is_private: true, stars: 1000, ..document(id, path) }
}

fn everything() -> Query {
    Query { sort: Sort::Updated, ..Query::default() }
}

#[test]
fn private_repositories_are_found_by_those_who_may_read_them_alone() {
    let hub = Searched::new(vec![
        document(1, "alice/app"),
        private(2, "alice/secret"),
        private(3, "bo/app"),
        private(4, "bo/secret"),
    ]);
    let secret = |readable: Readable| hub.ask(&words("secret"), &readable);

    assert_eq!(secret(Readable::public()), (vec![], 0));
    let alice = Readable::public().namespaces([owner("alice")]);
    assert_eq!(secret(alice.clone()), (vec!["alice/secret".into()], 1));
    let team = alice.repositories([RepositoryId::from_raw(3)]);
    assert_eq!(secret(team.clone()).1, 1);
    let (names, total) = hub.ask(&everything(), &team);
    assert_eq!(
        (names, total),
        (vec!["bo/app".into(), "alice/secret".into(), "alice/app".into()], 3)
    );
}

#[test]
fn two_hubs_that_differ_in_a_private_repository_answer_a_stranger_alike() {
    let public: Vec<Document> =
        (1..40).map(|id| document(id, &format!("owner-{id}/redis-{id}"))).collect();
    let mut more = public.clone();
    more.push(private(90, "zoe/redis"));
    more.push(private(91, "zoe/redys-exact"));
    let (without, with) = (Searched::new(public), Searched::new(more));

    // One word is few hits short of a wider search only through what is private.
    for text in ["redis", "redys", "redis-7", "redis exact", "zoe", "redys exact", ""] {
        assert_eq!(without.find(text), with.find(text), "{text}");
    }
    for sort in [Sort::BestMatch, Sort::Stars, Sort::Pulls, Sort::Updated] {
        assert_eq!(without.sorted(sort), with.sorted(sort), "{sort:?}");
    }
}

#[test]
fn a_repository_made_private_is_gone_with_the_change() {
    let hub = Searched::named(&["alice/app", "bo/app"]);

    hub.index.apply(&[put(private(1, "alice/app"))], 7).unwrap();

    assert_eq!(hub.find("app"), (vec!["bo/app".into()], 1));
}
