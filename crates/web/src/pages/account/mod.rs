//! What people do with their own account.

pub mod again;
pub mod email;
pub mod end;
pub mod password;
pub mod plan;
pub mod profile;
pub mod sessions;
pub mod signup;
pub mod token;
pub mod tokens;
pub mod two_factor;

use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::accounts::{AccountError, Field};
use serde::Deserialize;

use crate::form::Errors;
use crate::frame::Frame;

/// A form that says nothing beside that it was meant.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Marked {
    mark: String,
}

/// Where a refusal of the hub belongs: into the form, or in place of the page.
///
/// Forms call the present password `current`, a new one `password`, and the code of the second factor `code`.
fn refused(error: AccountError) -> Result<Errors, Problem> {
    let text = error.to_string();
    Ok(match error {
        AccountError::WrongPassword => Errors::at("current", text),
        AccountError::WrongCode => Errors::at("code", text),
        AccountError::Profile { field, .. } => Errors::at(field, text),
        AccountError::Fields(errors) => errors
            .iter()
            .fold(Errors::default(), |errors, (field, text)| errors.and(field_name(field), text)),
        AccountError::Throttled { .. }
        | AccountError::TooManyLetters { .. }
        | AccountError::Busy => Errors::of_form(text).with_status(StatusCode::TOO_MANY_REQUESTS),
        AccountError::IsVerified
        | AccountError::AddressTaken
        | AccountError::SecondFactorIsOn
        | AccountError::NoSecondFactor
        | AccountError::NothingToConfirm
        | AccountError::IsAdministrator
        | AccountError::LastOwner(_)
        | AccountError::HasRepositories(_) => Errors::of_form(text),
        AccountError::NeedsPassword => return Err(Problem::forbidden(text)),
        AccountError::BadLink | AccountError::NoSuchSession => {
            return Err(Problem::new(StatusCode::NOT_FOUND, text));
        }
        AccountError::Store(error) => return Err(error.into()),
    })
}

fn field_name(field: Field) -> &'static str {
    match field {
        Field::Name => "username",
        Field::Email => "email",
        Field::Password => "password",
        Field::Invite => "invite",
    }
}

/// The same where there is no form to say it in.
fn barred(error: AccountError) -> Problem {
    refused(error).map_or_else(
        |problem| problem,
        |errors| Problem::new(errors.status, errors.get("").unwrap_or_default()),
    )
}

/// What to say of a password that was left out: it is no guess, and not counted as one.
fn left_out(frame: &Frame, password: &str) -> Option<Errors> {
    password.is_empty().then(|| Errors::at("current", frame.t("account-type-password")))
}
