use roadstead_db::both_databases;
use roadstead_db::plans::{self, PlanRecord};

use crate::fixture::*;

fn plan(name: &str, private: Option<u64>) -> PlanRecord {
    PlanRecord {
        name: name.into(),
        private_repositories: private,
        storage_bytes: Some(1 << 40),
        members: None,
        pulls: Some(200),
        created_at: at(1),
    }
}

both_databases! {
    async fn plans_are_made_changed_given_and_removed(db: Db) {
        let alice = account(&db, "alice").await;
        let (small, team) = (plan("small", Some(3)), plan("team", None));
        let mut tx = db.begin().await.unwrap();
        plans::put(&mut tx, &plan("small", Some(1))).await.unwrap();
        plans::put(&mut tx, &small).await.unwrap();
        plans::put(&mut tx, &team).await.unwrap();

        assert_eq!(plans::find(&mut tx, "small").await.unwrap(), Some(small.clone()));
        assert_eq!(plans::find(&mut tx, "none").await.unwrap(), None);
        assert_eq!(plans::list(&mut tx).await.unwrap(), [small, team.clone()]);
        assert_eq!(plans::of(&mut tx, alice).await.unwrap(), None);
        assert!(plans::set_of(&mut tx, alice, Some("team")).await.unwrap());
        assert_eq!(plans::of(&mut tx, alice).await.unwrap(), Some(team));
        assert_eq!(plans::hold(&mut tx, alice).await.unwrap().as_deref(), Some("team"));
        assert!(!plans::delete(&mut tx, "team").await.unwrap(), "somebody has it");
        assert!(plans::set_of(&mut tx, alice, None).await.unwrap());
        assert!(plans::delete(&mut tx, "team").await.unwrap());
        assert!(!plans::delete(&mut tx, "team").await.unwrap());
    }
}
