//! Administration of the hub. For everybody but its administrators nothing is here.

mod act;
pub mod announcements;
pub mod audit;
pub mod confirm;
mod desk;
pub mod health;
pub mod jobs;
pub mod mail;
pub mod newcomer;
pub mod official;
pub mod people;
pub mod person;
pub mod plans;
mod quantity;
mod refused;
pub mod reserved;
pub mod settings;
pub mod storage;
pub mod takedowns;

use axum::response::{IntoResponse, Redirect, Response};
use roadstead_http::{Access, Routes};

pub use desk::{Desk, Sent};

/// Rows of a page of a list.
const SIZE: u32 = 25;

/// `/admin`: what an administrator looks at first.
pub async fn begin(_: Desk) -> Response {
    Redirect::to("/admin/health").into_response()
}

/// What administrators of the hub see and do; to others nothing is there. And the bar above every page.
pub fn routes() -> Routes {
    const ADMIN: Access = Access::Administrator;
    const BAR: Access = Access::Public("puts an announcement away, in the browser that asks");
    Routes::new()
        .post("/announcements/{id}/dismiss", BAR, crate::bar::dismiss)
        .get("/admin", ADMIN, begin)
        .get("/admin/health", ADMIN, health::show)
        .get("/admin/storage", ADMIN, storage::show)
        .get("/admin/mail", ADMIN, mail::show)
        .post("/admin/mail", ADMIN, mail::send)
        .get("/admin/jobs", ADMIN, jobs::show)
        .post("/admin/jobs/{id}/retry", ADMIN, jobs::retry)
        .post("/admin/jobs/{id}/delete", ADMIN, jobs::delete)
        .get("/admin/plans", ADMIN, plans::show)
        .post("/admin/plans", ADMIN, plans::create)
        .get("/admin/new-plan", ADMIN, plans::begin)
        .get("/admin/plans/{plan}", ADMIN, plans::edit)
        .post("/admin/plans/{plan}", ADMIN, plans::change)
        .get("/admin/plans/{plan}/delete", ADMIN, plans::ask)
        .post("/admin/plans/{plan}/delete", ADMIN, plans::delete)
        .get("/admin/official", ADMIN, official::show)
        .post("/admin/official", ADMIN, official::create)
        .post("/admin/official/hand", ADMIN, official::hand)
        .post("/admin/official/{official}/take-back", ADMIN, official::take_back)
        .get("/admin/announcements", ADMIN, announcements::show)
        .post("/admin/announcements", ADMIN, announcements::announce)
        .post("/admin/announcements/{id}/remove", ADMIN, announcements::remove)
        .get("/admin/takedowns", ADMIN, takedowns::show)
        .post("/admin/takedowns", ADMIN, takedowns::take_down)
        .post("/admin/takedowns/lift", ADMIN, takedowns::lift)
        .get("/admin/reserved", ADMIN, reserved::show)
        .post("/admin/reserved", ADMIN, reserved::reserve)
        .post("/admin/reserved/release", ADMIN, reserved::release)
        .get("/admin/settings", ADMIN, settings::show)
        .post("/admin/settings", ADMIN, settings::save)
        .get("/admin/audit", ADMIN, audit::show)
        .get("/admin/audit.csv", ADMIN, audit::download)
        .get("/admin/users/new", ADMIN, newcomer::form)
        .post("/admin/users", ADMIN, newcomer::create)
        .merge(accounts())
}

/// The accounts that administrators look after.
fn accounts() -> Routes {
    const ADMIN: Access = Access::Administrator;
    Routes::new()
        .get("/admin/users", ADMIN, people::show_people)
        .get("/admin/users/{user}", ADMIN, person::show_person)
        .post("/admin/users/{user}/rename", ADMIN, person::rename)
        .post("/admin/users/{user}/plan", ADMIN, person::plan_of_person)
        .get("/admin/users/{user}/{act}", ADMIN, person::ask_person)
        .post("/admin/users/{user}/{act}", ADMIN, person::act_on_person)
        .get("/admin/orgs", ADMIN, people::show_organizations)
        .get("/admin/orgs/{organization}", ADMIN, person::show_organization)
        .post("/admin/orgs/{organization}/plan", ADMIN, person::plan_of_organization)
        .get("/admin/orgs/{organization}/{act}", ADMIN, person::ask_organization)
        .post("/admin/orgs/{organization}/{act}", ADMIN, person::act_on_organization)
}
