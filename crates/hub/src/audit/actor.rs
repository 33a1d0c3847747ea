//! Who did it, as the log keeps it.

use std::net::IpAddr;
use std::sync::Arc;

use roadstead_db::accounts::AccountRecord;
use roadstead_db::{DbError, Tx, audit};
use roadstead_types::{AccessTokenId, AccountId};

use crate::access::{Caller, Credential, Identity, RefreshOrigin};
use crate::accounts::{Account, SystemKey};

/// Somebody who changes something. Names are kept as they were, because accounts are renamed.
#[derive(Clone, Debug)]
pub struct Actor {
    pub(super) account: Option<AccountId>,
    pub(super) name: String,
    how: &'static str,
    access_token: Option<AccessTokenId>,
    pub(super) address: String,
}

impl Actor {
    /// Somebody who is just getting an account.
    pub(crate) fn newcomer(account: &Account, address: Option<IpAddr>) -> Self {
        Self {
            account: Some(account.id),
            name: account.name.to_string(),
            how: "sign-up",
            access_token: None,
            address: written(address),
        }
    }

    /// Somebody who followed a link that was sent to this account.
    pub(crate) fn reader_of_mail(account: &AccountRecord, address: IpAddr) -> Self {
        Self {
            account: Some(account.id),
            name: account.name.to_string(),
            how: "link",
            access_token: None,
            address: written(Some(address)),
        }
    }

    /// `password`, `access-token:UUID` ...: as its owner finds it in the list of tokens.
    pub(super) async fn credential(&self, tx: &mut Tx<'_>) -> Result<String, DbError> {
        let Some(token) = self.access_token else { return Ok(self.how.to_owned()) };
        Ok(match audit::find_token_uuid(tx, token).await? {
            Some(uuid) => format!("{}:{uuid}", self.how),
            None => self.how.to_owned(),
        })
    }
}

impl From<&Identity> for Actor {
    fn from(identity: &Identity) -> Self {
        Self {
            account: Some(identity.account),
            name: identity.name.to_string(),
            how: match identity.credential {
                Credential::Password | Credential::Session(_) => "password",
                Credential::AccessToken(_) | Credential::Refresh(RefreshOrigin::AccessToken(_)) => {
                    "access-token"
                }
                Credential::Refresh(RefreshOrigin::Session(_)) => "refresh-token",
            },
            access_token: identity.credential.access_token(),
            address: written(identity.address),
        }
    }
}

impl From<&Arc<Identity>> for Actor {
    fn from(identity: &Arc<Identity>) -> Self {
        Self::from(&**identity)
    }
}

impl From<&Caller> for Actor {
    fn from(caller: &Caller) -> Self {
        match caller {
            Caller::Anonymous => Self {
                account: None,
                name: String::new(),
                how: "none",
                access_token: None,
                address: String::new(),
            },
            Caller::Identity(identity) => identity.into(),
            Caller::Token(bearer) => Self {
                account: bearer.account,
                name: bearer.subject.clone(),
                how: match bearer.access_token {
                    Some(_) => "access-token",
                    None => "registry-token",
                },
                access_token: bearer.access_token,
                address: written(bearer.address),
            },
        }
    }
}

impl From<&SystemKey> for Actor {
    fn from(key: &SystemKey) -> Self {
        match key.administrator() {
            Some(identity) => identity.into(),
            None => Self {
                account: None,
                name: "operator".to_owned(),
                how: "command-line",
                access_token: None,
                address: String::new(),
            },
        }
    }
}

fn written(address: Option<IpAddr>) -> String {
    address.map_or_else(String::new, |address| address.to_canonical().to_string())
}
