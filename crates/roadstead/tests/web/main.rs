//! The web site as a browser gets it, through HTTP against the real program.
//!
//! Ground rules: the visual design's map of addresses, the policy every page is sent with, and that a page
//! shows nobody more than the registry and the API would.

mod account;
mod administration;
mod assets;
mod browser;
mod content;
mod hostile;
mod language;
mod manage;
mod organizations;
mod pages;
mod pictures;
mod proof;
mod sessions;
mod visitors;
mod walk;

use roadstead_testkit::{Client, eventually};

/// Changes are searchable within two seconds; pages that search are looked at after that.
async fn found(who: &Client, word: &str, href: &str) {
    let link = format!("href=\"{href}\"");
    let found = async || {
        let page = who.get(&format!("/search?q={word}")).await.is(200);
        page.text().contains(&link).then_some(())
    };
    eventually("it is found", 4, found).await;
}
