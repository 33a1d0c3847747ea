use roadstead_db::both_databases;
use roadstead_db::pull_windows::{self, PullWindow};

use crate::fixture::*;

fn window(key: &str, pulls: u64, starts_at: i64, ends_at: i64) -> PullWindow {
    PullWindow { key: key.to_owned(), pulls, starts_at: at(starts_at), ends_at: at(ends_at) }
}

both_databases! {
    async fn pulls_of_a_window_add_up_and_the_next_begins_at_nothing(db: Db) {
        let mut tx = db.begin().await.unwrap();
        let first = [window("a", 2, 10, 70), window("b", 1, 10, 70)];
        assert_eq!(pull_windows::add(&mut tx, &first).await.unwrap(), first);

        let later = [window("a", 3, 69, 129), window("b", 5, 70, 130)];
        let mut sums = pull_windows::add(&mut tx, &later).await.unwrap();
        sums.sort_by(|a, b| a.key.cmp(&b.key));
        assert_eq!(sums, [window("a", 5, 10, 70), window("b", 5, 70, 130)]);

        let found = pull_windows::find(&mut tx, "a", at(69)).await.unwrap();
        assert_eq!(found, Some(window("a", 5, 10, 70)));
        assert_eq!(pull_windows::find(&mut tx, "a", at(70)).await.unwrap(), None);
        assert_eq!(pull_windows::find(&mut tx, "c", at(0)).await.unwrap(), None);
        assert_eq!(pull_windows::purge(&mut tx, at(70)).await.unwrap(), 1);
        assert_eq!(pull_windows::purge(&mut tx, at(70)).await.unwrap(), 0);
    }

    async fn nodes_that_count_at_once_lose_no_pull(db: Db) {
        let keys: Vec<String> = (0..100).map(|number| format!("k{number:03}")).collect();
        let counted: Vec<_> = keys.iter().map(|key| window(key, 1, 10, 70)).collect();
        let nodes = (0..8).map(|_| {
            let (db, counted) = (db.clone(), counted.clone());
            tokio::spawn(async move {
                db.write(async |tx| pull_windows::add(tx, &counted).await).await
            })
        });
        for node in futures_util::future::join_all(nodes).await {
            node.unwrap().unwrap();
        }

        let mut tx = db.begin().await.unwrap();
        for key in [&keys[0], &keys[99]] {
            let found = pull_windows::find(&mut tx, key, at(11)).await.unwrap();
            assert_eq!(found, Some(window(key, 8, 10, 70)));
        }
    }
}
