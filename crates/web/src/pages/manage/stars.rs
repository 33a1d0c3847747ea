//! `/stars`: what one gave a star, the newest first.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use serde::Deserialize;

use super::desk::Desk;
use crate::card::Card;
use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};

const SIZE: u32 = 20;

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    page: String,
}

#[derive(Template)]
#[template(path = "manage/stars.html")]
pub struct Stars {
    frame: Frame,
    desk: Desk,
    cards: Vec<Card>,
    total: u64,
    pager: Pager,
}

impl Page for Stars {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(own: Own, Query(asked): Query<Asked>) -> Response {
    let made = make(&own, &asked).await;
    own.visit.answer(made)
}

async fn make(Own { visit, who }: &Own, asked: &Asked) -> Result<Stars, Problem> {
    let number = pager::number(&asked.page);
    let offset = (number - 1) * u64::from(SIZE);
    let found = visit.hub.list_starred(&visit.caller, &who.name, offset, SIZE).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(Stars {
        frame: visit.frame.clone(),
        desk: Desk::Starred,
        cards: found.repositories.iter().map(Card::from).collect(),
        total: found.total,
        pager: Pager::new("/stars", "", number, found.total, SIZE),
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Stars> {
    let page = |cards: Vec<Card>| Stars {
        frame: Frame::sample("/stars", Some("alice")),
        desk: Desk::Starred,
        total: cards.len() as u64,
        pager: Pager::new("/stars", "", 1, 80, SIZE),
        cards,
    };
    vec![page(vec![Card::sample("harborworks/tidewatch"), Card::sample("alder")]), page(Vec::new())]
}
