//! What a namespace has of its plan, for the pages that make something private.

use roadstead_http::Problem;
use roadstead_hub::access::Identity;
use roadstead_hub::{Hub, plans};

#[derive(Clone, Debug)]
pub struct Slots {
    pub account: String,
    pub plan: String,
    pub used: u64,
    /// `None` is without limit.
    pub most: Option<u64>,
    pub stored: u64,
    pub room: Option<u64>,
    /// Repositories made by a push start private.
    pub starts_private: bool,
}

impl Slots {
    /// What `who` may see of a namespace: only its owners see what it uses.
    pub async fn of(hub: &Hub, who: &Identity, account: &str) -> Result<Option<Self>, Problem> {
        match hub.use_of(who, account).await {
            Ok(found) => Ok(Some(Self::from(found))),
            Err(plans::PlanError::Store(error)) => Err(error.into()),
            Err(_) => Ok(None),
        }
    }

    pub fn free(&self) -> Option<u64> {
        self.most.map(|most| most.saturating_sub(self.used))
    }

    pub fn is_full(&self) -> bool {
        self.free() == Some(0)
    }

    pub fn storage_percent(&self) -> u64 {
        let room = self.room.unwrap_or(0).max(1);
        (self.stored.saturating_mul(100) / room).min(100)
    }
}

impl From<plans::Use> for Slots {
    fn from(found: plans::Use) -> Self {
        Self {
            account: found.account.to_string(),
            plan: found.plan.name,
            used: found.private_repositories,
            most: found.plan.private_repositories,
            stored: found.storage.total(),
            room: found.plan.storage_bytes,
            starts_private: found.default_private,
        }
    }
}

#[cfg(test)]
impl Slots {
    pub fn sample(used: u64, most: Option<u64>) -> Self {
        Self {
            account: "alice".to_owned(),
            plan: "default".to_owned(),
            used,
            most,
            stored: 4_200_000_000,
            room: most.map(|_| 10_000_000_000),
            starts_private: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Slots;

    #[test]
    fn a_smaller_plan_leaves_nothing_free() {
        assert_eq!(Slots::sample(4, Some(3)).free(), Some(0));
        assert_eq!(
            (Slots::sample(9, None).free(), Slots::sample(9, None).is_full()),
            (None, false)
        );
        assert_eq!(Slots::sample(0, Some(1)).storage_percent(), 42);
    }
}
