//! `/repositories`: everything one owns or may push to, what the plan leaves, and who invites one.

use std::borrow::Cow;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::organizations::{Belonging, Membership};
use roadstead_hub::repos::{WorkFilter, WorkOrder};
use serde::Deserialize;

use super::desk::Desk;
use crate::card::Card;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::slots::Slots;
use crate::ui;

const SIZE: u32 = 20;
/// Invitations that are named; all of them wait where the organizations are.
const FEW: u32 = 5;
/// Organizations to choose from.
const MOST_ORGANIZATIONS: u32 = 200;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    ns: String,
    /// `public`, `private`, or both.
    visibility: String,
    /// `name`, `stars`, `pulls`, or the last push.
    sort: String,
    page: String,
}

/// Somebody asks the person into an organization.
#[derive(Clone, Debug)]
struct Invited {
    organization: String,
    inviter: String,
}

/// An organization, and what the person is there.
#[derive(Clone, Debug)]
struct Place {
    organization: String,
    membership: Membership,
}

#[derive(Template)]
#[template(path = "manage/dashboard.html", blocks = ["rows"])]
pub struct Dashboard {
    frame: Frame,
    desk: Desk,
    asked: Asked,
    cards: Vec<Card>,
    total: u64,
    pager: Pager,
    namespaces: Vec<String>,
    places: Vec<Place>,
    invitations: Vec<Invited>,
    slots: Option<Slots>,
    is_verified: bool,
}

impl Page for Dashboard {
    const CACHING: Caching = Caching::Ask;

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_rows().render())
    }
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, asked).await;
    own.visit.answer(made)
}

async fn make(own: &Own, asked: Asked) -> Result<Dashboard, Problem> {
    let Own { visit, who } = own;
    let number = pager::number(&asked.page);
    let offset = (number - 1) * u64::from(SIZE);
    let found = visit.hub.list_worked_on(who, &asked.filter(), offset, SIZE).await?;
    let account = if asked.ns.is_empty() { who.name.as_str() } else { &asked.ns };
    let slots = Slots::of(&visit.hub, who, account).await?;
    let places = places(own).await?;
    let mut namespaces = vec![who.name.to_string()];
    namespaces.extend(places.iter().map(|place| place.organization.clone()));
    Ok(Dashboard {
        frame: visit.frame.clone(),
        desk: Desk::Repositories,
        cards: found.repositories.iter().map(Card::from).collect(),
        total: found.total,
        pager: Pager::new("/repositories", &asked.address(), number, found.total, SIZE),
        asked,
        namespaces,
        places,
        invitations: invitations(own).await?,
        slots,
        is_verified: who.is_verified,
    })
}

async fn places(Own { visit, who }: &Own) -> Result<Vec<Place>, Problem> {
    let (mine, _) = visit.hub.list_organizations_of(who, 0, MOST_ORGANIZATIONS).await?;
    let place = |it: Belonging| Place {
        organization: it.organization.name.to_string(),
        membership: it.membership,
    };
    Ok(mine.into_iter().map(|(belonging, _)| place(belonging)).collect())
}

async fn invitations(Own { visit, who }: &Own) -> Result<Vec<Invited>, Problem> {
    let (open, _) = visit.hub.list_invitations_to(who, 0, FEW).await?;
    let invited = open.into_iter().map(|it| Invited {
        organization: it.organization.to_string(),
        inviter: it.inviter.to_string(),
    });
    Ok(invited.collect())
}

impl Dashboard {
    fn membership(&self, place: &Place) -> Cow<'static, str> {
        match place.membership {
            Membership::Owner => self.frame.t("manage-owner"),
            Membership::Editor => self.frame.t("manage-editor"),
            Membership::Member => self.frame.t("manage-member"),
        }
    }
}

impl Asked {
    fn filter(&self) -> WorkFilter {
        WorkFilter {
            text: self.q.clone(),
            // What is no name is nobody's namespace; the list then shows all of them.
            namespace: self.ns.parse().ok(),
            is_private: match self.visibility.as_str() {
                "public" => Some(false),
                "private" => Some(true),
                _ => None,
            },
            order: match self.sort.as_str() {
                "name" => WorkOrder::Name,
                "stars" => WorkOrder::Stars,
                "pulls" => WorkOrder::Pulls,
                _ => WorkOrder::Pushed,
            },
        }
    }

    fn address(&self) -> String {
        ui::query(&[
            ("q", &self.q),
            ("ns", &self.ns),
            ("visibility", &self.visibility),
            ("sort", &self.sort),
        ])
    }

    fn is_filtered(&self) -> bool {
        !self.q.is_empty() || !self.ns.is_empty() || !self.visibility.is_empty()
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Dashboard> {
    let page = |cards: Vec<Card>, slots| Dashboard {
        frame: Frame::sample("/repositories", Some("alice")),
        desk: Desk::Repositories,
        asked: Asked::default(),
        total: cards.len() as u64,
        pager: Pager::new("/repositories", "", 1, cards.len() as u64, SIZE),
        cards,
        namespaces: vec!["alice".to_owned(), "harborworks".to_owned()],
        places: vec![Place {
            organization: "harborworks".to_owned(),
            membership: Membership::Owner,
        }],
        invitations: Vec::new(),
        slots,
        is_verified: true,
    };
    let cards = vec![Card::sample("alice/tides"), Card::sample("harborworks/tidewatch")];
    let invited = Invited { organization: "Alice <b>".to_owned(), inviter: "bruno".to_owned() };
    let full = Dashboard {
        invitations: vec![invited],
        ..page(cards.clone(), Some(Slots::sample(5, Some(5))))
    };
    let mut none_match = page(Vec::new(), Some(Slots::sample(2, Some(40))));
    none_match.asked.q = "\"><script>alert(1)</script>".to_owned();
    vec![full, page(cards, None), page(Vec::new(), Some(Slots::sample(0, None))), none_match]
}
