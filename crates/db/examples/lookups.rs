//! Measures the hottest look-ups: 64 tasks, 20 000 tags, and pages of a list of 100 000 tags.
//!
//! `cargo run --release -p roadstead-db --features testing --example lookups`; PostgreSQL too when
//! `ROADSTEAD_TEST_POSTGRES` names a server.

use std::time::{Duration, Instant};

use roadstead_db::accounts::{AccountKind, NewAccount};
use roadstead_db::lookups::Lookups;
use roadstead_db::manifests::NewManifest;
use roadstead_db::repos::NewRepository;
use roadstead_db::testing::TestDb;
use roadstead_db::{Db, DbError, Engine, accounts, manifests, repos, tags};
use roadstead_types::time::Timestamp;
use roadstead_types::{Algorithm, Digest, Id, Reference, RepositoryId, RepositoryName};

const TASKS: usize = 64;
const REPOSITORIES: usize = 20;
const TAGS: usize = 1000;
const MANY_TAGS: usize = 100_000;
const RUN: Duration = Duration::from_secs(5);

fn main() -> Result<(), DbError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime for the measurement");
    runtime.block_on(async {
        for engine in [Engine::Sqlite, Engine::Postgres] {
            let Some(database) = TestDb::open(engine).await else { continue };
            fill(&database.db).await?;
            println!("{engine:?}");
            measure_lookups(&database.db).await?;
            measure_pages(&database.db).await?;
            database.remove().await;
        }
        Ok(())
    })
}

const NOW: Timestamp = Timestamp::from_unix_us(1_800_000_000_000_000);

fn path(number: usize) -> RepositoryName {
    format!("alice/app-{number}").parse().expect("a valid name")
}

fn digest(number: usize) -> Digest {
    let mut hash = [0; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Digest::from_hash(Algorithm::Sha256, &hash).expect("32 bytes")
}

async fn fill(db: &Db) -> Result<(), DbError> {
    let alice = NewAccount {
        id: Id::from_raw(1),
        uuid: "0".repeat(32),
        name: "alice".parse().expect("a valid name"),
        kind: AccountKind::User,
        full_name: String::new(),
        email: None,
        email_key: None,
        email_verified_at: None,
        password_hash: None,
        is_admin: false,
        default_private: false,
        created_at: NOW,
    };
    db.write(async |tx| accounts::insert(tx, &alice).await.map(|_| ())).await?;
    for number in 0..REPOSITORIES {
        let count = if number == 0 { MANY_TAGS } else { TAGS };
        db.write(async |tx| fill_repository(tx, number, count).await).await?;
    }
    Ok(())
}

async fn fill_repository(
    tx: &mut roadstead_db::Tx<'_>,
    number: usize,
    count: usize,
) -> Result<(), DbError> {
    let id = RepositoryId::from_raw(number as i64 + 1);
    let repository = NewRepository {
        id,
        namespace_id: Id::from_raw(1),
        path: path(number),
        is_private: false,
        is_automated: false,
        is_official: false,
        description: String::new(),
        created_at: NOW,
    };
    repos::insert(tx, &repository).await?;
    for place in 0..count {
        let raw = (number * 1_000_000 + place) as i64 + 1;
        let manifest = NewManifest {
            id: Id::from_raw(raw),
            repository_id: id,
            digest: digest(raw as usize),
            media_type: "application/vnd.oci.image.manifest.v1+json".into(),
            artifact_type: None,
            subject: None,
            referrer: None,
            body: vec![b' '; 1500],
            references: Vec::new(),
            pushed_at: NOW,
            pushed_by: None,
        };
        let manifest = manifests::insert(tx, &manifest).await?.id;
        let tag = format!("v{place}").parse().expect("a valid tag");
        tags::put(tx, id, &[(tag, Id::from_raw(raw))], manifest, None, NOW).await?;
    }
    Ok(())
}

async fn measure_lookups(db: &Db) -> Result<(), DbError> {
    let lookups = Lookups::new(db.clone());
    let (start, before) = (Instant::now(), cpu());
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let lookups = lookups.clone();
            tokio::spawn(async move {
                let mut times = Vec::new();
                let mut number = task * 7919;
                while start.elapsed() < RUN {
                    number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                    let repository = (number >> 33) % REPOSITORIES;
                    let tag = format!("v{}", (number >> 13) % TAGS).parse().expect("a valid tag");
                    let asked = Instant::now();
                    let found = lookups.manifest(&path(repository), &Reference::Tag(tag)).await?;
                    times.push(asked.elapsed());
                    assert!(found.is_some_and(|found| found.manifest.is_some()));
                }
                Ok::<_, DbError>(times)
            })
        })
        .collect();
    let mut times = Vec::new();
    for task in tasks {
        times.extend(task.await.expect("no task panics")?);
    }
    let (elapsed, used) = (start.elapsed(), cpu() - before);
    println!(
        "  look-ups: {:.0}/s, {:.1} us CPU each in this process, {}",
        times.len() as f64 / elapsed.as_secs_f64(),
        used.as_micros() as f64 / times.len() as f64,
        percentiles(&mut times)
    );
    Ok(())
}

async fn measure_pages(db: &Db) -> Result<(), DbError> {
    for after in ["", "v5", "v99"] {
        let mut times = Vec::new();
        for _ in 0..500 {
            let asked = Instant::now();
            let page =
                db.read(async |tx| tags::list(tx, Id::from_raw(1), Some(after), 100).await).await?;
            times.push(asked.elapsed());
            assert_eq!(page.len(), 100);
        }
        println!("  page of 100 of {MANY_TAGS} tags after `{after}`: {}", percentiles(&mut times));
    }
    Ok(())
}

fn percentiles(times: &mut [Duration]) -> String {
    times.sort();
    let at = |share: usize| times[times.len() * share / 1000];
    format!("p50 {:?}, p99 {:?}, p99.9 {:?}", at(500), at(990), at(999))
}

/// Processor time of this process, from the clock ticks in `/proc/self/stat`.
fn cpu() -> Duration {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split(' ').collect();
    let ticks: u64 =
        fields.iter().skip(12).take(2).filter_map(|text| text.parse::<u64>().ok()).sum();
    Duration::from_millis(ticks * 10)
}
