use roadstead_db::both_databases;
use roadstead_db::uploads::{self, Progress, Reservation, UploadRecord};
use roadstead_types::{AccountId, RepositoryId, UploadId};

use crate::fixture::*;

pub fn session(repository_id: RepositoryId, account_id: AccountId) -> UploadRecord {
    UploadRecord {
        id: UploadId(uuid::Uuid::new_v4()),
        repository_id,
        account_id,
        offset: 0,
        hash: vec![0; 40],
        staged: Vec::new(),
        writer: None,
        writer_until: None,
        created_at: at(0),
        expires_at: at(1000),
        namespace_id: None,
        reserved: 0,
    }
}

const NONE: Reservation = Reservation { namespace: None, bytes: 0 };

both_databases! {
    async fn an_acknowledged_offset_is_what_the_next_request_finds(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let new = session(app, alice);
        let mut tx = db.begin().await.unwrap();
        uploads::insert(&mut tx, &new).await.unwrap();
        assert_eq!(uploads::find(&mut tx, new.id).await.unwrap().as_ref(), Some(&new));
        let held = uploads::lease(&mut tx, new.id, "n1/a", at(1), at(21)).await.unwrap().unwrap();
        assert_eq!((held.writer.as_deref(), held.writer_until), (Some("n1/a"), Some(at(21))));

        let progress =
            Progress { offset: 5 << 32, hash: &[9; 41], staged: b"part", expires_at: at(2000), reservation: NONE };
        assert!(!uploads::acknowledge(&mut tx, new.id, "n1/b", progress).await.unwrap());
        assert!(uploads::acknowledge(&mut tx, new.id, "n1/a", progress).await.unwrap());
        assert!(!uploads::acknowledge(&mut tx, new.id, "n1/a", progress).await.unwrap());

        let found = uploads::find(&mut tx, new.id).await.unwrap().unwrap();
        assert_eq!(found, UploadRecord {
            offset: 5 << 32, hash: vec![9; 41], staged: b"part".to_vec(), expires_at: at(2000), ..new
        });
    }

    async fn a_lease_has_one_holder_until_it_ends(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let new = session(app, alice);
        let mut tx = db.begin().await.unwrap();
        uploads::insert(&mut tx, &new).await.unwrap();

        assert!(uploads::lease(&mut tx, new.id, "a", at(1), at(21)).await.unwrap().is_some());
        assert!(uploads::lease(&mut tx, new.id, "b", at(20), at(40)).await.unwrap().is_none());
        assert!(uploads::renew(&mut tx, new.id, "a", at(25)).await.unwrap());
        assert!(uploads::lease(&mut tx, new.id, "b", at(24), at(40)).await.unwrap().is_none());
        assert!(uploads::lease(&mut tx, new.id, "b", at(25), at(40)).await.unwrap().is_some());
        assert!(!uploads::renew(&mut tx, new.id, "a", at(50)).await.unwrap());
        assert!(!uploads::release(&mut tx, new.id, "a", NONE, 0).await.unwrap());
        assert!(uploads::release(&mut tx, new.id, "b", NONE, 0).await.unwrap());
        assert!(uploads::lease(&mut tx, new.id, "c", at(26), at(40)).await.unwrap().is_some());
        assert!(uploads::finish(&mut tx, new.id, "b").await.unwrap().is_none());
        assert!(uploads::finish(&mut tx, new.id, "c").await.unwrap().is_some());
        assert!(!uploads::delete(&mut tx, new.id).await.unwrap());
    }

    async fn a_dead_writers_lease_is_taken_over_once(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let new = session(app, alice);
        let mut tx = db.begin().await.unwrap();
        uploads::insert(&mut tx, &new).await.unwrap();
        uploads::lease(&mut tx, new.id, "n1/dead", at(1), at(21)).await.unwrap().unwrap();

        let taken = uploads::take_over(&mut tx, new.id, "n1/dead", "n1/b", at(22)).await.unwrap();
        let again = uploads::take_over(&mut tx, new.id, "n1/dead", "n1/c", at(23)).await.unwrap();

        let held = taken.unwrap();
        assert_eq!((held.writer.as_deref(), held.writer_until), (Some("n1/b"), Some(at(22))));
        assert_eq!(again, None);
        assert!(uploads::release(&mut tx, new.id, "n1/b", NONE, 0).await.unwrap());
    }

    async fn of_sixteen_who_want_a_lease_one_gets_it(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let new = session(app, alice);
        db.write(async |tx| uploads::insert(tx, &new).await).await.unwrap();
        let attempts = (0..16).map(|number| {
            let (db, id) = (db.clone(), new.id);
            tokio::spawn(async move {
                let writer = format!("w{number}");
                db.write(async |tx| uploads::lease(tx, id, &writer, at(1), at(21)).await).await
            })
        });
        let held = futures_util::future::join_all(attempts).await;

        assert_eq!(held.into_iter().filter(|o| o.as_ref().unwrap().as_ref().unwrap().is_some()).count(), 1);
    }

    async fn expired_sessions_are_taken_once_and_never_under_a_writer(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let mut sessions: Vec<_> = (0..6).map(|_| session(app, alice)).collect();
        sessions[0].expires_at = at(5000);
        let mut tx = db.begin().await.unwrap();
        for new in &sessions {
            uploads::insert(&mut tx, new).await.unwrap();
        }
        uploads::lease(&mut tx, sessions[1].id, "busy", at(990), at(1010)).await.unwrap();

        let first = uploads::take_expired(&mut tx, at(1000), 3).await.unwrap();
        let second = uploads::take_expired(&mut tx, at(1000), 3).await.unwrap();

        assert_eq!((first.len(), second.len()), (3, 1));
        assert_eq!(uploads::count_of(&mut tx, alice).await.unwrap(), 2);
        let kept = uploads::take_expired(&mut tx, at(1010), 3).await.unwrap();
        assert_eq!(kept.iter().map(|s| s.id).collect::<Vec<_>>(), [sessions[1].id]);
        assert!(uploads::delete(&mut tx, sessions[0].id).await.unwrap());
    }

    async fn of_many_ids_those_with_a_session_are_known(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let sessions: Vec<_> = (0..3).map(|_| session(app, alice)).collect();
        let mut tx = db.begin().await.unwrap();
        for new in &sessions[..2] {
            uploads::insert(&mut tx, new).await.unwrap();
        }
        // More than one statement holds, with the known ones at both ends.
        let mut ids: Vec<_> = (0..300).map(|_| UploadId(uuid::Uuid::new_v4())).collect();
        ids.insert(0, sessions[0].id);
        ids.extend([sessions[2].id, sessions[1].id]);

        let known = uploads::known_among(&mut tx, &ids).await.unwrap();

        assert_eq!(known, [sessions[0].id, sessions[1].id].into());
        assert!(uploads::known_among(&mut tx, &[]).await.unwrap().is_empty());
    }

    async fn a_node_that_starts_frees_the_leases_of_its_earlier_life(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let sessions: Vec<_> = (0..3).map(|_| session(app, alice)).collect();
        let mut tx = db.begin().await.unwrap();
        for (new, writer) in sessions.iter().zip(["n1/a", "n1/b", "n12/a"]) {
            uploads::insert(&mut tx, new).await.unwrap();
            uploads::lease(&mut tx, new.id, writer, at(1), at(21)).await.unwrap();
        }

        assert_eq!(uploads::free_leases_of(&mut tx, "n1/").await.unwrap(), 2);

        assert!(uploads::lease(&mut tx, sessions[0].id, "x", at(2), at(22)).await.unwrap().is_some());
        assert!(uploads::lease(&mut tx, sessions[2].id, "x", at(2), at(22)).await.unwrap().is_none());
    }
}
