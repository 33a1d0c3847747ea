//! `GET /search`: everything that the caller may read, found by words, filters and order.

use std::borrow::Cow;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::search::{SearchError, SearchPage, SearchQuery, Sort};
use serde::Deserialize;

use crate::card::Card;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui;

const SIZE: u32 = 20;

/// Orders, and their words in the address.
const SORTS: [(&str, Sort); 4] = [
    ("best", Sort::BestMatch),
    ("stars", Sort::Stars),
    ("pulls", Sort::Pulls),
    ("updated", Sort::Updated),
];

/// An order as people read it.
fn label(frame: &Frame, sort: &Sort) -> Cow<'static, str> {
    match sort {
        Sort::BestMatch => frame.t("search-sort-best"),
        Sort::Stars => frame.t("search-sort-stars"),
        Sort::Pulls => frame.t("search-sort-pulls"),
        Sort::Updated => frame.t("ui-by-updated"),
    }
}

/// What the address asks for. Absent fields are empty, and what means nothing is passed over: a link from
/// elsewhere shows a page.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    official: String,
    automated: String,
    private: String,
    owner: String,
    arch: String,
    sort: String,
    page: String,
}

#[derive(Template)]
#[template(path = "search.html", blocks = ["results"])]
pub struct Search {
    frame: Frame,
    asked: Asked,
    cards: Vec<Card>,
    total: u64,
    pager: Pager,
    /// Why nothing is shown, when it is not for want of repositories.
    trouble: Option<String>,
}

impl Page for Search {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        if self.trouble.is_some() { StatusCode::BAD_REQUEST } else { StatusCode::OK }
    }

    fn region(&self) -> Option<askama::Result<String>> {
        Some(self.as_results().render())
    }
}

pub async fn show(visit: Visit, Query(asked): Query<Asked>) -> Response {
    let made = make(&visit, asked).await;
    visit.answer(made)
}

async fn make(visit: &Visit, asked: Asked) -> Result<Search, Problem> {
    let query = asked.query();
    let (found, trouble) = match visit.hub.search(&visit.caller, &query).await {
        Ok(found) => (found, None),
        Err(SearchError::Store(error)) => return Err(error.into()),
        Err(error) => (SearchPage::default(), Some(error.to_string())),
    };
    let number = pager::number(&asked.page);
    Ok(Search {
        frame: visit.frame.clone(),
        cards: found.repositories.iter().map(Card::from).collect(),
        total: found.total,
        pager: Pager::new("/search", &asked.address(None), number, found.total, SIZE),
        asked,
        trouble,
    })
}

impl Asked {
    fn query(&self) -> SearchQuery {
        let flag = |text: &str| (text == "1").then_some(true);
        SearchQuery {
            text: self.q.clone(),
            official: flag(&self.official),
            automated: flag(&self.automated),
            private: flag(&self.private),
            owner: (!self.owner.is_empty()).then(|| self.owner.clone()),
            architectures: if self.arch.is_empty() { Vec::new() } else { vec![self.arch.clone()] },
            updated_since: None,
            sort: self.order().1,
            offset: (pager::number(&self.page) - 1) * u64::from(SIZE),
            limit: SIZE,
        }
    }

    fn order(&self) -> (&'static str, Sort) {
        SORTS.into_iter().find(|(word, ..)| *word == self.sort).unwrap_or(SORTS[0])
    }

    /// The same question in another order, from its first page.
    fn address(&self, sort: Option<&str>) -> String {
        ui::query(&[
            ("q", &self.q),
            ("official", &self.official),
            ("automated", &self.automated),
            ("private", &self.private),
            ("owner", &self.owner),
            ("arch", &self.arch),
            ("sort", sort.unwrap_or(&self.sort)),
        ])
    }

    fn is_for(&self, architecture: &str) -> bool {
        self.arch == architecture
    }

    fn is_by(&self, sort: &str) -> bool {
        self.order().0 == sort
    }

    fn without_filters(&self) -> String {
        format!("/search?{}", ui::query(&[("q", &self.q)]))
    }

    fn filters(&self) -> u64 {
        let all = [&self.official, &self.automated, &self.private, &self.owner, &self.arch];
        all.into_iter().map(|text| u64::from(!text.is_empty())).sum()
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Search> {
    let page = |q: &str, cards: Vec<Card>, total| Search {
        frame: Frame::sample("/search", Some("alice")),
        asked: Asked { q: q.to_owned(), official: "1".to_owned(), ..Asked::default() },
        cards,
        total,
        pager: Pager::new("/search", "q=weather", 2, total, SIZE),
        trouble: None,
    };
    let found = vec![Card::sample("weather"), Card::sample("harborworks/tidewatch")];
    let none = page("\"><script>alert(1)</script>", Vec::new(), 0);
    let trouble = Search { trouble: Some("too long".to_owned()), ..page("x", Vec::new(), 0) };
    vec![page("weather", found, 142), none, trouble]
}
