//! Leaving an organization.

use axum::Form;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Member;
use serde::Deserialize;

use super::confirm::Confirm;
use super::{Entered, Head, Tab, sender, told};

#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    mark: String,
    /// The page that asks carries it.
    sure: String,
}

pub async fn form(entered: Entered<Member>) -> Response {
    let made = ask(&entered, None).await;
    entered.visit.answer(made)
}

pub async fn submit(entered: Entered<Member>, Form(typed): Form<Typed>) -> Response {
    match leave(&entered, &typed).await {
        Ok(None) => {
            let name = entered.organization.name.as_str();
            let said = entered.visit.frame.t1("organization-left", "name", name);
            entered.visit.done("/organizations", &said)
        }
        Ok(Some(error)) => {
            let made = ask(&entered, Some(error)).await;
            entered.visit.answer(made)
        }
        Err(problem) => entered.visit.refuse(&problem),
    }
}

/// Nothing, or what is in the way.
async fn leave(entered: &Entered<Member>, typed: &Typed) -> Result<Option<String>, Problem> {
    sender(&entered.visit, &typed.mark)?;
    if typed.sure.is_empty() {
        return Ok(Some(entered.visit.frame.t("organization-sure").into_owned()));
    }
    entered.org.leave().await.err().map(told).transpose()
}

async fn ask(entered: &Entered<Member>, error: Option<String>) -> Result<Confirm, Problem> {
    let Entered { org, organization, visit, .. } = entered;
    let (frame, name) = (&visit.frame, organization.name.as_str());
    Ok(Confirm {
        head: Head::for_member(visit, organization, org, Tab::People).await?,
        title: frame.t1("organization-leave-title", "name", name).into_owned(),
        texts: vec![
            frame.t1("organization-leave-text", "name", name).into_owned(),
            frame.t("organization-leave-back").into_owned(),
        ],
        action: entered.at("/people/leave"),
        hidden: Vec::new(),
        word: None,
        button: frame.t("organization-leave-button").into_owned(),
        back: entered.at("/people"),
        keep: frame.t("organization-leave-keep").into_owned(),
        frame: frame.clone(),
        error,
    })
}
