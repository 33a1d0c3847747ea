//! What one's plan allows, and what of that is in use.

use askama::Template;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::plans::{PlanError, Use};

use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};

#[derive(Template)]
#[template(path = "account/plan.html")]
pub struct PlanPage {
    frame: Frame,
    held: Use,
    /// How long the window is in which pulls are counted.
    window_hours: u64,
}

impl Page for PlanPage {
    const CACHING: Caching = Caching::Ask;
}

impl PlanPage {
    fn is_full(&self) -> bool {
        self.held
            .plan
            .private_repositories
            .is_some_and(|most| self.held.private_repositories >= most)
    }

    /// As far as the meter goes.
    fn stored_shown(&self) -> u64 {
        let total = self.held.storage.total();
        self.held.plan.storage_bytes.map_or(total, |most| total.min(most))
    }

    /// Nine tenths and more.
    fn is_nearly_stored(&self) -> bool {
        let total = self.held.storage.total();
        self.held.plan.storage_bytes.is_some_and(|most| total >= most - most / 10)
    }
}

pub async fn show(own: Own) -> Response {
    let made = make(&own).await;
    own.visit.answer(made)
}

async fn make(own: &Own) -> Result<PlanPage, Problem> {
    let hub = &own.visit.hub;
    let held = hub.use_of(&own.who, own.who.name.as_str()).await.map_err(refuse)?;
    let window_hours = hub.settings().pulls.window.as_secs() / 3600;
    Ok(PlanPage { frame: own.visit.frame.clone(), held, window_hours })
}

fn refuse(error: PlanError) -> Problem {
    match error {
        PlanError::Store(error) => error.into(),
        error => Problem::forbidden(error.to_string()),
    }
}

#[cfg(test)]
pub fn samples() -> Vec<PlanPage> {
    use roadstead_hub::plans::Plan;
    let page = |used, most: Option<u64>| PlanPage {
        frame: Frame::sample("/settings/plan", Some("alice")),
        held: Use {
            account: "alice".parse().unwrap(),
            plan: Plan {
                name: "crew".to_owned(),
                private_repositories: most,
                storage_bytes: most.map(|most| most * 1_000_000_000),
                members: None,
                pulls: most,
            },
            private_repositories: used,
            storage: roadstead_hub::plans::Held { stored: 900_000_000, reserved: used },
            default_private: false,
        },
        window_hours: 6,
    };
    vec![page(1, Some(1)), page(2, Some(5)), page(0, None)]
}
