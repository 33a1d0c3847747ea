//! A hub with a mail server, and links that were not sent.

use std::ops::Deref;
use std::time::Duration;

use roadstead_db::codes::Purpose;
use roadstead_db::links::{self, NewLink};
use roadstead_db::{Db, DbError, accounts};
use roadstead_hub::Clock;
use roadstead_testkit::{Hub, Mail, MailPolicy, MailServer, eventually};

pub struct PostOffice(MailServer);

impl Deref for PostOffice {
    type Target = MailServer;

    fn deref(&self) -> &MailServer {
        &self.0
    }
}

impl PostOffice {
    pub async fn open() -> (Self, Hub) {
        let server = MailServer::start(MailPolicy::Plain).await;
        let hub = server.used_by(Hub::with()).start().await;
        (Self(server), hub)
    }

    /// The letter to this address with these words in its subject, awaited.
    pub async fn letter(&self, to: &str, subject: &str) -> Mail {
        eventually(&format!("a letter `{subject}` to {to}"), 30, async || {
            let mut mails = self.mails().into_iter();
            mails.find(|mail| mail.to == [to] && mail.header("Subject").contains(subject))
        })
        .await
    }

    /// Writes down a link to the present address of an account that ends in so many seconds, and
    /// returns its code: no test can wait for an hour.
    pub async fn given_link(&self, hub: &Hub, name: &str, purpose: Purpose, secs: i64) -> String {
        let code = format!("rsd_otc_{name}_{}_{secs}", purpose.word());
        let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, code.as_bytes());
        let secret_hash = hash.as_ref().try_into().unwrap();
        let now = Clock::system().now();
        let (created_at, apart) =
            (now.minus(Duration::from_secs(60)), Duration::from_secs(secs.unsigned_abs()));
        let expires_at = if secs < 0 { now.minus(apart) } else { now.plus(apart) };
        let db = Db::open(&hub.database_url()).await.unwrap();
        db.write(async |tx| {
            let account = accounts::find_by_name(tx, &name.parse().unwrap()).await?.unwrap();
            let email = account.email.unwrap();
            let account_id = account.id;
            let link =
                NewLink { secret_hash, purpose, account_id, email: &email, created_at, expires_at };
            links::insert(tx, &link).await
        })
        .await
        .unwrap_or_else(|error: DbError| panic!("{error}"));
        db.close().await;
        code
    }
}

/// Path and query of the link in a letter, which must lead to the hub.
#[track_caller]
pub fn path_of<'m>(hub: &Hub, mail: &'m Mail) -> &'m str {
    let link = mail.link();
    link.strip_prefix(&hub.url()).unwrap_or_else(|| panic!("{link} does not lead to {}", hub.url()))
}
