//! Answers to invitations that wait on the dashboard.

use axum::Form;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::organizations::OrganizationError;
use serde::Deserialize;
use uuid::Uuid;

use crate::own::Own;

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Sent {
    id: String,
    /// `accept`, or `decline`.
    answer: String,
    mark: String,
}

pub async fn submit(own: Own, Form(sent): Form<Sent>) -> Response {
    match answer(&own, &sent).await {
        Ok(said) => own.visit.done("/repositories", &said),
        Err(problem) => own.visit.refuse(&problem),
    }
}

async fn answer(own: &Own, sent: &Sent) -> Result<String, Problem> {
    own.check(&sent.mark)?;
    let Own { visit, who } = own;
    // What is no id is the id of nothing.
    let id: Uuid = sent.id.parse().unwrap_or_default();
    if sent.answer == "accept" {
        let joined = visit.hub.accept_invitation(who, id, None).await.map_err(refuse)?;
        return Ok(visit
            .frame
            .t1("manage-joined", "organization", joined.organization.as_str())
            .into());
    }
    visit.hub.decline_invitation(who, id, None).await.map_err(refuse)?;
    Ok(visit.frame.t("manage-declined").into())
}

fn refuse(error: OrganizationError) -> Problem {
    let text = error.to_string();
    match error {
        OrganizationError::Store(error) => error.into(),
        OrganizationError::NoSuchInvitation => Problem::new(StatusCode::NOT_FOUND, text),
        _ => Problem::forbidden(text),
    }
}
