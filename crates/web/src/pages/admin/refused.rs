//! Why a form was not followed, or nothing was done.

use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::{AdminError, Field, SignUpError};
use roadstead_hub::administration::AdministrationError;
use roadstead_hub::organizations::OrganizationError;
use roadstead_hub::plans::PlanError;
use roadstead_hub::repos::CreateRepositoryError;

use crate::form::Errors;

/// What a function of the hub did not do: the person's to mend, or not.
pub enum Refused {
    Told(Errors),
    Broken(Problem),
}

/// The refusals to show at the form, or what ends the request.
pub fn told(error: impl Into<Refused>) -> Result<Errors, Problem> {
    match error.into() {
        Refused::Told(errors) => Ok(errors),
        Refused::Broken(problem) => Err(problem),
    }
}

/// The same where there is no form to show it at.
pub fn problem(error: impl Into<Refused>) -> Problem {
    match error.into() {
        Refused::Broken(problem) => problem,
        Refused::Told(errors) => {
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, errors.first().unwrap_or_default())
        }
    }
}

impl From<AdministrationError> for Refused {
    fn from(error: AdministrationError) -> Self {
        match error {
            AdministrationError::Store(error) => Self::Broken(error.into()),
            AdministrationError::Field { field, text } => Self::Told(Errors::at(field, text)),
            error => Self::Told(Errors::of_form(error.to_string())),
        }
    }
}

impl From<AdminError> for Refused {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Store(error) => Self::Broken(error.into()),
            AdminError::NoSuchUser(_) => Self::Broken(Problem::not_found()),
            error => Self::Told(Errors::of_form(error.to_string())),
        }
    }
}

impl From<OrganizationError> for Refused {
    fn from(error: OrganizationError) -> Self {
        match error {
            OrganizationError::Store(error) => Self::Broken(error.into()),
            OrganizationError::NoSuchOrganization(_) => Self::Broken(Problem::not_found()),
            error => Self::Told(Errors::of_form(error.to_string())),
        }
    }
}

impl From<PlanError> for Refused {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Store(error) => Self::Broken(error.into()),
            PlanError::NoSuchAccount(_) => Self::Broken(Problem::not_found()),
            PlanError::Name => Self::Told(Errors::at("name", PlanError::Name.to_string())),
            error => Self::Told(Errors::of_form(error.to_string())),
        }
    }
}

impl From<CreateRepositoryError> for Refused {
    fn from(error: CreateRepositoryError) -> Self {
        match error {
            CreateRepositoryError::Store(error) => Self::Broken(error.into()),
            error => Self::Told(Errors::at("name", error.to_string())),
        }
    }
}

impl From<SignUpError> for Refused {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Store(error) => Self::Broken(error.into()),
            SignUpError::Fields(errors) => {
                let and = |told: Errors, (field, text)| told.and(word(field), text);
                Self::Told(errors.iter().fold(Errors::default(), and))
            }
            error => Self::Told(Errors::of_form(error.to_string())),
        }
    }
}

const fn word(field: Field) -> &'static str {
    match field {
        Field::Name => "name",
        Field::Email => "email",
        Field::Password => "password",
        Field::Invite => "invite",
    }
}
