//! What administrators of the hub do, under `/api/v1/admin`.

mod announcements;
mod jobs;
mod official;
mod organizations;
mod people;
mod reserved;
mod settings;
mod takedowns;

use http::StatusCode;
use roadstead_http::{Problem, Routes};
use roadstead_hub::accounts::PeopleQuery;
use roadstead_hub::administration::AdministrationError;
use roadstead_types::Timestamp;

use crate::body::bad_fields;
use crate::page::Page;

pub fn routes(routes: Routes) -> Routes {
    let routes = people::routes(routes);
    let routes = organizations::routes(routes);
    let routes = official::routes(routes);
    let routes = takedowns::routes(routes);
    let routes = settings::routes(routes);
    let routes = reserved::routes(routes);
    let routes = announcements::routes(routes);
    jobs::routes(routes)
}

/// What a list of accounts is asked for: `search`, and flags that are on with `true`.
fn query(page: &Page) -> PeopleQuery {
    let is_on = |name: &str| page.field(name) == Some("true");
    PeopleQuery {
        search: page.field("search").unwrap_or_default().to_owned(),
        only_disabled: is_on("disabled"),
        only_administrators: is_on("administrator"),
        only_unverified: is_on("unverified"),
        plan: page.field("plan").map(ToOwned::to_owned),
        offset: page.offset(),
        limit: page.size,
    }
}

fn time(field: &str, text: Option<&str>) -> Result<Option<Timestamp>, Problem> {
    let Some(text) = text.filter(|text| !text.is_empty()) else { return Ok(None) };
    let rule = || bad_fields([(field, "write the time as in 2030-01-31T12:00:00Z".to_owned())]);
    Timestamp::parse(text).map(Some).ok_or_else(rule)
}

fn refuse(error: AdministrationError) -> Problem {
    use AdministrationError as E;
    let text = error.to_string();
    match error {
        E::Field { field, .. } => bad_fields([(field, text)]),
        E::TakenDownAlready(_) | E::ReservedAlready(_) | E::TooMany(_) => {
            Problem::new(StatusCode::CONFLICT, text)
        }
        E::NotTakenDown(_)
        | E::NotReserved(_)
        | E::NoSuchAnnouncement
        | E::NoSuchRepository(_)
        | E::NoSuchTeam { .. }
        | E::NotMaintainer(_) => Problem::new(StatusCode::NOT_FOUND, text),
        E::Store(error) => error.into(),
    }
}
