//! Pulls in their windows, on one node and on two.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use roadstead_blobs::memory::MemoryStore;
use roadstead_db::{Db, both_databases, pull_windows};
use roadstead_types::{Secret, Timestamp};

use super::*;
use crate::access::tokens::Keys;
use crate::access::{Credential, Identity};
use crate::accounts::{NewUser, SystemKey};
use crate::plans::Plan;
use crate::settings::PullLimits;
use crate::{Caller, Clock, Hub, Parts, SealingKey, Settings};

const MINUTE: Duration = Duration::from_secs(60);
const WINDOW: Duration = Duration::from_secs(6 * 3600);
const KEY: SystemKey = SystemKey::for_operator();

/// Nodes of one hub, under one clock that stands still until it is moved.
struct Stage {
    db: Db,
    now: Arc<AtomicI64>,
}

impl Stage {
    fn set(db: Db) -> Self {
        Self { db, now: Arc::new(AtomicI64::new(1_780_000_000_000_000)) }
    }

    async fn node(&self, anonymous: Option<u64>, account: Option<u64>) -> Hub {
        let clock = Arc::clone(&self.now);
        let pulls = PullLimits { anonymous, account, window: WINDOW };
        let hub = Hub::start(Parts {
            db: self.db.clone(),
            blobs: Arc::new(MemoryStore::default()),
            clock: Clock::new(move || Timestamp::from_unix_us(clock.load(Ordering::SeqCst))),
            settings: Settings { pulls, ..Settings::default() },
            node: "test".to_owned(),
            keys: Keys::generate().unwrap(),
            sealing: SealingKey::generate(),
        });
        hub.await.unwrap()
    }

    fn wait(&self, duration: Duration) {
        self.now.fetch_add(duration.as_micros() as i64, Ordering::SeqCst);
    }
}

fn address(last: u8) -> IpAddr {
    IpAddr::from([192, 0, 2, last])
}

async fn pull(hub: &Hub, caller: &Caller, from: IpAddr) -> Result<u64, PullLimitReached> {
    let allowance = hub.pull_allowance(caller, from).await.unwrap().expect("it has a limit");
    hub.take_pull(allowance).map(|left| left.remaining())
}

/// Pulls until it is refused; returns how many were served.
async fn drain(hub: &Hub, from: IpAddr) -> u64 {
    let mut served = 0;
    while pull(hub, &Caller::Anonymous, from).await.is_ok() {
        served += 1;
    }
    served
}

async fn left(hub: &Hub, caller: &Caller) -> Option<u64> {
    let allowance = hub.pull_allowance(caller, address(1)).await.unwrap();
    allowance.map(|allowance| allowance.remaining())
}

async fn person(hub: &Hub, name: &str, is_admin: bool) -> Caller {
    let new = NewUser {
        name: name.to_owned(),
        email: format!("{name}@example.test"),
        password: Secret::new(format!("correct horse {name}")),
        is_admin,
        is_verified: true,
    };
    let made = hub.create_user(&KEY, new).await.unwrap();
    let identity: Option<Identity> =
        hub.find_identity(made.id, Credential::Password, 1).await.unwrap();
    Caller::Identity(Arc::new(identity.unwrap()))
}

