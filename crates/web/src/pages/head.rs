//! The head of a repository's pages: its name, what it is, and the row of tabs.

use roadstead_http::Problem;
use roadstead_hub::access::{Allows, Pull, Repo};
use roadstead_hub::repos::RepositoryDetails;
use roadstead_types::Actions;

use crate::card::Card;
use crate::frame::Frame;
use crate::ui::Markup;

#[derive(Clone, Debug)]
pub struct Head {
    pub card: Card,
    /// `host/namespace/name`, as commands name it.
    pub image: String,
    pub tags: u64,
    pub tab: Tab,
    pub may_push: bool,
    pub may_describe: bool,
    pub may_administer: bool,
    pub is_starred: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Overview,
    Tags,
    Insights,
    Activity,
    Permissions,
    Settings,
}

impl Head {
    pub fn new(frame: &Frame, details: &RepositoryDetails, tags: u64, tab: Tab) -> Self {
        let record = &details.record;
        Self {
            card: Card::from(record),
            image: format!("{}/{}", frame.host, record.path.short()),
            tags,
            tab,
            may_push: details.granted.actions.contains(Actions::PUSH),
            may_describe: details.granted.actions.contains(Actions::DESCRIBE),
            may_administer: details.granted.actions.contains(Actions::ADMINISTER),
            is_starred: details.particulars.is_starred,
        }
    }

    pub fn is_at(&self, tab: &str) -> bool {
        matches!(
            (self.tab, tab),
            (Tab::Overview, "overview")
                | (Tab::Tags, "tags")
                | (Tab::Insights, "insights")
                | (Tab::Activity, "activity")
                | (Tab::Permissions, "permissions")
                | (Tab::Settings, "settings")
        )
    }

    /// Ways to get what a tag stands for with other programs than docker.
    pub fn other_commands(&self, tag: &str) -> Vec<(&'static str, String)> {
        let image = format!("{}:{tag}", self.image);
        vec![
            ("Podman", format!("podman pull {image}")),
            ("Skopeo", format!("skopeo copy docker://{image} oci:{}:{tag}", self.card.name)),
            ("containerd", format!("ctr images pull {image}")),
        ]
    }

    pub fn pull(&self, frame: &Frame, tag: &str) -> Markup {
        let tag = if tag == "latest" { String::new() } else { format!(":{tag}") };
        frame.command(&format!("docker pull {}{tag}", self.image))
    }
}

/// What every page of a repository shows of it.
pub async fn details<R: Allows<Pull>>(repo: &Repo<R>) -> Result<RepositoryDetails, Problem> {
    repo.details().await?.ok_or_else(Problem::not_found)
}

#[cfg(test)]
impl Head {
    pub fn sample(tab: Tab) -> Self {
        Self {
            card: Card::sample("harborworks/tidewatch"),
            image: "hub.example/harborworks/tidewatch".to_owned(),
            tags: 18,
            tab,
            may_push: true,
            may_describe: true,
            may_administer: true,
            is_starred: false,
        }
    }
}
