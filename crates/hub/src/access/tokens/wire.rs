//! How claims look inside a registry token: the members of the token protocol (distribution, "Token
//! Authentication Implementation") and, beside them, the ids that decide here.

use roadstead_types::ids::Id;
use roadstead_types::{
    AccessTokenId, AccountId, Actions, CredentialScope, RepositoryId, Timestamp,
};
use serde::{Deserialize, Serialize};

use super::{Basis, Claims, Grant, TokenError};
use crate::access::scope::repository_of;

#[derive(Serialize, Deserialize)]
pub struct WireClaims {
    pub iss: String,
    pub aud: String,
    pub sub: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    acc: Option<i64>,
    cred: WireCredential,
    access: Vec<WireAccess>,
    #[serde(flatten)]
    pub window: Window,
}

/// The times of a token, in seconds as RFC 7519 has them, and its own id.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Window {
    pub iat: i64,
    pub nbf: i64,
    pub exp: i64,
    pub jti: String,
}

/// How far the credential behind a token reaches.
#[derive(Serialize, Deserialize)]
pub struct WireCredential {
    scope: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pat: Option<i64>,
}

impl WireCredential {
    pub fn new(scope: CredentialScope, access_token: Option<AccessTokenId>) -> Self {
        Self { scope: scope.word().to_owned(), pat: access_token.map(Id::raw) }
    }

    pub fn read(&self) -> Result<(CredentialScope, Option<AccessTokenId>), TokenError> {
        let scope = self.scope.parse().map_err(|_| TokenError::Malformed)?;
        Ok((scope, self.pat.map(Id::from_raw)))
    }
}

#[derive(Serialize, Deserialize)]
struct WireAccess {
    #[serde(rename = "type")]
    kind: String,
    name: String,
    actions: Vec<String>,
    /// What was asked for; `actions` holds what of it is granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    asked: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    repo: Option<i64>,
    #[serde(default, rename = "gen", skip_serializing_if = "Option::is_none")]
    generation: Option<i64>,
    #[serde(default, rename = "ns", skip_serializing_if = "Option::is_none")]
    namespace: Option<i64>,
}

impl WireClaims {
    pub fn new(service: &str, claims: &Claims, catalog: bool, jti: String) -> Self {
        let mut access: Vec<_> = claims.grants.iter().map(write_grant).collect();
        if catalog {
            access.push(catalog_access());
        }
        Self {
            iss: service.to_owned(),
            aud: service.to_owned(),
            sub: claims.subject.clone(),
            acc: claims.account.map(Id::raw),
            cred: WireCredential::new(claims.scope, claims.access_token),
            access,
            window: Window {
                iat: claims.issued_at.unix_secs(),
                nbf: claims.issued_at.unix_secs(),
                exp: claims.expires_at.unix_secs(),
                jti,
            },
        }
    }

    pub fn into_claims(self) -> Result<Claims, TokenError> {
        let (scope, access_token) = self.cred.read()?;
        Ok(Claims {
            account: self.acc.map(AccountId::from_raw),
            subject: self.sub,
            scope,
            access_token,
            issued_at: seconds(self.window.iat)?,
            expires_at: seconds(self.window.exp)?,
            grants: self.access.into_iter().filter_map(read_grant).collect(),
        })
    }
}

fn seconds(secs: i64) -> Result<Timestamp, TokenError> {
    secs.checked_mul(1_000_000).map(Timestamp::from_unix_us).ok_or(TokenError::Malformed)
}

fn words(actions: Actions) -> Vec<String> {
    actions.words().into_iter().map(str::to_owned).collect()
}

fn write_grant(grant: &Grant) -> WireAccess {
    let (repo, generation, namespace) = match grant.basis {
        Basis::Repository { id, generation } => (Some(id.raw()), Some(generation), None),
        Basis::Namespace(id) => (None, None, Some(id.raw())),
        Basis::Nothing => (None, None, None),
    };
    WireAccess {
        kind: "repository".to_owned(),
        name: grant.name.clone(),
        actions: words(grant.granted),
        asked: words(grant.requested),
        repo,
        generation,
        namespace,
    }
}

/// Whoever asks may list; what is listed is what they may see.
fn catalog_access() -> WireAccess {
    WireAccess {
        kind: "registry".to_owned(),
        name: "catalog".to_owned(),
        actions: vec!["*".to_owned()],
        asked: Vec::new(),
        repo: None,
        generation: None,
        namespace: None,
    }
}

fn read_grant(access: WireAccess) -> Option<Grant> {
    if access.kind != "repository" {
        return None;
    }
    let actions = |words: &[String]| {
        words.iter().map(|word| Actions::from_word(word)).fold(Actions::NONE, Actions::union)
    };
    let basis = match (access.repo, access.generation, access.namespace) {
        (Some(id), Some(generation), None) => {
            Basis::Repository { id: RepositoryId::from_raw(id), generation }
        }
        (None, None, Some(id)) => Basis::Namespace(AccountId::from_raw(id)),
        _ => Basis::Nothing,
    };
    let granted = match basis {
        // Nothing to decide on grants nothing, whatever the token says.
        Basis::Nothing => Actions::NONE,
        _ => actions(&access.actions),
    };
    Some(Grant {
        path: repository_of(&access.name),
        requested: actions(&access.asked).union(granted),
        granted,
        basis,
        name: access.name,
    })
}
