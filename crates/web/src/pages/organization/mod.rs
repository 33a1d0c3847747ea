//! Organizations: the head of their pages, people and teams, tokens, what they use, what happened, settings;
//! and the organizations of whoever is signed in.

pub mod activity;
pub mod confirm;
pub mod create;
mod entry;
mod grants;
mod head;
pub mod leave;
pub mod member;
pub mod mine;
pub mod people;
pub mod plan;
mod rows;
pub mod settings;
pub mod team;
pub mod tokens;

use std::borrow::Cow;
use std::sync::Arc;

use roadstead_http::Problem;
use roadstead_hub::Caller;
use roadstead_hub::access::Identity;
use roadstead_hub::organizations::{Membership, OrganizationError};

use crate::failure::sentence;
use crate::frame::{Frame, Visit};

pub use entry::Entered;
pub use head::{Head, Tab};

/// Whoever is signed in.
fn signed_in(visit: &Visit) -> Result<&Arc<Identity>, Problem> {
    match &visit.caller {
        Caller::Identity(who) => Ok(who),
        Caller::Anonymous | Caller::Token(_) => Err(Problem::unauthorized()),
    }
}

/// Whoever is signed in and sends a form of this site's own.
fn sender(visit: &Visit, mark: &str) -> Result<Arc<Identity>, Problem> {
    visit.sender(mark)?.map(Arc::clone).ok_or_else(Problem::unauthorized)
}

/// What stands in the way, for the page to say beside what was typed. Where the hub itself failed, there is
/// nothing to type anew.
fn told(error: OrganizationError) -> Result<String, Problem> {
    match error {
        OrganizationError::Store(error) => Err(error.into()),
        error => Ok(sentence(&error.to_string()).into_owned()),
    }
}

/// The same where no form is shown again.
fn refused(error: OrganizationError) -> Problem {
    match told(error) {
        Ok(text) => Problem::new(http::StatusCode::UNPROCESSABLE_ENTITY, text),
        Err(problem) => problem,
    }
}

fn role(frame: &Frame, membership: Membership) -> Cow<'static, str> {
    match membership {
        Membership::Member => frame.t("organization-role-member"),
        Membership::Editor => frame.t("organization-role-editor"),
        Membership::Owner => frame.t("organization-role-owner"),
    }
}

fn parse_role(word: &str) -> Option<Membership> {
    [Membership::Member, Membership::Editor, Membership::Owner]
        .into_iter()
        .find(|membership| membership.word() == word)
}
