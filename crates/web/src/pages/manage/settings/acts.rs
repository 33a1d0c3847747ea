//! What is done to a repository as a whole. Who means it types its name, and what is dangerous wants the password
//! once more.

use axum::Form;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::Caller;
use roadstead_hub::access::{Administer, Own, Right};
use roadstead_hub::repos::MoveError;
use roadstead_types::RepositoryName;

use super::{Ask, Refused, Sent, address, finish};
use crate::card::href;
use crate::form::Errors;
use crate::frame::Visit;
use crate::pages::manage::refuse_edit;
use crate::seen::Seen;

/// Where to go then, and what to say there.
type Done = Result<(String, String), Refused>;

pub async fn visibility(seen: Seen<Administer>, Form(sent): Form<Sent>) -> Response {
    let done = change_visibility(&seen, &sent).await;
    finish(seen, sent, Some(Ask::Visibility), done).await
}

pub async fn rename(seen: Seen<Own>, Form(sent): Form<Sent>) -> Response {
    let done = change_name(&seen, &sent).await;
    finish(seen, sent, Some(Ask::Rename), done).await
}

pub async fn transfer(seen: Seen<Own>, Form(sent): Form<Sent>) -> Response {
    let done = hand_over(&seen, &sent).await;
    finish(seen, sent, Some(Ask::Transfer), done).await
}

pub async fn archive(seen: Seen<Administer>, Form(sent): Form<Sent>) -> Response {
    let done = set_archived(&seen, &sent).await;
    finish(seen, sent, Some(Ask::Archive), done).await
}

pub async fn delete(seen: Seen<Administer>, Form(sent): Form<Sent>) -> Response {
    let done = put_into_trash(&seen, &sent).await;
    finish(seen, sent, Some(Ask::Delete), done).await
}

/// Gives a former name up.
pub async fn release(seen: Seen<Own>, Form(sent): Form<Sent>) -> Response {
    let done = release_name(&seen, &sent).await;
    finish(seen, sent, None, done).await
}

async fn change_visibility(seen: &Seen<Administer>, sent: &Sent) -> Done {
    let Seen { repo, visit, .. } = seen;
    let is_private = match sent.to.as_str() {
        "private" => true,
        "public" => false,
        _ => return Err(Errors::at("confirm", visit.frame.t("manage-choose")).into()),
    };
    meant(seen, sent, Ask::Visibility).await?;
    repo.set_private(is_private).await.map_err(|error| refuse_edit("confirm", error))?;
    let name = repo.name().as_str();
    let said = match is_private {
        true => visit.frame.t1("manage-made-private", "name", name),
        false => visit.frame.t1("manage-made-public", "name", name),
    };
    Ok((address(repo.name(), None), said.into()))
}

async fn change_name(Seen { repo, visit, .. }: &Seen<Own>, sent: &Sent) -> Done {
    visit.sender(&sent.mark)?;
    let to = named(repo.name().namespace(), &sent.name)?;
    repo.rename(&to).await.map_err(|error| refuse("name", error))?;
    Ok((address(&to, None), visit.frame.t1("manage-renamed", "name", to.as_str()).into()))
}

async fn hand_over(seen: &Seen<Own>, sent: &Sent) -> Done {
    let Seen { repo, visit, .. } = seen;
    if sent.namespace.is_empty() {
        return Err(Errors::at("namespace", visit.frame.t("manage-choose")).into());
    }
    meant(seen, sent, Ask::Transfer).await?;
    let Caller::Identity(who) = &visit.caller else { return Err(Problem::unauthorized().into()) };
    let to = RepositoryName::new(&sent.namespace, repo.name().name())
        .map_err(|error| Errors::at("namespace", error.to_string()))?;
    repo.transfer(who, &to).await.map_err(|error| refuse("namespace", error))?;
    Ok((href(&to), visit.frame.t1("manage-transferred", "name", to.as_str()).into()))
}

async fn set_archived(Seen { repo, visit, .. }: &Seen<Administer>, sent: &Sent) -> Done {
    visit.sender(&sent.mark)?;
    let is_archived = match sent.to.as_str() {
        "archived" => true,
        "active" => false,
        _ => return Err(Errors::at("confirm", visit.frame.t("manage-choose")).into()),
    };
    repo.set_archived(is_archived).await.map_err(|error| refuse_edit("confirm", error))?;
    let name = repo.name().as_str();
    let said = match is_archived {
        true => visit.frame.t1("manage-archived", "name", name),
        false => visit.frame.t1("manage-unarchived", "name", name),
    };
    Ok((address(repo.name(), None), said.into()))
}

async fn put_into_trash(seen: &Seen<Administer>, sent: &Sent) -> Done {
    let Seen { repo, visit, .. } = seen;
    meant(seen, sent, Ask::Delete).await?;
    repo.delete().await.map_err(|error| refuse_edit("confirm", error))?;
    let there = format!("/repositories/trash?ns={}", repo.name().namespace());
    Ok((there, visit.frame.t1("manage-deleted", "name", repo.name().as_str()).into()))
}

async fn release_name(Seen { repo, visit, .. }: &Seen<Own>, sent: &Sent) -> Done {
    visit.sender(&sent.mark)?;
    let former: RepositoryName =
        sent.name.parse().map_err(|_| Errors::at("former", visit.frame.t("manage-choose")))?;
    repo.release_name(&former).await.map_err(|error| refuse("former", error))?;
    let said = visit.frame.t1("manage-released", "name", former.as_str());
    Ok((address(repo.name(), None), said.into()))
}

/// Makes sure that the person typed the repository's name, and is who was signed in.
async fn meant<R: Right>(seen: &Seen<R>, sent: &Sent, ask: Ask) -> Result<(), Refused> {
    let Seen { repo, visit, .. } = seen;
    if sent.confirm.trim() != repo.name().short() {
        let text = visit.frame.t1("manage-type-name", "name", repo.name().short());
        return Err(Errors::at("confirm", text).into());
    }
    proved(visit, sent, &address(repo.name(), Some(ask))).await
}

async fn proved(visit: &Visit, sent: &Sent, next: &str) -> Result<(), Refused> {
    visit.proved(&sent.mark, next).await.map(|_| ()).map_err(Refused::Answer)
}

fn named(namespace: &str, name: &str) -> Result<RepositoryName, Errors> {
    RepositoryName::new(namespace, name).map_err(|error| Errors::at("name", error.to_string()))
}

fn refuse(field: &'static str, error: MoveError) -> Refused {
    match error {
        MoveError::Store(error) => Problem::from(error).into(),
        error => Errors::at(field, error.to_string()).into(),
    }
}
