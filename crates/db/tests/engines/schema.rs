//! The two schemas are one.

use roadstead_db::Engine;
use roadstead_db::testing::{TestDb, describe};

#[tokio::test]
async fn both_engines_have_the_same_schema_and_it_is_what_we_mean() {
    let mut schemas = Vec::new();
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let Some(database) = TestDb::open(engine).await else { continue };
        schemas.push(describe(&database.db).await.unwrap());
        database.remove().await;
    }

    if let [sqlite, postgres] = &schemas[..] {
        assert_eq!(sqlite, postgres);
    }
    insta::assert_snapshot!(schemas[0]);
}
