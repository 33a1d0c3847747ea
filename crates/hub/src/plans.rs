//! Plans: what a namespace may have, and what it has of that.
//!
//! An account without a plan has the default one, which the operator's settings describe.

use std::collections::HashMap;

use roadstead_db::accounts::{self, AccountKind};
use roadstead_db::members::{self, Membership};
use roadstead_db::plans::{self, PlanRecord};
use roadstead_db::repos::{self, Visibility};
use roadstead_db::storage;
use roadstead_db::{DbError, Tx, census};
use roadstead_types::{AccountId, AccountName};
use serde_json::json;

use crate::access::{Identity, visibility};
use crate::accounts::SystemKey;
use crate::audit::{Action, Event};
use crate::{Hub, StoreError};

pub use roadstead_db::storage::Held;

/// How the plan is called that nobody was given.
pub const DEFAULT: &str = "default";
const MAX_NAME: usize = 30;

/// What a namespace may have; `None` is without limit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    pub name: String,
    pub private_repositories: Option<u64>,
    pub storage_bytes: Option<u64>,
    pub members: Option<u64>,
    /// Pulls in a window, where pulls are limited at all.
    pub pulls: Option<u64>,
}

impl From<PlanRecord> for Plan {
    fn from(record: PlanRecord) -> Self {
        Self {
            name: record.name,
            private_repositories: record.private_repositories,
            storage_bytes: record.storage_bytes,
            members: record.members,
            pulls: record.pulls,
        }
    }
}

/// What a namespace has of its plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    pub account: AccountName,
    pub plan: Plan,
    pub private_repositories: u64,
    pub storage: Held,
    pub default_private: bool,
}

/// There is no room for one more private repository.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{used} of {most} private repositories of the plan `{plan}` are in use; make one public, delete one, or ask the administrator for another plan"
)]
pub struct NoPrivateSlot {
    pub plan: String,
    pub used: u64,
    pub most: u64,
}

#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    #[error("there is no account `{0}`")]
    NoSuchAccount(String),
    #[error("only its owners see what `{0}` uses")]
    NotYours(AccountName),
    #[error("this credential sees what is public only; use another")]
    CredentialTooSmall,
    #[error("there is no plan `{0}`; `roadstead admin plan list` shows them")]
    NoSuchPlan(String),
    #[error(
        "a plan's name has 1 to {MAX_NAME} of a-z, 0-9 and -, and is not `{DEFAULT}`, which is set by configuration"
    )]
    Name,
    #[error("the plan `{0}` does not exist, or accounts have it; give them another first")]
    InUse(String),
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<DbError> for PlanError {
    fn from(error: DbError) -> Self {
        Self::Store(error.into())
    }
}

impl Hub {
    /// What an account may have.
    pub(crate) async fn plan_of(
        &self,
        tx: &mut Tx<'_>,
        account: AccountId,
    ) -> Result<Plan, DbError> {
        Ok(plans::of(tx, account).await?.map_or_else(|| self.default_plan(), Plan::from))
    }

    /// The plan of whoever was given none.
    pub fn default_plan(&self) -> Plan {
        Plan {
            name: DEFAULT.to_owned(),
            private_repositories: self.settings.private_repositories,
            storage_bytes: self.settings.storage_bytes,
            members: None,
            pulls: self.settings.pulls.account,
        }
    }

    /// Makes sure that there is room for one more private repository, and holds it until the
    /// transaction ends. Official repositories need none.
    pub(crate) async fn take_private_slot(
        &self,
        tx: &mut Tx<'_>,
        namespace: AccountId,
    ) -> Result<Result<(), NoPrivateSlot>, DbError> {
        if namespace == self.library {
            return Ok(Ok(()));
        }
        plans::hold(tx, namespace).await?;
        let plan = self.plan_of(tx, namespace).await?;
        let Some(most) = plan.private_repositories else { return Ok(Ok(())) };
        let used = repos::count_private(tx, namespace).await?;
        Ok(if used < most { Ok(()) } else { Err(NoPrivateSlot { plan: plan.name, used, most }) })
    }

