//! Whether the hub works, and how much there is of everything.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::administration::Census;
use roadstead_hub::health::Readiness;

use super::Desk;
use crate::frame::Frame;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "admin/health.html")]
pub struct Health {
    frame: Frame,
    census: Census,
    is_database_there: bool,
    is_store_there: bool,
    is_index_there: bool,
    mail_server: Option<String>,
    given_up: u64,
    waiting: u64,
}

impl Page for Health {
    const CACHING: Caching = Caching::Ask;
}

impl Health {
    /// What somebody should look at.
    fn warnings(&self) -> usize {
        let wrong = [
            !self.is_database_there,
            !self.is_store_there,
            !self.is_index_there,
            self.mail_server.is_none(),
            self.given_up > 0,
        ];
        wrong.into_iter().filter(|it| *it).count()
    }
}

pub async fn show(desk: Desk) -> Response {
    let made = make(&desk).await;
    desk.visit.answer(made)
}

async fn make(desk: &Desk) -> Result<Health, Problem> {
    let hub = desk.hub();
    let Readiness { database, store } = hub.readiness().await;
    let (_, given_up) = hub.list_jobs(&desk.key, true, 0, 1).await?;
    let (_, waiting) = hub.list_jobs(&desk.key, false, 0, 1).await?;
    Ok(Health {
        frame: desk.frame().clone(),
        census: hub.census(&desk.key).await?,
        is_database_there: database,
        is_store_there: store,
        is_index_there: hub.is_search_ready(),
        mail_server: hub.settings().mail_server.clone(),
        given_up,
        waiting,
    })
}

#[cfg(test)]
pub fn samples() -> Vec<Health> {
    let page = |is_well: bool| Health {
        frame: Frame::sample("/admin/health", Some("keeper")),
        census: Census { people: 486, blob_bytes: 1_420_000_000_000, ..Census::default() },
        is_database_there: is_well,
        is_store_there: is_well,
        is_index_there: is_well,
        mail_server: is_well.then(|| "mail.<telemetry>.example".to_owned()),
        given_up: u64::from(!is_well),
        waiting: 3,
    };
    vec![page(true), page(false)]
}
