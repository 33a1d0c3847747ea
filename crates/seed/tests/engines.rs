//! The same made-up hub on both engines.

use std::collections::BTreeMap;
use std::time::Duration;

use roadstead_db::testing::TestDb;
use roadstead_db::{Db, Engine, Tx, recount, repair, search};
use roadstead_seed::{Sizes, fill, full_text, sample};
use roadstead_types::Id;

const SIZES: Sizes = Sizes { accounts: 100, repositories: 1_000, tags: 5_000 };

/// What is in it, as far as questions tell; `None` without a server of that engine.
async fn made_up(engine: Engine) -> Option<(Vec<String>, BTreeMap<String, bool>)> {
    let empty = TestDb::empty(engine).await?;
    fill(&empty.url, SIZES).await.unwrap();
    let again = fill(&empty.url, SIZES).await.unwrap_err().to_string();
    assert!(again.contains("only an empty one can be filled"), "{again}");

    let sample = sample(&empty.url).await.unwrap();
    assert!(!sample.granted.is_empty(), "nobody reads anything through a team");
    let questions = ["nginx", "redis cluster", "ginx", "nosuchthing", ""].map(str::to_owned);
    let report = full_text::ask(&empty.url, &questions, Duration::ZERO).await.unwrap();
    let answers = report.answers.into_iter().map(|answer| (answer.question, answer.hits > 0));

    let db = Db::open(&empty.url).await.unwrap();
    let all = async |tx: &mut Tx<'_>| search::list_searchable(tx, Id::from_raw(0), 2_000).await;
    let rows = db.read(all).await.unwrap();
    assert_eq!(rows.len() as u64, SIZES.repositories, "the hub reads all of them");
    let dangling = db.read(async |tx| repair::dangling_tags(tx, 10).await).await.unwrap();
    assert!(dangling.is_empty(), "{dangling:?}");
    let books = db.read(async |tx| recount::compare(tx, None, 1_000).await).await.unwrap();
    assert!(books.iter().all(recount::Comparison::agrees), "{books:?}");
    db.close().await;
    let found = (sample.public, answers.collect());
    empty.remove().await;
    Some(found)
}

#[tokio::test]
async fn both_engines_hold_the_same_hub_and_answer_questions() {
    let sqlite = made_up(Engine::Sqlite).await.unwrap();

    assert!(sqlite.1["nginx"] && sqlite.1["ginx"] && sqlite.1[""], "{:?}", sqlite.1);
    assert!(!sqlite.1["nosuchthing"]);
    if let Some(postgres) = made_up(Engine::Postgres).await {
        assert_eq!(sqlite, postgres);
    }
}
