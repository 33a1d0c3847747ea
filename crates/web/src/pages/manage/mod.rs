//! Repositories as those who own them work on them.

pub mod activity;
mod categories;
pub mod create;
pub mod dashboard;
mod desk;
pub mod edit;
mod name_rules;
pub mod permissions;
pub mod settings;
pub mod stars;
pub mod trash;

use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Pull, Repo};
use roadstead_hub::repos::{EditError, RepositoryDetails};

use super::head::{Head, Tab, details};
use super::tags;
use crate::form::Errors;
use crate::frame::Frame;

/// What every page about one repository begins with.
async fn opened<R: Allows<Pull>>(
    frame: &Frame,
    repo: &Repo<R>,
    tab: Tab,
) -> Result<(RepositoryDetails, Head), Problem> {
    let (details, tags) = (details(repo).await?, tags::count(repo).await?);
    let head = Head::new(frame, &details, tags, tab);
    Ok((details, head))
}

/// Why a form was not done as sent.
enum Refused {
    /// It is shown again, with this beside its fields.
    Form(Errors),
    Problem(Problem),
    /// Something else comes first, to which this leads.
    Answer(Response),
}

impl From<Errors> for Refused {
    fn from(errors: Errors) -> Self {
        Self::Form(errors)
    }
}

impl<P: Into<Problem>> From<P> for Refused {
    fn from(problem: P) -> Self {
        Self::Problem(problem.into())
    }
}

/// Why an edit was not made; `field` is what it was about.
fn refuse_edit(field: &'static str, error: EditError) -> Refused {
    match error {
        EditError::Store(error) => Problem::from(error).into(),
        EditError::Gone => Problem::not_found().into(),
        error => Errors::at(field, error.to_string()).into(),
    }
}
