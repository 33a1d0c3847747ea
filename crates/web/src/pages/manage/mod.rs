//! Repositories as those who own them work on them.

pub mod activity;

use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Pull, Repo};
use roadstead_hub::repos::RepositoryDetails;

use super::head::{Head, Tab, details};
use super::tags;
use crate::frame::Frame;

/// What every page about one repository begins with.
async fn opened<R: Allows<Pull>>(
    frame: &Frame,
    repo: &Repo<R>,
    tab: Tab,
) -> Result<(RepositoryDetails, Head), Problem> {
    let (details, tags) = (details(repo).await?, tags::count(repo).await?);
    let head = Head::new(frame, &details, tags, tab);
    Ok((details, head))
}
