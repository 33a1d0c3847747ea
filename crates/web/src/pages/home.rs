//! The front page: search, official images, what is popular and what is new, and how to begin.

use askama::Template;
use axum::response::{IntoResponse, Redirect, Response};
use roadstead_http::Problem;
use roadstead_hub::search::{SearchError, SearchPage, SearchQuery, Sort};

use crate::card::Card;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};

/// With fewer official images than this they get no section of their own.
const FEW: usize = 4;
const TILES: u32 = 8;
const ROWS: u32 = 5;

#[derive(Template)]
#[template(path = "home.html")]
pub struct Home {
    frame: Frame,
    is_set_up: bool,
    repositories: u64,
    officials: u64,
    official: Vec<Card>,
    popular: Vec<Card>,
    fresh: Vec<Card>,
}

impl Page for Home {
    const CACHING: Caching = Caching::Ask;
}

/// Whoever is signed in begins with what is their own; the front page is there for them as `/explore`.
pub async fn show(visit: Visit) -> Response {
    if visit.frame.is_at("/") && visit.frame.viewer.is_some() {
        return Redirect::to("/repositories").into_response();
    }
    let made = make(&visit).await;
    visit.answer(made)
}

async fn make(visit: &Visit) -> Result<Home, Problem> {
    let (official, popular, fresh) = tokio::try_join!(
        find(visit, SearchQuery { official: Some(true), ..best(Sort::Stars, TILES) }),
        find(visit, best(Sort::Pulls, ROWS)),
        find(visit, best(Sort::Updated, ROWS)),
    )?;
    let cards = |found: &SearchPage| found.repositories.iter().map(Card::from).collect::<Vec<_>>();
    let mut tiles = cards(&official);
    if tiles.len() < FEW {
        tiles.clear();
    }
    Ok(Home {
        frame: visit.frame.clone(),
        is_set_up: visit.hub.is_set_up().await?,
        repositories: popular.total,
        officials: official.total,
        official: tiles,
        popular: cards(&popular),
        fresh: cards(&fresh),
    })
}

fn best(sort: Sort, limit: u32) -> SearchQuery {
    SearchQuery { sort, limit, ..SearchQuery::default() }
}

/// What is found; nothing while the index is being built, which is no reason to show no page.
async fn find(visit: &Visit, query: SearchQuery) -> Result<SearchPage, Problem> {
    match visit.hub.search(&visit.caller, &query).await {
        Ok(found) => Ok(found),
        Err(SearchError::NotReady | SearchError::Query(_)) => Ok(SearchPage::default()),
        Err(SearchError::Store(error)) => Err(error.into()),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Home> {
    let empty = |is_set_up| Home {
        frame: Frame::sample("/", None),
        is_set_up,
        repositories: 0,
        officials: 0,
        official: Vec::new(),
        popular: Vec::new(),
        fresh: Vec::new(),
    };
    let cards = |path: &str| (0..5).map(|_| Card::sample(path)).collect::<Vec<_>>();
    let full = Home {
        repositories: 2_418,
        officials: 5,
        official: cards("alder"),
        popular: cards("harborworks/tidewatch"),
        fresh: cards("bruno/metrics-shim"),
        ..empty(true)
    };
    vec![empty(false), empty(true), full]
}
