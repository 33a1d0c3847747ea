//! What a caller may do with a repository, for showing.

use roadstead_http::can::may;
use roadstead_hub::access::{Administer, Push};
use roadstead_hub::{Caller, Hub, StoreError};
use roadstead_types::RepositoryName;

/// What the caller may do, for showing; deciding is done anew on each request.
pub struct Permissions {
    pub write: bool,
    pub admin: bool,
}

impl Permissions {
    pub async fn of(hub: &Hub, caller: &Caller, name: &RepositoryName) -> Result<Self, StoreError> {
        Ok(Self {
            write: may::<Push>(hub, caller, name).await?,
            admin: may::<Administer>(hub, caller, name).await?,
        })
    }
}