both_databases! {
    async fn a_window_begins_with_the_first_pull_and_ends_for_each_by_itself(db: Db) {
        let stage = Stage::set(db);
        let hub = stage.node(Some(3), None).await;
        assert_eq!(left(&hub, &Caller::Anonymous).await, Some(3));
        stage.wait(MINUTE);
        assert_eq!(pull(&hub, &Caller::Anonymous, address(1)).await, Ok(2));
        stage.wait(MINUTE);
        assert_eq!(drain(&hub, address(1)).await, 2);
        assert_eq!(drain(&hub, address(2)).await, 3);

        let refused = pull(&hub, &Caller::Anonymous, address(1)).await.unwrap_err();
        assert_eq!(refused.wait, WINDOW - MINUTE);
        let text = refused.to_string();
        assert!(text.contains("limit (3 in 6 h). Sign in with `docker login`"), "{text}");
        assert!(text.ends_with("or wait 5 h 59 min"), "{text}");

        hub.flush_counts().await.unwrap();
        stage.wait(WINDOW - MINUTE);
        assert_eq!(drain(&hub, address(1)).await, 3);
        assert_eq!(drain(&hub, address(2)).await, 0);
        assert_eq!(hub.purge_accounts().await.unwrap(), 1, "the window that is over");
    }

    async fn two_nodes_serve_the_limit_and_what_they_serve_between_two_flushes(db: Db) {
        let stage = Stage::set(db);
        let nodes = [stage.node(Some(10), None).await, stage.node(Some(10), None).await];
        for _ in 0..3 {
            for node in &nodes {
                pull(node, &Caller::Anonymous, address(1)).await.unwrap();
                node.flush_counts().await.unwrap();
            }
        }
        // Each has told what it served; the first has not heard of the second's last pull.
        assert_eq!(left(&nodes[0], &Caller::Anonymous).await, Some(5));
        assert_eq!(left(&nodes[1], &Caller::Anonymous).await, Some(4));

        let served = drain(&nodes[0], address(1)).await + drain(&nodes[1], address(1)).await;
        assert_eq!(served, 5 + 4);
        for node in &nodes {
            node.flush_counts().await.unwrap();
            assert_eq!(drain(node, address(1)).await, 0);
        }
        let fresh = stage.node(Some(10), None).await;
        assert_eq!(drain(&fresh, address(1)).await, 0, "a start forgets nothing");
    }

    async fn a_crowd_gets_exactly_the_limit_while_counts_are_written(db: Db) {
        let stage = Stage::set(db);
        let hub = stage.node(Some(100), None).await;
        let pullers = (0..8).map(|_| {
            let hub = hub.clone();
            tokio::spawn(async move {
                let mut served = 0;
                for _ in 0..40 {
                    served += u64::from(pull(&hub, &Caller::Anonymous, address(1)).await.is_ok());
                    tokio::task::yield_now().await;
                }
                served
            })
        });
        let pullers: Vec<_> = pullers.collect();
        while !pullers.iter().all(tokio::task::JoinHandle::is_finished) {
            hub.flush_counts().await.unwrap();
            tokio::task::yield_now().await;
        }
        let served = futures_util::future::join_all(pullers).await;
        let served: u64 = served.into_iter().map(|served| served.unwrap()).sum();

        assert_eq!(served, 100);
        hub.flush_counts().await.unwrap();
        let mut tx = stage.db.begin().await.unwrap();
        let row = pull_windows::find(&mut tx, "address:192.0.2.1", hub.now()).await;
        assert_eq!(row.unwrap().unwrap().pulls, 100);
    }

    async fn accounts_have_the_limit_of_their_plan_wherever_they_are(db: Db) {
        let stage = Stage::set(db);
        let hub = stage.node(Some(1), Some(5)).await;
        let (alice, keeper) = (person(&hub, "alice", false).await, person(&hub, "keeper", true).await);
        assert_eq!(pull(&hub, &alice, address(1)).await, Ok(4));
        assert_eq!(pull(&hub, &alice, address(2)).await, Ok(3));
        assert_eq!(drain(&hub, address(1)).await, 1, "others at that address have their own");
        assert_eq!(left(&hub, &keeper).await, None);

        for (name, pulls) in [("more", Some(9)), ("all", None)] {
            let plan = Plan {
                name: name.to_owned(),
                private_repositories: None,
                storage_bytes: None,
                members: None,
                pulls,
            };
            hub.put_plan(&KEY, plan).await.unwrap();
            hub.set_plan(&KEY, "alice", name).await.unwrap();
            hub.flush_counts().await.unwrap();
            stage.wait(MINUTE);
            hub.flush_counts().await.unwrap();
            assert_eq!(left(&hub, &alice).await, pulls.map(|most| most - 2), "{name}");
        }
        let off = stage.node(None, None).await;
        assert_eq!(left(&off, &alice).await, None);
    }
}

#[tokio::test]
async fn counts_that_cannot_be_written_are_kept_for_the_next_time() {
    let now = Timestamp::from_unix_us(1_780_000_000_000_000);
    let (who, windows) = (Requester::at(address(1)), Windows::default());
    let window = windows::Window {
        limit: Some(9),
        source: "192.0.2.1".into(),
        known: 2,
        fresh: 0,
        starts_at: now,
        ends_at: now.plus(WINDOW),
        read_at: now,
    };
    windows.learn(who, &window);
    windows.take(who, &window, now, WINDOW).unwrap();
    for later in [now, now.plus(MINUTE)] {
        let unwritten = windows.unwritten(later);
        assert_eq!(unwritten.len(), 1);
        windows.take(who, &unwritten[0].1, later, WINDOW).unwrap();
        windows.put_back(unwritten.into_iter());
    }

    let unwritten = windows.unwritten(now.plus(MINUTE));
    assert_eq!((unwritten[0].1.known, unwritten[0].1.fresh), (2, 3));
}

#[test]
fn one_customer_is_one_address() {
    let at = |text: &str| Requester::at(text.parse().unwrap());

    assert_eq!(at("2001:db8:1:2:3:4:5:6"), at("2001:db8:1:2::1"));
    assert_ne!(at("2001:db8:1:2::1"), at("2001:db8:1:3::1"));
    assert_eq!(at("2001:db8:1:2::1").to_string(), "address:2001:db8:1:2::/64");
    assert_eq!(at("::ffff:192.0.2.7"), at("192.0.2.7"));
    assert_ne!(at("192.0.2.7"), at("192.0.2.8"));
}
