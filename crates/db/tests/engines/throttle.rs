use std::time::Duration;

use roadstead_db::codes::{self, Purpose};
use roadstead_db::{both_databases, throttle};

use crate::fixture::*;

const WINDOW: Duration = Duration::from_secs(60);

both_databases! {
    async fn failures_count_in_a_window_that_starts_with_the_first(db: Db) {
        let mut tx = db.begin().await.unwrap();
        assert_eq!(throttle::failures(&mut tx, "a", at(0)).await.unwrap(), None);
        assert_eq!(throttle::record_failure(&mut tx, "a", at(0), WINDOW).await.unwrap(), 1);
        assert_eq!(throttle::record_failure(&mut tx, "a", at(50), WINDOW).await.unwrap(), 2);
        assert_eq!(throttle::failures(&mut tx, "a", at(59)).await.unwrap(), Some((2, at(60))));
        assert_eq!(throttle::failures(&mut tx, "a", at(60)).await.unwrap(), None);
        assert_eq!(throttle::record_failure(&mut tx, "a", at(60), WINDOW).await.unwrap(), 1);
        assert_eq!(throttle::failures(&mut tx, "a", at(61)).await.unwrap(), Some((1, at(120))));
        throttle::clear(&mut tx, "a").await.unwrap();
        assert_eq!(throttle::failures(&mut tx, "a", at(61)).await.unwrap(), None);

        throttle::record_failure(&mut tx, "b", at(0), WINDOW).await.unwrap();
        throttle::record_failure(&mut tx, "c", at(9), WINDOW).await.unwrap();
        assert_eq!(throttle::purge(&mut tx, at(60)).await.unwrap(), 1);
    }

    async fn a_code_works_once_for_its_purpose_in_its_time(db: Db) {
        let secret = [1; 32];
        let mut tx = db.begin().await.unwrap();
        codes::insert(&mut tx, &secret, Purpose::Setup, at(0), at(100)).await.unwrap();
        assert!(!codes::exists(&mut tx, &secret, Purpose::Invite, at(1)).await.unwrap());
        assert!(!codes::take(&mut tx, &secret, Purpose::Invite, at(1)).await.unwrap());
        assert!(!codes::take(&mut tx, &secret, Purpose::Setup, at(100)).await.unwrap());
        assert!(codes::exists(&mut tx, &secret, Purpose::Setup, at(99)).await.unwrap());
        assert!(codes::take(&mut tx, &secret, Purpose::Setup, at(99)).await.unwrap());
        assert!(!codes::take(&mut tx, &secret, Purpose::Setup, at(99)).await.unwrap());

        for number in 2..6 {
            let ends = at(i64::from(number) * 10);
            codes::insert(&mut tx, &[number; 32], Purpose::Invite, at(0), ends).await.unwrap();
        }
        assert_eq!(codes::purge(&mut tx, at(30)).await.unwrap(), 2);
        assert_eq!(codes::delete_all(&mut tx, Purpose::Setup).await.unwrap(), 0);
        assert_eq!(codes::delete_all(&mut tx, Purpose::Invite).await.unwrap(), 2);
    }
}
