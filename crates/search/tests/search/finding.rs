//! What is found by which words, and what comes first.

use roadstead_search::{Filters, MAX_DEPTH, Page, Query, QueryError, Readable, Sort, Text};
use roadstead_types::Timestamp;

use crate::fixture::*;

#[test]
fn a_name_is_found_whole_by_its_beginning_by_its_inside_and_mistyped() {
    let hub = Searched::named(&["alice/elasticsearch", "bob/redis", "carol/redis-cluster"]);

    for text in
        ["elasticsearch", "ELASTIC", "e", "astics", "search", "elasticserch", "elastcisaerch"]
    {
        assert_eq!(hub.names(text), ["alice/elasticsearch"], "{text}");
    }
    for text in ["redis-cluster", "redis_cluster", "redis cluster", "rediscluster", "cluster redi"]
    {
        assert_eq!(hub.names(text), ["carol/redis-cluster"], "{text}");
    }
    assert_eq!(hub.names("rdis"), ["bob/redis", "carol/redis-cluster"]);
}

#[test]
fn a_path_is_found_as_docker_search_sends_it() {
    let hub = Searched::named(&["alice/app", "bob/app", "alice/tool"]);

    assert_eq!(hub.names("alice/app"), ["alice/app"]);
    assert_eq!(hub.names("alic"), ["alice/app", "alice/tool"]);
}

#[test]
fn every_word_must_be_there_unless_nothing_has_them_all() {
    let described = |id, path, text: &str| {
        let description = text.to_owned();
        roadstead_search::Document { description, ..document(id, path) }
    };
    let hub = Searched::new(vec![
        described(1, "a/one", "a small proxy"),
        described(2, "a/two", "a small database"),
        described(3, "a/three", "Café au lait"),
    ]);

    assert_eq!(hub.names("small proxy"), ["a/one"]);
    assert_eq!(hub.names("proxy database"), ["a/one", "a/two"]);
    assert_eq!(hub.names("cafe"), ["a/three"]);
    assert_eq!(hub.find("!?"), (vec![], 0));
    assert_eq!(hub.find("").1, 3);
}

#[test]
fn the_better_match_comes_first_at_equal_standing() {
    let base = |id| document(id, &format!("owner-{id}/thing-{id}"));
    let hub = Searched::new(vec![
        roadstead_search::Document { readme: "kafka".into(), ..base(1) },
        roadstead_search::Document { topics: vec!["kafka".into()], ..base(2) },
        roadstead_search::Document { description: "kafka".into(), ..base(3) },
        document(4, "kafka/thing"),
        document(5, "a/mykafkathing"),
        document(6, "a/kafkaesque"),
        document(7, "a/kafka-tool"),
        document(8, "a/kafka"),
    ]);

    assert_eq!(
        hub.names("kafka"),
        [
            "a/kafka",
            "a/kafka-tool",
            "a/kafkaesque",
            "a/mykafkathing",
            "kafka/thing",
            "owner-3/thing-3",
            "owner-2/thing-2",
            "owner-1/thing-1"
        ]
    );
}

#[test]
fn official_and_many_stars_lift_a_match_and_archiving_lowers_it() {
    let hub = Searched::new(vec![
        document(1, "a/nginx"),
        roadstead_search::Document { stars: 3, ..document(2, "b/nginx") },
        roadstead_search::Document { is_official: true, ..document(3, "library/nginx") },
        roadstead_search::Document { stars: 5, is_archived: true, ..document(4, "c/nginx") },
        roadstead_search::Document { stars: 60_000, pulls: 1 << 30, ..document(5, "d/nginx-ui") },
    ]);

    assert_eq!(
        hub.names("nginx"),
        ["d/nginx-ui", "library/nginx", "b/nginx", "a/nginx", "c/nginx"]
    );
}

#[test]
fn each_order_breaks_ties_the_same_way_and_pages_do_not_overlap() {
    let counted = |id, stars, pulls| roadstead_search::Document {
        stars,
        pulls,
        ..document(id, &format!("a/r-{id}"))
    };
    let hub =
        Searched::new(vec![counted(1, 5, 1), counted(2, 5, 9), counted(3, 7, 0), counted(4, 5, 9)]);

    assert_eq!(hub.sorted(Sort::Stars), ["a/r-3", "a/r-2", "a/r-4", "a/r-1"]);
    assert_eq!(hub.sorted(Sort::Pulls), ["a/r-2", "a/r-4", "a/r-1", "a/r-3"]);
    assert_eq!(hub.sorted(Sort::Updated), ["a/r-4", "a/r-3", "a/r-2", "a/r-1"]);
    let page = |offset| {
        let page = Page::new(offset, 3).unwrap();
        hub.ask(&Query { sort: Sort::Stars, page, ..Query::default() }, &Readable::public())
    };
    assert_eq!(page(0), (vec!["a/r-3".into(), "a/r-2".into(), "a/r-4".into()], 4));
    assert_eq!(page(3), (vec!["a/r-1".into()], 4));
    assert_eq!(page(6), (vec![], 4));
}

#[test]
fn filters_keep_what_has_the_fact_or_has_it_not() {
    let hub = Searched::new(vec![
        roadstead_search::Document { is_official: true, ..document(1, "library/os") },
        roadstead_search::Document { is_automated: true, ..document(2, "alice/app") },
        roadstead_search::Document {
            architectures: vec!["arm64".into()],
            ..document(3, "bo/tool")
        },
    ]);

    let with = |change: &dyn Fn(&mut Filters)| {
        let mut filters = Filters::default();
        change(&mut filters);
        hub.filtered(filters)
    };
    assert_eq!(with(&|filters| filters.official = Some(true)), ["library/os"]);
    assert_eq!(with(&|filters| filters.automated = Some(false)), ["library/os", "bo/tool"]);
    assert_eq!(with(&|filters| filters.owner = Some(owner("alice"))), ["alice/app"]);
    assert_eq!(
        with(&|filters| filters.architectures = vec!["arm64".into(), "s390x".into()]),
        ["bo/tool"]
    );
    assert_eq!(
        with(&|filters| filters.updated_since = Some(Timestamp::from_unix_us(2))),
        ["alice/app", "bo/tool"]
    );
    assert_eq!(
        with(&|filters| (filters.official, filters.automated) = (Some(true), Some(true))),
        [""; 0]
    );
}

#[test]
fn a_query_has_bounds_and_says_which() {
    assert_eq!(Text::parse(&"x".repeat(301)), Err(QueryError::TooLong));
    assert_eq!(Text::parse("a b c d e f g h i j k"), Err(QueryError::TooManyWords));
    assert!(Text::parse(&"x".repeat(255)).is_ok());
    assert_eq!(Page::new(MAX_DEPTH as u64, 1), Err(QueryError::TooDeep));
    assert_eq!(Page::new(u64::MAX, u32::MAX), Err(QueryError::TooDeep));
    let longest = "ab".repeat(127);
    let hub = Searched::named(&[&format!("a/{longest}")]);
    assert_eq!(hub.find(&longest).1, 1);
    assert_eq!(hub.find(&longest[..200]).1, 1);
}
