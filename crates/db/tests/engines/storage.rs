//! What namespaces hold, counted while everything happens at once.

use roadstead_db::moves::{self, Claim, Destination};
use roadstead_db::storage::{self, Held};
use roadstead_db::uploads::{self, Reservation};
use roadstead_db::{
    Db, DbError, blobs, both_databases, holdings, manifests, recount, repos, trash,
};
use roadstead_types::{AccountId, BlobId, RepositoryId};

use crate::fixture::*;

const WORKERS: u64 = 8;
const STEPS: u64 = 60;
const NUMBERS: u64 = 6;

pub async fn held(db: &Db, namespace: AccountId) -> Held {
    db.read(async |tx| storage::held(tx, namespace).await).await.unwrap()
}

/// Three namespaces with two repositories each, which share a few blobs.
#[derive(Clone)]
struct World {
    db: Db,
    namespaces: Vec<AccountId>,
    repositories: Vec<RepositoryId>,
    blobs: Vec<BlobId>,
}

impl World {
    async fn new(db: &Db) -> Self {
        let (mut namespaces, mut repositories, mut blobs) = (Vec::new(), Vec::new(), Vec::new());
        for name in ["ann", "ben", "cat"] {
            let namespace = account(db, name).await;
            namespaces.push(namespace);
            for app in ["one", "two"] {
                let path = format!("{name}/{app}");
                repositories.push(repository(db, namespace, &path, false).await);
            }
        }
        for number in 0..NUMBERS {
            blobs.push(linked_blob(db, repositories[0], number).await.id);
        }
        Self { db: db.clone(), namespaces, repositories, blobs }
    }

    /// One change of one worker. What was refused is rolled back.
    async fn step(&self, dice: &mut Dice) -> Result<(), DbError> {
        let repository = self.repositories[dice.roll(self.repositories.len() as u64)];
        let namespace = self.namespaces[dice.roll(self.namespaces.len() as u64)];
        let number = dice.roll(NUMBERS);
        match dice.roll(8) {
            0 => self.upload(repository, namespace, number, dice.roll(5)).await,
            1 | 2 => self.mount(repository, self.blobs[number]).await,
            3 => self.unlink(repository, number as u64).await,
            4 => self.put_manifest(repository, number as u64).await,
            5 => self.delete_manifest(repository, number as u64).await,
            6 => self.transfer(repository, namespace, dice.roll(1 << 40)).await,
            _ => self.delete_repository(namespace, dice.roll(1 << 40)).await,
        }
    }

    /// A session, from its reservation to one of its ends.
    async fn upload(
        &self,
        repository: RepositoryId,
        namespace: AccountId,
        number: usize,
        end: usize,
    ) -> Result<(), DbError> {
        let session = crate::uploads::session(repository, namespace);
        let (id, none) = (session.id, session.reservation());
        let taken = Reservation { namespace: Some(namespace), bytes: 700 };
        self.db
            .write(async |tx| {
                uploads::insert(tx, &session).await?;
                uploads::lease(tx, id, "w", at(0), at(20)).await?;
                let charges = uploads::reserve(tx, id, "w", none, taken).await?.unwrap();
                storage::settle(tx, &charges).await
            })
            .await?;
        let mut tx = self.db.begin().await?;
        let is_there = match end {
            4 => return Ok(()),
            0 => uploads::delete(&mut tx, id).await?,
            1 => uploads::release(&mut tx, id, "w", taken, 300).await?,
            2 => !uploads::take_expired(&mut tx, at(2000), 1).await?.is_empty(),
            _ => {
                let new = new_blob(number as u64);
                let blob = blobs::publish(&mut tx, &new).await?.record.id;
                let linked = holdings::link(&mut tx, repository, blob, at(3)).await?;
                let released = uploads::finish(&mut tx, id, "w").await?;
                let is_there = released.is_some();
                storage::settle(&mut tx, &linked.and(released.unwrap_or_default())).await?;
                is_there
            }
        };
        if is_there { tx.commit().await } else { Ok(()) }
    }

    async fn mount(&self, repository: RepositoryId, blob: BlobId) -> Result<(), DbError> {
        self.db
            .write(async |tx| {
                repos::touch(tx, repository, at(4)).await?;
                blobs::protect(tx, blob, at(200)).await?;
                let charges = holdings::link(tx, repository, blob, at(4)).await?;
                storage::settle(tx, &charges).await
            })
            .await
    }

    async fn unlink(&self, repository: RepositoryId, number: u64) -> Result<(), DbError> {
        self.db
            .write(async |tx| {
                repos::touch(tx, repository, at(5)).await?;
                let freed = holdings::unlink(tx, repository, &digest(number)).await?;
                storage::settle(tx, &freed.unwrap_or_default()).await
            })
            .await
    }

    async fn put_manifest(&self, repository: RepositoryId, number: u64) -> Result<(), DbError> {
        let new = new_manifest(repository, number);
        self.db
            .write(async |tx| {
                repos::touch(tx, repository, at(6)).await?;
                let made = manifests::insert(tx, &new).await?;
                storage::settle(tx, &made.charges).await
            })
            .await
    }

    async fn delete_manifest(&self, repository: RepositoryId, number: u64) -> Result<(), DbError> {
        self.db
            .write(async |tx| {
                repos::touch(tx, repository, at(6)).await?;
                let gone = manifests::delete(tx, repository, &digest(number)).await?;
                storage::settle(tx, &gone.map(|gone| gone.charges).unwrap_or_default()).await
            })
            .await
    }

