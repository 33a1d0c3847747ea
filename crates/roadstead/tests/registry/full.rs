//! Limits that only many rows reach: the rows are made directly, the request that is one too many
//! comes over HTTP.

use roadstead_db::manifests::{self, NewManifest};
use roadstead_db::uploads::{self, UploadRecord};
use roadstead_db::{Db, DbError, repos};
use roadstead_testkit::{image, media};
use roadstead_types::{Algorithm, Digest, Id, ManifestId, RepositoryId, Timestamp, UploadId};

use crate::desk::Desk;

#[tokio::test]
async fn an_account_has_at_most_a_thousand_uploads_open() {
    let desk = Desk::new().await;
    let upload = desk.repo.begin_upload().await;
    let db = Db::open(&desk.hub.database_url()).await.unwrap();
    let id = UploadId::parse(upload.id()).unwrap();
    let record = db.read(async |tx| uploads::find(tx, id).await).await.unwrap().unwrap();
    let made: Result<(), DbError> = db
        .write(async |tx| {
            for number in 1..1000 {
                let id = UploadId::parse(&format!("00000000-0000-4000-8000-{number:012}")).unwrap();
                uploads::insert(tx, &UploadRecord { id, ..record.clone() }).await?;
            }
            Ok(())
        })
        .await;
    made.unwrap();

    let refused = desk.repo.open_upload().await.is(429).code("TOOMANYREQUESTS");
    refused.says("too many uploads are open for this account; finish or cancel some");
    assert_eq!(desk.repo.open_upload().await.header("retry-after"), "60");
    // Of one account, not of all.
    let bob = desk.hub.user("bob").await;
    bob.repo("bob/app").push_blob("x").await;
    upload.cancel().await.is(204);
    desk.repo.open_upload().await.is(202);
    desk.repo.open_upload().await.is(429);
}

fn digest_of(number: u64) -> Digest {
    let mut hash = [7; 32];
    hash[..8].copy_from_slice(&number.to_be_bytes());
    Digest::from_hash(Algorithm::Sha256, &hash).unwrap()
}

fn referrer(repository: RepositoryId, subject: Digest, number: u64) -> NewManifest {
    NewManifest {
        id: ManifestId::from_raw(i64::try_from(number).unwrap()),
        repository_id: repository,
        digest: digest_of(number),
        media_type: media::OCI_MANIFEST.to_owned(),
        artifact_type: None,
        subject: Some(subject),
        referrer: Some("{}".to_owned()),
        body: b"{}".to_vec(),
        references: Vec::new(),
        pushed_at: Timestamp::from_unix_us(0),
        pushed_by: None,
    }
}

#[tokio::test]
async fn a_subject_has_at_most_a_hundred_thousand_referrers() {
    let desk = Desk::new().await;
    let subject = image().build();
    desk.repo.push(&subject, &["1"]).await;
    let db = Db::open(&desk.hub.database_url()).await.unwrap();
    let (name, digest) = ("alice/app".parse().unwrap(), subject.manifest.digest.parse().unwrap());
    let found = db.read(async |tx| repos::find_by_path(tx, &name).await).await;
    let repository = found.unwrap().expect("it was pushed to").id;
    let made: Result<(), DbError> = db
        .write(async |tx| {
            for number in 1..=100_000 {
                manifests::insert(tx, &referrer(repository, digest, number)).await?;
            }
            Ok(())
        })
        .await;
    made.unwrap();
    let signature = image().artifact("application/x.sig").subject(&subject.manifest).build();
    for blob in &signature.blobs {
        desk.repo.push_blob(blob.bytes.clone()).await;
    }

    let put = || desk.repo.put_manifest(&signature.manifest.digest, &signature.manifest);
    let refused = put().await.is(400).code("MANIFEST_INVALID");
    refused.says("the subject already has 100000 referrers, the most this hub keeps");
    desk.repo.delete_manifest(&digest_of(5).to_string()).await.is(202);
    put().await.is(201);
    let other = image().artifact("application/x.other").subject(&subject.manifest).build();
    desk.repo.push_blob(other.config().bytes.clone()).await;
    desk.repo.put_manifest(&other.manifest.digest, &other.manifest).await.is(400);
}
