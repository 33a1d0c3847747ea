//! People together: organizations, their members and teams, invitations to them, and what teams and
//! collaborators may do with repositories.
//!
//! Whoever changes who belongs to an organization holds its row first (`Org::begin`), so that "one
//! owner stays" and "no more members than the plan has" are true whoever else is at it.

mod administer;
mod change;
mod collaborators;
mod create;
mod error;
mod grants;
mod invitations;
mod invite;
mod members;
mod teams;
#[cfg(test)]
mod tests;
mod text;

use roadstead_db::accounts::{self, AccountRecord};
use roadstead_db::{DbError, Tx, members as rows, organizations};
use roadstead_types::AccountName;

use crate::access::{Org, OrgRight};
use crate::accounts::is_usable;

pub use change::ProfileChange;
pub(crate) use change::told as told_profile;
pub use collaborators::Collaborator;
pub use create::NewOrganization;
pub(crate) use create::check as check_profile;
pub use error::OrganizationError;
pub use invite::{Invite, Invited, Outcome};
pub use members::Member;
pub use roadstead_db::grants::{GrantCell, GrantRecord as Grant};
pub use roadstead_db::invitations::InvitationRecord as Invitation;
pub use roadstead_db::members::{Filter as MemberFilter, Membership, Person};
pub use roadstead_db::organizations::{Belonging, OrganizationRecord as Organization, Profile};
pub use roadstead_db::teams::TeamRecord as Team;
pub use teams::{Added, TeamChange, TeamQuery};
pub(crate) use text::Unfit;

impl<R: OrgRight> Org<R> {
    /// Holds the organization for a change. What the caller is in it may have changed since it was
    /// cleared, so that is asked once more.
    async fn begin(&self, tx: &mut Tx<'_>) -> Result<(), OrganizationError> {
        let is_there = organizations::hold(tx, self.id).await?;
        let member = rows::find(tx, self.id, self.who.account).await?;
        let held = member.map(|member| member.membership);
        if is_there && held >= Some(R::NEEDS) {
            return Ok(());
        }
        Err(OrganizationError::Moved(self.name.clone()))
    }
}

/// The user of that name, whom others can work with.
async fn find_person(tx: &mut Tx<'_>, name: &str) -> Result<AccountRecord, OrganizationError> {
    let missing = || OrganizationError::NoSuchUser(text::shown(name));
    let parsed: AccountName = name.parse().map_err(|_| missing())?;
    let found = accounts::find_by_name(tx, &parsed).await?;
    found.filter(is_usable).ok_or_else(missing)
}

/// Why a list or a look-up failed: only ever the database.
type Listed<T> = Result<T, crate::StoreError>;

fn listed<T>(result: Result<T, DbError>) -> Listed<T> {
    result.map_err(Into::into)
}
