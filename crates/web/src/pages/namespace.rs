//! `/{namespace}`: a person or an organization, and what they share.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::{IntoResponse, Redirect, Response};
use roadstead_http::Problem;
use roadstead_hub::access::{Member, OrgRefusal};
use roadstead_hub::accounts::Account;
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::{AccountName, Timestamp};
use serde::Deserialize;

use super::organization::{Head, Tab};
use crate::card::Card;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui;

const SIZE: u32 = 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    /// `updated` or `name`.
    sort: String,
    page: String,
}

#[derive(Template)]
#[template(path = "namespace.html", blocks = ["rows"])]
pub struct Namespace {
    frame: Frame,
    name: String,
    full_name: String,
    is_organization: bool,
    /// Of an organization that anybody can work with.
    head: Option<Head>,
    joined_at: Timestamp,
    asked: Asked,
    cards: Vec<Card>,
    total: u64,
    pager: Pager,
}

impl Page for Namespace {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_rows().render())
    }
}

pub async fn show(visit: Visit, Path(name): Path<String>, Query(asked): Query<Asked>) -> Response {
    // Official images belong to nobody in particular; their list is a search.
    if name == AccountName::LIBRARY {
        return Redirect::to("/search?official=1").into_response();
    }
    let account = match find(&visit, &name).await {
        Ok(account) => account,
        Err(problem) => return visit.refuse(&problem),
    };
    if account.name.as_str() != name {
        return Redirect::to(&format!("/{}", account.name)).into_response();
    }
    let made = make(&visit, &account, asked).await;
    visit.answer(made)
}

async fn find(visit: &Visit, name: &str) -> Result<Account, Problem> {
    let name: AccountName = name.parse().map_err(|_| Problem::not_found())?;
    visit.hub.find_account(&name).await?.ok_or_else(Problem::not_found)
}

async fn make(visit: &Visit, account: &Account, asked: Asked) -> Result<Namespace, Problem> {
    let number = pager::number(&asked.page);
    let by_name = asked.sort == "name";
    let query = RepositoryQuery {
        name_part: (!asked.q.is_empty()).then(|| asked.q.clone()),
        order: if by_name { RepositoryOrder::Name } else { RepositoryOrder::Pushed },
        is_descending: !by_name,
        offset: (number - 1) * u64::from(SIZE),
        limit: SIZE,
    };
    let found = visit.hub.list_namespace(&visit.caller, &account.name, &query).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    let asking = ui::query(&[("q", &asked.q), ("sort", &asked.sort)]);
    Ok(Namespace {
        frame: visit.frame.clone(),
        name: account.name.to_string(),
        full_name: account.full_name.clone(),
        is_organization: account.is_organization,
        head: head(visit, account).await?,
        joined_at: account.created_at,
        cards: found.repositories.iter().map(Card::from).collect(),
        total: found.total,
        pager: Pager::new(&format!("/{}", account.name), &asking, number, found.total, SIZE),
        asked,
    })
}

async fn head(visit: &Visit, account: &Account) -> Result<Option<Head>, Problem> {
    if !account.is_organization {
        return Ok(None);
    }
    let name = account.name.as_str();
    let Some(organization) = visit.hub.find_organization(name).await? else { return Ok(None) };
    let org = match visit.hub.open_organization::<Member>(&visit.caller, name).await {
        Ok(org) => org,
        Err(OrgRefusal::Store(error)) => return Err(error.into()),
        Err(_) => {
            return Head::for_visitor(visit, &organization, Tab::Repositories).await.map(Some);
        }
    };
    Head::for_member(visit, &organization, &org, Tab::Repositories).await.map(Some)
}

impl Namespace {
    /// Whether a push to a new name would make a repository here.
    fn is_own(&self) -> bool {
        let is_in = self.head.as_ref().is_some_and(Head::may_create);
        is_in || self.frame.viewer.as_ref().is_some_and(|viewer| viewer.name == self.name)
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Namespace> {
    use roadstead_hub::organizations::Membership;

    let organization = |membership| Head::sample(Tab::Repositories, membership);
    let page = |viewer, cards: Vec<Card>, head: Option<Head>| Namespace {
        frame: Frame::sample("/alice", viewer),
        name: "alice".to_owned(),
        full_name: "Alice <b>".to_owned(),
        is_organization: head.is_some(),
        head,
        joined_at: Timestamp::parse("2025-03-04T00:00:00Z").unwrap(),
        asked: Asked::default(),
        total: cards.len() as u64,
        pager: Pager::new("/alice", "", 1, cards.len() as u64, SIZE),
        cards,
    };
    vec![
        page(None, vec![Card::sample("alice/people")], Some(organization(None))),
        page(Some("tomas"), Vec::new(), Some(organization(Some(Membership::Owner)))),
        page(Some("alice"), Vec::new(), None),
        page(None, Vec::new(), None),
    ]
}
