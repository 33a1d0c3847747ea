//! Rows to begin with.

use std::sync::Mutex;

use roadstead_db::accounts::{self, AccountKind, NewAccount};
use roadstead_db::blobs::{self, BlobRecord, NewBlob};
use roadstead_db::manifests::{self, NewManifest, NewReference};
use roadstead_db::repos::{self, NewRepository};
use roadstead_db::teams::{self, NewTeam};
use roadstead_db::{Db, DbError, Tx, holdings, storage, tags};
use roadstead_types::ids::IdSequence;
use roadstead_types::time::Timestamp;
use roadstead_types::{AccountId, Algorithm, Digest, Id, ManifestId, RepositoryId, Tag, TeamId};

static IDS: Mutex<Option<IdSequence>> = Mutex::new(None);

pub fn id<I: Id>() -> I {
    let mut ids = IDS.lock().unwrap();
    I::from_raw(ids.get_or_insert_default().next(1_800_000_000_000, 0))
}

/// A point in time, `seconds` into the test.
pub fn at(seconds: i64) -> Timestamp {
    Timestamp::from_unix_us(1_800_000_000_000_000 + seconds * 1_000_000)
}

pub fn digest(number: u64) -> Digest {
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Digest::from_hash(Algorithm::Sha256, &hash).unwrap()
}

pub fn new_account(name: &str) -> NewAccount {
    let id: AccountId = id();
    NewAccount {
        id,
        uuid: format!("{:032x}", id.raw()),
        name: name.parse().unwrap(),
        kind: AccountKind::User,
        full_name: format!("The {name}"),
        email: Some(format!("{name}@Example.org")),
        email_key: Some(format!("{name}@example.org")),
        email_verified_at: None,
        password_hash: Some("$argon2id$1".into()),
        is_admin: false,
        default_private: false,
        created_at: at(0),
    }
}

pub async fn account(db: &Db, name: &str) -> AccountId {
    let new = new_account(name);
    db.write(async |tx| accounts::insert(tx, &new).await).await.unwrap().unwrap();
    new.id
}

/// An organization and its team of owners, nobody in it.
pub async fn organization(db: &Db, name: &str) -> (AccountId, TeamId) {
    let new = NewAccount {
        kind: AccountKind::Organization,
        email: None,
        email_key: None,
        password_hash: None,
        ..new_account(name)
    };
    db.write(async |tx| accounts::insert(tx, &new).await).await.unwrap().unwrap();
    (new.id, team(db, new.id, "owners").await)
}

pub async fn team(db: &Db, organization: AccountId, name: &str) -> TeamId {
    let id: TeamId = id();
    let new = NewTeam {
        id,
        uuid: format!("{:032x}", id.raw()),
        organization_id: organization,
        name: name.into(),
        description: String::new(),
        is_owners: name == "owners",
        created_at: at(0),
    };
    assert!(db.write(async |tx| teams::insert(tx, &new).await).await.unwrap());
    assert!(!db.write(async |tx| teams::insert(tx, &new).await).await.unwrap());
    id
}

pub fn new_repository(namespace: AccountId, path: &str) -> NewRepository {
    NewRepository {
        id: id(),
        namespace_id: namespace,
        path: path.parse().unwrap(),
        is_private: false,
        is_automated: false,
        is_official: false,
        description: "short".into(),
        created_at: at(1),
    }
}

pub async fn repository(db: &Db, namespace: AccountId, path: &str, private: bool) -> RepositoryId {
    let new = NewRepository { is_private: private, ..new_repository(namespace, path) };
    assert!(db.write(async |tx| repos::insert(tx, &new).await).await.unwrap());
    new.id
}

/// A user `alice` with a public repository `alice/app`.
pub async fn alice_app(db: &Db) -> (AccountId, RepositoryId) {
    let alice = account(db, "alice").await;
    (alice, repository(db, alice, "alice/app", false).await)
}

pub fn new_blob(number: u64) -> NewBlob {
    NewBlob {
        id: id(),
        digest: digest(number),
        size: 1000 + number,
        locator: format!("blobs/{number}/{}", id::<AccountId>().raw()),
        created_at: at(2),
        protected_until: at(100),
    }
}

pub async fn linked_blob(db: &Db, repository: RepositoryId, number: u64) -> BlobRecord {
    db.write(async |tx| {
        let record = blobs::publish(tx, &new_blob(number)).await?.record;
        let charges = holdings::link(tx, repository, record.id, at(3)).await?;
        storage::settle(tx, &charges).await?;
        Ok::<_, DbError>(record)
    })
    .await
    .unwrap()
}

pub fn new_manifest(repository: RepositoryId, number: u64) -> NewManifest {
    NewManifest {
        id: id(),
        repository_id: repository,
        digest: digest(number),
        media_type: "application/vnd.oci.image.manifest.v1+json".into(),
        artifact_type: None,
        subject: None,
        referrer: None,
        body: format!("{{\"n\":{number}}}").into_bytes(),
        references: Vec::<NewReference>::new(),
        pushed_at: at(4),
        pushed_by: None,
    }
}

pub async fn manifest(db: &Db, repository: RepositoryId, number: u64) -> ManifestId {
    let new = new_manifest(repository, number);
    db.write(async |tx| {
        let made = manifests::insert(tx, &new).await?;
        storage::settle(tx, &made.charges).await?;
        Ok::<_, DbError>(made.id)
    })
    .await
    .unwrap()
}

/// Points one tag at a manifest.
pub async fn put_tag(
    tx: &mut Tx<'_>,
    repository: RepositoryId,
    tag: &Tag,
    manifest: ManifestId,
    by: Option<AccountId>,
    now: Timestamp,
) -> Result<(), DbError> {
    tags::put(tx, repository, &[(tag.clone(), id())], manifest, by, now).await
}
