//! Official images, and the teams that maintain them.

use askama::Template;
use axum::extract::{Path, Query};
use axum::response::Response;
use http::StatusCode;
use roadstead_http::Problem;
use roadstead_hub::administration::Maintainer;
use roadstead_hub::repos::{RepositoryOrder, RepositoryQuery};
use roadstead_types::{AccountName, RepositoryName};
use serde::Deserialize;

use super::refused::{Refused, problem, told};
use super::{Desk, SIZE, Sent};
use crate::form::Errors;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::pager::{self, Pager};
use crate::ui;

const PATH: &str = "/admin/official";

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    q: String,
    page: String,
}

/// Both forms: one makes an image, the other hands it to a team.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Typed {
    name: String,
    image: String,
    organization: String,
    team: String,
}

#[derive(Clone, Debug)]
pub struct Team {
    organization: String,
    name: String,
}

#[derive(Clone, Debug)]
pub struct Row {
    name: String,
    is_private: bool,
    teams: Vec<Team>,
}

#[derive(Template)]
#[template(path = "admin/official.html")]
pub struct Official {
    frame: Frame,
    asked: Asked,
    rows: Vec<Row>,
    total: u64,
    pager: Pager,
    typed: Typed,
    errors: Errors,
}

impl Page for Official {
    const CACHING: Caching = Caching::Ask;

    fn status(&self) -> StatusCode {
        self.errors.status
    }
}

pub async fn show(desk: Desk, Query(asked): Query<Asked>) -> Response {
    let made = make(&desk, asked, Typed::default(), Errors::default()).await;
    desk.visit.answer(made)
}

pub async fn create(Sent { desk, typed }: Sent<Typed>) -> Response {
    match parse("name", &typed.name) {
        Err(refused) => again(desk, typed, refused).await,
        Ok(name) => match desk.hub().create_official(&desk.key, &name).await {
            Ok(()) => {
                let said = desk.frame().t1("admin-official-made", "name", name.name());
                desk.visit.done(PATH, &said)
            }
            Err(error) => again(desk, typed, error.into()).await,
        },
    }
}

pub async fn hand(Sent { desk, typed }: Sent<Typed>) -> Response {
    let Typed { image, organization, team, .. } = &typed;
    let handed = match parse("image", image) {
        Ok(name) => {
            let handed =
                desk.hub().hand_official(&desk.key, &name, organization.trim(), team.trim());
            handed.await.map_err(Refused::from)
        }
        Err(refused) => Err(refused),
    };
    match handed {
        Ok(()) => {
            let said = desk.frame().t2("admin-official-handed", "name", image, "team", team);
            desk.visit.done(PATH, &said)
        }
        Err(refused) => again(desk, typed, refused).await,
    }
}

pub async fn take_back(Path(image): Path<String>, Sent { desk, typed }: Sent<Typed>) -> Response {
    let taken = match parse("image", &image) {
        Ok(name) => {
            let Typed { organization, team, .. } = &typed;
            let taken = desk.hub().take_official_back(&desk.key, &name, organization, team);
            taken.await.map_err(Refused::from)
        }
        Err(refused) => Err(refused),
    };
    match taken {
        Ok(()) => {
            let said = desk.frame().t2("admin-official-taken", "name", &image, "team", &typed.team);
            desk.visit.done(PATH, &said)
        }
        Err(refused) => desk.visit.refuse(&problem(refused)),
    }
}

fn parse(field: &'static str, name: &str) -> Result<RepositoryName, Refused> {
    RepositoryName::new(AccountName::LIBRARY, name.trim())
        .map_err(|error| Refused::Told(Errors::at(field, error.to_string())))
}

async fn again(desk: Desk, typed: Typed, refused: Refused) -> Response {
    let made = match told(refused) {
        Ok(errors) => make(&desk, Asked::default(), typed, errors).await,
        Err(problem) => Err(problem),
    };
    desk.visit.answer(made)
}

async fn make(
    desk: &Desk,
    asked: Asked,
    typed: Typed,
    errors: Errors,
) -> Result<Official, Problem> {
    let number = pager::number(&asked.page);
    let query = RepositoryQuery {
        name_part: (!asked.q.is_empty()).then(|| asked.q.clone()),
        order: RepositoryOrder::Name,
        is_descending: false,
        offset: (number - 1) * u64::from(SIZE),
        limit: SIZE,
    };
    let maintainers = desk.hub().list_maintainers(&desk.key).await.map_err(problem)?;
    let found = desk.hub().list_official(&desk.key, &query).await?;
    let row = |path: &RepositoryName, is_private| Row {
        name: path.name().to_owned(),
        is_private,
        teams: maintainers.iter().filter(|it| it.repository == *path).map(Team::from).collect(),
    };
    Ok(Official {
        frame: desk.frame().clone(),
        rows: found.repositories.iter().map(|it| row(&it.path, it.is_private)).collect(),
        pager: Pager::new(PATH, &ui::query(&[("q", &asked.q)]), number, found.total, SIZE),
        total: found.total,
        asked,
        typed,
        errors,
    })
}

impl From<&Maintainer> for Team {
    fn from(it: &Maintainer) -> Self {
        Self { organization: it.organization.to_string(), name: it.team.clone() }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Official> {
    let team = Team { organization: "harborworks".to_owned(), name: "crew".to_owned() };
    let row =
        |teams: Vec<Team>| Row { name: "alder".to_owned(), is_private: teams.is_empty(), teams };
    let page = |rows: Vec<Row>, q: &str, total, errors| Official {
        frame: Frame::sample(PATH, Some("keeper")),
        asked: Asked { q: q.to_owned(), ..Asked::default() },
        rows,
        total,
        pager: Pager::new(PATH, "", 1, total, SIZE),
        typed: Typed { name: "Alice <b>".to_owned(), ..Typed::default() },
        errors,
    };
    vec![
        page(vec![row(vec![team.clone(), team]), row(Vec::new())], "", 60, Errors::default()),
        page(Vec::new(), "<telemetry>", 0, Errors::at("name", "it is no name")),
        page(Vec::new(), "", 0, Errors::at("", "there is no such team")),
    ]
}
