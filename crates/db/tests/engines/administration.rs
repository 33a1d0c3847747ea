use roadstead_db::announcements::{self, AnnouncementRecord, Level};
use roadstead_db::hub_settings::{self, SettingRow};
use roadstead_db::reserved::{self, ReservedRecord};
use roadstead_db::{both_databases, takedowns};
use roadstead_types::AnnouncementId;

use crate::fixture::*;

fn reserved(name: &str) -> ReservedRecord {
    ReservedRecord { name: name.into(), reason: "a brand".into(), created_at: at(1) }
}

both_databases! {
    async fn settings_are_decided_left_and_counted(db: Db) {
        let row = |name: &str, value: &str| SettingRow { name: name.into(), value: value.into() };
        let mut tx = db.begin().await.unwrap();
        assert_eq!(hub_settings::revision(&mut tx).await.unwrap(), 0);
        for revision in 1..=11 {
            hub_settings::advance(&mut tx).await.unwrap();
            assert_eq!(hub_settings::revision(&mut tx).await.unwrap(), revision);
        }
        assert_eq!(hub_settings::list(&mut tx).await.unwrap(), []);
        hub_settings::set(&mut tx, "sign_up", Some("open")).await.unwrap();
        hub_settings::set(&mut tx, "sign_up", Some("closed")).await.unwrap();
        hub_settings::set(&mut tx, "other", Some("x")).await.unwrap();
        let both = [row("other", "x"), row("sign_up", "closed")];
        assert_eq!(hub_settings::list(&mut tx).await.unwrap(), both);
        hub_settings::set(&mut tx, "other", None).await.unwrap();
        assert_eq!(hub_settings::list(&mut tx).await.unwrap(), both[1..]);
    }

    async fn a_digest_is_taken_down_once_and_allowed_again(db: Db) {
        let alice = account(&db, "alice").await;
        let mut tx = db.begin().await.unwrap();
        assert!(takedowns::insert(&mut tx, &digest(1), "spam", None, at(1)).await.unwrap());
        assert!(takedowns::insert(&mut tx, &digest(2), "malware", Some(alice), at(2)).await.unwrap());
        assert!(!takedowns::insert(&mut tx, &digest(2), "again", None, at(3)).await.unwrap());

        assert_eq!(takedowns::count(&mut tx).await.unwrap(), 2);
        let newest = takedowns::list(&mut tx, 0, 1).await.unwrap().remove(0);
        assert_eq!((newest.digest, newest.reason.as_str()), (digest(2), "malware"));
        assert_eq!(newest.blocked_by.unwrap().as_str(), "alice");
        assert_eq!(takedowns::list(&mut tx, 1, 9).await.unwrap()[0].blocked_by, None);
        assert_eq!(takedowns::all(&mut tx).await.unwrap().len(), 2);
        let reason = takedowns::delete(&mut tx, &digest(2)).await.unwrap();
        assert_eq!(reason.as_deref(), Some("malware"));
        assert_eq!(takedowns::delete(&mut tx, &digest(2)).await.unwrap(), None);
        assert_eq!(takedowns::all(&mut tx).await.unwrap(), [(digest(1), "spam".to_owned())]);
    }

    async fn a_name_is_reserved_by_itself_or_by_its_beginning(db: Db) {
        let mut tx = db.begin().await.unwrap();
        for name in ["redis", "post%*"] {
            assert!(reserved::insert(&mut tx, &reserved(name)).await.unwrap());
        }
        assert!(reserved::insert(&mut tx, &reserved("nginx*")).await.unwrap());
        assert!(!reserved::insert(&mut tx, &reserved("nginx*")).await.unwrap());
        let (page, total) = reserved::list(&mut tx, 1, 1).await.unwrap();
        assert_eq!((page, total), (vec![reserved("post%*")], 3));
        for (name, expected) in [
            ("redis", true), ("redis-2", false), ("redi", false),
            ("nginx", true), ("nginx-inc", true), ("ngin", false), ("my-nginx", false),
            ("postgres", false),
        ] {
            let held = reserved::holds(&mut tx, &name.parse().unwrap()).await.unwrap();
            assert_eq!(held, expected, "{name}");
        }
        assert!(reserved::delete(&mut tx, "nginx*").await.unwrap());
        assert!(!reserved::delete(&mut tx, "nginx*").await.unwrap());
    }

    async fn announcements_are_listed_from_the_latest_on(db: Db) {
        let new = |start: i64, end: Option<i64>| AnnouncementRecord {
            id: id::<AnnouncementId>(),
            text: format!("from {start}"),
            level: Level::Warning,
            starts_at: at(start),
            ends_at: end.map(at),
        };
        let (early, late) = (new(1, Some(5)), new(2, None));
        let mut tx = db.begin().await.unwrap();
        announcements::insert(&mut tx, &early).await.unwrap();
        announcements::insert(&mut tx, &late).await.unwrap();

        let listed = announcements::list(&mut tx, 9).await.unwrap();
        assert_eq!(listed, [late.clone(), early.clone()]);
        assert_eq!(announcements::list(&mut tx, 1).await.unwrap().len(), 1);
        assert_eq!(announcements::purge(&mut tx, at(5)).await.unwrap(), 0);
        assert_eq!(announcements::purge(&mut tx, at(6)).await.unwrap(), 1);
        let text = announcements::delete(&mut tx, late.id).await.unwrap();
        assert_eq!(text.as_deref(), Some("from 2"));
        assert_eq!(announcements::delete(&mut tx, late.id).await.unwrap(), None);
    }
}
