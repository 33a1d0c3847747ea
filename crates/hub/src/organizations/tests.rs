//! What depends on the clock and on letters.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use roadstead_blobs::memory::MemoryStore;
use roadstead_db::{Db, both_databases, invitations};
use roadstead_types::{Secret, Timestamp};
use uuid::Uuid;

use super::*;
use crate::access::tokens::Keys;
use crate::access::{Caller, Credential, Identity, Org, Owner};
use crate::accounts::{NewUser, SystemKey, secrets};
use crate::{Clock, Hub, Parts, SealingKey, Settings};

const HOUR: Duration = Duration::from_secs(3600);

struct Stage {
    hub: Hub,
    now: Arc<AtomicI64>,
}

impl Stage {
    async fn set(db: Db) -> Self {
        let now = Arc::new(AtomicI64::new(1_780_000_000_000_000));
        let clock = Arc::clone(&now);
        let hub = Hub::start(Parts {
            db,
            blobs: Arc::new(MemoryStore::default()),
            clock: Clock::new(move || Timestamp::from_unix_us(clock.load(Ordering::SeqCst))),
            settings: Settings::default(),
            node: "test".to_owned(),
            keys: Keys::generate().unwrap(),
            sealing: SealingKey::generate(),
        });
        Self { hub: hub.await.unwrap(), now }
    }

    fn wait(&self, duration: Duration) {
        self.now.fetch_add(duration.as_micros() as i64, Ordering::SeqCst);
    }

    async fn person(&self, name: &str) -> Arc<Identity> {
        let new = NewUser {
            name: name.to_owned(),
            email: format!("{name}@example.test"),
            password: Secret::new(format!("correct horse {name}")),
            is_admin: false,
            is_verified: true,
        };
        let made = self.hub.create_user(&SystemKey::for_operator(), new).await.unwrap();
        let identity = self.hub.find_identity(made.id, Credential::Password, 1).await.unwrap();
        Arc::new(identity.unwrap())
    }

    async fn acme(&self, owner: &Arc<Identity>) -> Org<Owner> {
        let new = NewOrganization { name: "acme".to_owned(), ..NewOrganization::default() };
        self.hub.create_organization(owner, new).await.unwrap();
        self.hub.open_organization(&Caller::Identity(Arc::clone(owner)), "acme").await.unwrap()
    }
}

async fn invite(acme: &Org<Owner>, invitee: &str) -> Invitation {
    let invite = Invite { invitees: vec![invitee.to_owned()], ..Invite::default() };
    let mut invited = acme.invite(invite).await.unwrap();
    invited.pop().unwrap().invitation.unwrap()
}

fn id(invitation: &Invitation) -> Uuid {
    invitation.uuid.parse().unwrap()
}

both_databases! {
    async fn an_invitation_lasts_a_week_and_sending_it_again_gives_another(db: Db) {
        let stage = Stage::set(db).await;
        let (ann, bob) = (stage.person("ann").await, stage.person("bob").await);
        let acme = stage.acme(&ann).await;
        let invitation = invite(&acme, "bob").await;
        stage.wait(7 * 24 * HOUR);
        assert_eq!(stage.hub.list_invitations_to(&bob, 0, 9).await.unwrap().1, 0);
        let late = stage.hub.accept_invitation(&bob, id(&invitation), None).await.unwrap_err();
        assert!(matches!(late, OrganizationError::InvitationExpired(_)), "{late}");
        assert_eq!(acme.invitations(0, 9).await.unwrap().1, 1, "owners still see it");

        acme.resend_invitation(&invitation).await.unwrap();

        let soon = acme.resend_invitation(&invitation).await.unwrap_err();
        assert!(matches!(soon, OrganizationError::ResentTooSoon), "{soon}");
        stage.wait(6 * 24 * HOUR);
        stage.hub.accept_invitation(&bob, id(&invitation), None).await.unwrap();
        let other = invite(&acme, "new@example.test").await;
        stage.wait(36 * 24 * HOUR);
        stage.hub.purge_accounts().await.unwrap();
        assert_eq!(acme.invitations(0, 9).await.unwrap().1, 1);
        stage.wait(2 * 24 * HOUR);
        stage.hub.purge_accounts().await.unwrap();
        assert_eq!(acme.invitations(0, 9).await.unwrap().1, 0);
        let gone = stage.hub.accept_invitation(&bob, id(&other), None).await.unwrap_err();
        assert!(matches!(gone, OrganizationError::NoSuchInvitation), "{gone}");
    }

    async fn whoever_has_the_link_of_the_letter_may_accept_what_was_sent_to_an_address(db: Db) {
        let stage = Stage::set(db).await;
        let (ann, bob) = (stage.person("ann").await, stage.person("bob").await);
        let acme = stage.acme(&ann).await;
        let by_mail = invite(&acme, "work@bob.example").await;
        let code = secrets::make(secrets::SecretKind::OneTimeCode);
        let hash = secrets::hash(code.expose());
        stage.hub.db.write(async |tx| invitations::set_secret(tx, by_mail.id, &hash).await).await.unwrap();
        let guess = secrets::make(secrets::SecretKind::OneTimeCode);
        let wrong = stage.hub.accept_invitation(&bob, id(&by_mail), Some(&guess)).await.unwrap_err();
        assert!(matches!(wrong, OrganizationError::NoSuchInvitation), "{wrong}");

        stage.hub.accept_invitation(&bob, id(&by_mail), Some(&code)).await.unwrap();

        let used = stage.hub.accept_invitation(&bob, id(&by_mail), Some(&code)).await.unwrap_err();
        assert!(matches!(used, OrganizationError::NoSuchInvitation), "{used}");
        let (members, _) = acme.members(&MemberFilter::default(), 0, 9).await.unwrap();
        assert_eq!(members.len(), 2);
    }
}