    /// What a namespace has of its plan, for its owners and for administrators.
    pub async fn use_of(&self, who: &Identity, account: &str) -> Result<Use, PlanError> {
        let missing = || PlanError::NoSuchAccount(account.chars().take(64).collect());
        let name: AccountName = account.parse().map_err(|_| missing())?;
        if visibility(who) == Visibility::PUBLIC {
            return Err(PlanError::CredentialTooSmall);
        }
        self.db
            .read(async |tx| {
                let account = accounts::find_by_name(tx, &name).await?.ok_or_else(missing)?;
                if account.id != who.account && !who.is_admin {
                    let membership =
                        members::find_membership(tx, &account.name, who.account).await?;
                    if membership.and_then(|(_, is)| is) != Some(Membership::Owner) {
                        return Err(PlanError::NotYours(account.name));
                    }
                }
                Ok(Use {
                    plan: self.plan_of(tx, account.id).await?,
                    storage: storage::held(tx, account.id).await?,
                    private_repositories: repos::count_private(tx, account.id).await?,
                    default_private: account.default_private,
                    account: account.name,
                })
            })
            .await
    }

    /// The same of the account that clients know by this id.
    pub async fn use_of_id(&self, who: &Identity, uuid: &str) -> Result<Use, PlanError> {
        let found = self.db.read(async |tx| accounts::find_by_uuid(tx, uuid).await).await;
        let account = found.map_err(StoreError::from)?;
        let missing = || PlanError::NoSuchAccount(uuid.chars().take(64).collect());
        self.use_of(who, account.ok_or_else(missing)?.name.as_str()).await
    }

    /// All plans but the default one.
    pub async fn list_plans(&self, _key: &SystemKey) -> Result<Vec<Plan>, StoreError> {
        let rows = self.db.read(async |tx| plans::list(tx).await).await?;
        Ok(rows.into_iter().map(Plan::from).collect())
    }

    /// How many accounts have each plan, the default one too. A plan that nobody has is not among them.
    pub async fn accounts_by_plan(
        &self,
        _key: &SystemKey,
    ) -> Result<HashMap<String, u64>, StoreError> {
        let rows = self.db.read(async |tx| census::accounts_by_plan(tx).await).await?;
        let named = rows
            .into_iter()
            .map(|(plan, count)| (plan.unwrap_or_else(|| DEFAULT.to_owned()), count));
        Ok(named.collect())
    }

    /// Makes a plan, or changes what it allows. What accounts have already stays, even beyond it.
    pub async fn put_plan(&self, key: &SystemKey, plan: Plan) -> Result<(), PlanError> {
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let fits = (1..=MAX_NAME).contains(&plan.name.len()) && plan.name.bytes().all(is_plain);
        if !fits || plan.name == DEFAULT {
            return Err(PlanError::Name);
        }
        let record = PlanRecord {
            name: plan.name,
            private_repositories: plan.private_repositories,
            storage_bytes: plan.storage_bytes,
            members: plan.members,
            pulls: plan.pulls,
            created_at: self.now(),
        };
        self.db
            .write(async |tx| {
                plans::put(tx, &record).await?;
                let event = Event::of(Action::PlanChange, &record.name).after(json!({
                    "private_repositories": record.private_repositories,
                    "storage_bytes": record.storage_bytes,
                    "members": record.members,
                    "pulls": record.pulls,
                }));
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }

    pub async fn delete_plan(&self, key: &SystemKey, name: &str) -> Result<(), PlanError> {
        self.db
            .write(async |tx| {
                if !plans::delete(tx, name).await? {
                    return Err(PlanError::InUse(name.chars().take(MAX_NAME).collect()));
                }
                Ok(self.record(tx, key, Event::of(Action::PlanChange, name)).await?)
            })
            .await
    }

    /// Gives a user or an organization a plan; `default` takes it back.
    pub async fn set_plan(
        &self,
        key: &SystemKey,
        account: &str,
        plan: &str,
    ) -> Result<(), PlanError> {
        let missing = || PlanError::NoSuchAccount(account.chars().take(64).collect());
        let name: AccountName = account.parse().map_err(|_| missing())?;
        let chosen = (plan != DEFAULT).then_some(plan);
        self.db
            .write(async |tx| {
                let account = accounts::find_by_name(tx, &name).await?;
                let account = account.filter(|it| it.kind != AccountKind::Library);
                let account = account.ok_or_else(missing)?;
                if chosen.is_some() && plans::find(tx, plan).await?.is_none() {
                    return Err(PlanError::NoSuchPlan(plan.chars().take(MAX_NAME).collect()));
                }
                let old = plans::hold(tx, account.id).await?;
                plans::set_of(tx, account.id, chosen).await?;
                let event = Event::of(Action::AccountPlan, &account.name)
                    .in_namespace(account.id)
                    .before(json!({ "plan": old.as_deref().unwrap_or(DEFAULT) }))
                    .after(json!({ "plan": plan }));
                Ok(self.record(tx, key, event).await?)
            })
            .await
    }
}