    async fn transfer(
        &self,
        repository: RepositoryId,
        to: AccountId,
        number: usize,
    ) -> Result<(), DbError> {
        let path = format!("moved/app-{number}").parse().unwrap();
        let destination = Destination { path, namespace: Some(to) };
        let mut tx = self.db.begin().await?;
        let seen = repos::find_by_id(&mut tx, repository).await?.unwrap();
        let claim = moves::relocate(&mut tx, repository, seen.generation, &destination, at(7));
        if claim.await? == Claim::Made { tx.commit().await } else { Ok(()) }
    }

    /// A repository that comes and goes, by way of the trash.
    async fn delete_repository(&self, namespace: AccountId, number: usize) -> Result<(), DbError> {
        let id = repository(&self.db, namespace, &format!("brief/app-{number}"), false).await;
        for blob in &self.blobs {
            self.mount(id, *blob).await?;
        }
        self.put_manifest(id, 1).await?;
        self.db.write(async |tx| trash::put(tx, id, None, at(8), at(9)).await).await?;
        while !self.db.write(async |tx| trash::purge_some(tx, id, 2).await).await? {}
        Ok(())
    }
}

/// Numbers that look random and are the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % sides).unwrap()
    }
}

both_databases! {
    async fn whatever_happens_at_once_the_books_agree_with_the_rows(db: Db) {
        let world = World::new(&db).await;
        let workers = (1..=WORKERS).map(|seed| {
            let world = world.clone();
            tokio::spawn(async move {
                let mut dice = Dice(seed * 0x9e37_79b9);
                for _ in 0..STEPS {
                    // Nobody waits in a circle either: a deadlock would be an error.
                    world.step(&mut dice).await.unwrap();
                }
            })
        });
        for worker in futures_util::future::join_all(workers).await {
            worker.unwrap();
        }

        let found = db.read(async |tx| recount::compare(tx, None, 99).await).await.unwrap();
        let wrong: Vec<_> = found.iter().filter(|found| !found.agrees()).collect();
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert!(found.iter().any(|found| found.stored > 0 && found.reserved > 0), "{found:#?}");
    }

    async fn a_blob_counts_once_in_each_namespace(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        let (second, theirs) =
            (repository(&db, alice, "alice/two", false).await, repository(&db, bob, "bob/app", false).await);
        for repository in [app, second, theirs] {
            linked_blob(&db, repository, 1).await;
            linked_blob(&db, repository, 1).await;
        }
        manifest(&db, app, 9).await;
        let (blob, manifest) = (1001, 7);
        assert_eq!(held(&db, alice).await, Held { stored: blob + manifest, reserved: 0 });
        assert_eq!(held(&db, bob).await.stored, blob);

        let give = Destination { path: "bob/given".parse().unwrap(), namespace: Some(bob) };
        db.write(async |tx| moves::relocate(tx, app, 1, &give, at(9)).await).await.unwrap();

        assert_eq!(held(&db, alice).await.stored, blob, "the second repository has it too");
        assert_eq!(held(&db, bob).await.stored, blob + manifest);
    }

    async fn what_a_session_has_reserved_is_given_back_however_it_ends(db: Db) {
        let (alice, app) = alice_app(&db).await;
        let bob = account(&db, "bob").await;
        let of = |namespace, bytes| Reservation { namespace: Some(namespace), bytes };
        let mut tx = db.begin().await.unwrap();
        let mut ids = Vec::new();
        for _ in 0..4 {
            let new = crate::uploads::session(app, alice);
            uploads::insert(&mut tx, &new).await.unwrap();
            uploads::lease(&mut tx, new.id, "w", at(1), at(21)).await.unwrap().unwrap();
            let none = new.reservation();
            assert!(uploads::reserve(&mut tx, new.id, "x", none, of(alice, 9)).await.unwrap().is_none());
            let taken = uploads::reserve(&mut tx, new.id, "w", none, of(alice, 1000)).await.unwrap();
            storage::settle(&mut tx, &taken.unwrap()).await.unwrap();
            // As after a commit that broke off and took effect: the writer does not know.
            let again = uploads::reserve(&mut tx, new.id, "w", none, of(alice, 1000)).await.unwrap();
            assert!(again.unwrap().is_empty());
            ids.push(new.id);
        }
        assert_eq!(storage::held(&mut tx, alice).await.unwrap().reserved, 4000);

        let moved = uploads::reserve(&mut tx, ids[0], "w", of(alice, 1000), of(bob, 1500)).await.unwrap();
        storage::settle(&mut tx, &moved.unwrap()).await.unwrap();
        assert!(uploads::delete(&mut tx, ids[1]).await.unwrap());
        let ended = uploads::finish(&mut tx, ids[2], "w").await.unwrap().unwrap();
        storage::settle(&mut tx, &ended).await.unwrap();
        let progress = uploads::Progress {
            offset: 400, hash: &[0; 40], staged: b"", expires_at: at(50), reservation: of(alice, 1000),
        };
        assert!(uploads::acknowledge(&mut tx, ids[3], "w", progress).await.unwrap());
        assert_eq!(storage::held(&mut tx, alice).await.unwrap().reserved, 400);
        assert_eq!(storage::held(&mut tx, bob).await.unwrap().reserved, 1500);

        uploads::take_expired(&mut tx, at(2000), 9).await.unwrap();
        for namespace in [alice, bob] {
            assert_eq!(storage::held(&mut tx, namespace).await.unwrap(), Held::default());
        }
    }
}
