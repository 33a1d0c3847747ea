use roadstead_db::pulls::{self, Pulls};
use roadstead_db::{both_databases, repos, tag_list};
use roadstead_types::{RepositoryId, Tag};

use crate::fixture::*;

pub fn pulled(repository: RepositoryId, day: i64, tag: Option<&str>, count: u64) -> Pulls {
    let tag = tag.map(|tag| tag.parse().unwrap());
    Pulls { repository, day, tag, count, last_at: at(day) }
}

both_databases! {
    async fn pulls_add_up_by_day_by_tag_and_in_all(db: Db) {
        let (_, app) = alice_app(&db).await;
        let image = manifest(&db, app, 1).await;
        let v1: Tag = "v1".parse().unwrap();
        db.write(async |tx| put_tag(tx, app, &v1, image, None, at(1)).await).await.unwrap();
        let counted = [
            pulled(app, 3, None, 5),
            pulled(app, 3, Some("gone"), 1),
            pulled(app, 3, Some("v1"), 2),
            pulled(app, 4, Some("v1"), 7),
        ];
        let nodes = (0..4).map(|_| {
            let (db, counted) = (db.clone(), counted.clone());
            tokio::spawn(async move { db.write(async |tx| pulls::add(tx, &counted).await).await })
        });
        for node in futures_util::future::join_all(nodes).await {
            node.unwrap().unwrap();
        }

        let mut tx = db.begin().await.unwrap();
        let record = repos::find_by_id(&mut tx, app).await.unwrap().unwrap();
        assert_eq!((record.pulls, record.pulled_at), (60, Some(at(4))));
        assert_eq!(pulls::by_day(&mut tx, app, 3).await.unwrap(), [(3, 32), (4, 28)]);
        assert_eq!(pulls::by_day(&mut tx, app, 4).await.unwrap(), [(4, 28)]);
        let by_tag = pulls::by_tag(&mut tx, app, 0, 2).await.unwrap();
        assert_eq!(by_tag, [("v1".to_owned(), 36), (String::new(), 20)]);
        let row = tag_list::one(&mut tx, app, &v1).await.unwrap().unwrap();
        assert_eq!((row.pulls, row.pulled_at), (36, Some(at(4))));
    }
}
