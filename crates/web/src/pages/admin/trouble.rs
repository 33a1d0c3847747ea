//! Why a form was not followed, to be read beside its fields.

use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::{AccountError, AdminError, Field, SignUpError};
use roadstead_hub::administration::AdministrationError;
use roadstead_hub::organizations::OrganizationError;
use roadstead_hub::plans::PlanError;
use roadstead_hub::repos::CreateRepositoryError;

use crate::failure::sentence;
use crate::ui::{self, Markup};

/// What is wrong, by the name of the field; `""` is the form as a whole.
#[derive(Clone, Debug, Default)]
pub struct Trouble(Vec<(&'static str, String)>);

impl Trouble {
    pub fn with(field: &'static str, text: impl Into<String>) -> Self {
        Self(vec![(field, text.into())])
    }

    pub fn status(&self) -> StatusCode {
        if self.0.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY }
    }

    pub fn is_about(&self, field: &str) -> bool {
        self.0.iter().any(|(name, _)| *name == field)
    }

    /// The attributes of a field's element.
    pub fn marks(&self, field: &str) -> Markup {
        if !self.is_about(field) {
            return Markup::default();
        }
        Markup::trusted(format!(r#" aria-invalid="true" aria-describedby="{}-error""#, id(field)))
    }

    /// What stands under a field.
    pub fn beside(&self, field: &str) -> Markup {
        let said = self.0.iter().filter(|(name, _)| *name == field);
        let said = said.map(|(_, text)| {
            let (id, icon, text) = (id(field), ui::icon("warn"), ui::escaped(&sentence(text)));
            format!(r#"<p class="error-text" id="{id}-error">{icon}<span>{text}</span></p>"#)
        });
        Markup::trusted(said.collect())
    }
}

fn id(field: &str) -> &str {
    if field.is_empty() { "form" } else { field }
}

/// What a function of the hub did not do: the person's to mend, or not.
pub enum Refused {
    Told(Trouble),
    Broken(Problem),
}

/// The trouble to show, or what ends the request.
pub fn told(error: impl Into<Refused>) -> Result<Trouble, Problem> {
    match error.into() {
        Refused::Told(trouble) => Ok(trouble),
        Refused::Broken(problem) => Err(problem),
    }
}

/// The same where there is no form to show it at.
pub fn problem(error: impl Into<Refused>) -> Problem {
    match error.into() {
        Refused::Broken(problem) => problem,
        Refused::Told(Trouble(said)) => {
            let text = said.into_iter().next().map(|(_, text)| text).unwrap_or_default();
            Problem::new(StatusCode::UNPROCESSABLE_ENTITY, text)
        }
    }
}

impl From<AdministrationError> for Refused {
    fn from(error: AdministrationError) -> Self {
        match error {
            AdministrationError::Store(error) => Self::Broken(error.into()),
            AdministrationError::Field { field, text } => Self::Told(Trouble::with(field, text)),
            error => Self::Told(Trouble::with("", error.to_string())),
        }
    }
}

impl From<AdminError> for Refused {
    fn from(error: AdminError) -> Self {
        match error {
            AdminError::Store(error) => Self::Broken(error.into()),
            AdminError::NoSuchUser(_) => Self::Broken(Problem::not_found()),
            error => Self::Told(Trouble::with("", error.to_string())),
        }
    }
}

impl From<OrganizationError> for Refused {
    fn from(error: OrganizationError) -> Self {
        match error {
            OrganizationError::Store(error) => Self::Broken(error.into()),
            OrganizationError::NoSuchOrganization(_) => Self::Broken(Problem::not_found()),
            error => Self::Told(Trouble::with("", error.to_string())),
        }
    }
}

impl From<PlanError> for Refused {
    fn from(error: PlanError) -> Self {
        match error {
            PlanError::Store(error) => Self::Broken(error.into()),
            PlanError::NoSuchAccount(_) => Self::Broken(Problem::not_found()),
            PlanError::Name => Self::Told(Trouble::with("name", PlanError::Name.to_string())),
            error => Self::Told(Trouble::with("", error.to_string())),
        }
    }
}

impl From<CreateRepositoryError> for Refused {
    fn from(error: CreateRepositoryError) -> Self {
        match error {
            CreateRepositoryError::Store(error) => Self::Broken(error.into()),
            error => Self::Told(Trouble::with("name", error.to_string())),
        }
    }
}

impl From<SignUpError> for Refused {
    fn from(error: SignUpError) -> Self {
        match error {
            SignUpError::Store(error) => Self::Broken(error.into()),
            SignUpError::Fields(errors) => {
                let named = errors.iter().map(|(field, text)| (word(field), text.to_owned()));
                Self::Told(Trouble(named.collect()))
            }
            error => Self::Told(Trouble::with("", error.to_string())),
        }
    }
}

impl From<AccountError> for Refused {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::Store(error) => Self::Broken(error.into()),
            error => Self::Told(Trouble::with("", error.to_string())),
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
