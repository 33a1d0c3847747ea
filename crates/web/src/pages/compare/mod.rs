//! Two images side by side: what changed between two tags, or two places where one tag stood.

mod difference;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::{Pull, Repo};
use roadstead_hub::content::{ImageDetails, ImageView, TagQuery};
use roadstead_types::Reference;
use serde::Deserialize;

use self::difference::{About, Change, Layers};
use super::head::{Head, Tab, details};
use super::image::Step;
use super::tags::platform;
use crate::frame::Frame;
use crate::page::{Caching, Page};
use crate::seen::Seen;
use crate::ui;

/// Tags that the fields propose.
const PROPOSED: u32 = 100;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// Tags or digests.
    from: String,
    to: String,
    /// `linux/arm64`, of indexes.
    platform: String,
}

/// One of the two.
#[derive(Clone, Debug)]
struct Side {
    /// As people call it: the tag, or the beginning of the digest.
    name: String,
    digest: String,
    size: u64,
}

/// What lies between two images of one platform.
struct Found {
    from: Side,
    to: Side,
    changes: Vec<Change>,
    shared: u64,
    shared_bytes: u64,
    removed: Vec<Step>,
    added: Vec<Step>,
}

/// A side that was asked for: not named yet, not here, or its images.
enum Sought {
    Unnamed,
    Missing,
    Here(Vec<ImageView>),
}

#[derive(Template)]
#[template(path = "compare.html")]
pub struct Compare {
    frame: Frame,
    head: Head,
    asked: Asked,
    proposed: Vec<String>,
    /// What was asked for and is not here.
    missing: Vec<String>,
    platforms: Vec<String>,
    platform: String,
    found: Option<Found>,
}

impl Page for Compare {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(seen: Seen<Pull>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen, asked).await;
    seen.visit.answer(made)
}

async fn make(seen: &Seen<Pull>, asked: Asked) -> Result<Compare, Problem> {
    let (repo, frame) = (&seen.repo, &seen.visit.frame);
    let (details, tags) =
        (details(repo).await?, repo.list_tag_views(&TagQuery::newest(PROPOSED)).await?);
    let (from, to) = (sought(repo, &asked.from).await?, sought(repo, &asked.to).await?);
    let named = [(&asked.from, &from), (&asked.to, &to)].into_iter();
    let missing = named.filter(|(_, side)| matches!(side, Sought::Missing));
    let mut page = Compare {
        head: Head::new(frame, &details, tags.total, Tab::Tags),
        frame: frame.clone(),
        proposed: tags.tags.iter().map(|tag| tag.row.name.to_string()).collect(),
        missing: missing.map(|(name, _)| name.clone()).collect(),
        platforms: Vec::new(),
        platform: String::new(),
        found: None,
        asked,
    };
    if let (Sought::Here(from), Sought::Here(to)) = (from, to) {
        page.platforms = common(&from, &to);
        if let Some((from, to)) = pair(&from, &to, &page.platforms, &page.asked.platform) {
            page.platform = platform(from).unwrap_or_default();
            page.found = Some(found(repo, &page.asked, from, to).await?);
        }
    }
    Ok(page)
}

async fn sought(repo: &Repo<Pull>, name: &str) -> Result<Sought, Problem> {
    let reference = match (name.is_empty(), name.contains(':')) {
        (true, _) => return Ok(Sought::Unnamed),
        (false, true) => name.parse().map(Reference::Digest).ok(),
        (false, false) => name.parse().map(Reference::Tag).ok(),
    };
    let Some(reference) = reference else { return Ok(Sought::Missing) };
    Ok(repo.find_images(&reference).await?.map_or(Sought::Missing, Sought::Here))
}

/// Platforms that both are there for.
fn common(from: &[ImageView], to: &[ImageView]) -> Vec<String> {
    let there: Vec<String> = to.iter().filter_map(platform).collect();
    from.iter().filter_map(platform).filter(|name| there.contains(name)).collect()
}

/// The images for the platform that is asked for, else for the first that both have. What is for no platform
/// is one image.
fn pair<'a>(
    from: &'a [ImageView],
    to: &'a [ImageView],
    platforms: &[String],
    wanted: &str,
) -> Option<(&'a ImageView, &'a ImageView)> {
    let wanted = platforms.iter().find(|name| *name == wanted).or_else(|| platforms.first());
    let Some(wanted) = wanted else {
        let is_plain = |images: &[ImageView]| images.iter().all(|it| platform(it).is_none());
        return (is_plain(from) && is_plain(to)).then(|| from.first().zip(to.first())).flatten();
    };
    let of = |images: &'a [ImageView]| {
        images.iter().find(|image| platform(image).as_ref() == Some(wanted))
    };
    of(from).zip(of(to))
}

async fn found(
    repo: &Repo<Pull>,
    asked: &Asked,
    from: &ImageView,
    to: &ImageView,
) -> Result<Found, Problem> {
    let before = repo.image_details(&from.digest).await?;
    let after = repo.image_details(&to.digest).await?;
    let config = |image: &ImageDetails| image.config.clone().unwrap_or_default();
    let Layers { shared, shared_bytes, removed, added } = difference::layers(&before, &after);
    Ok(Found {
        from: Side::new(&asked.from, from),
        to: Side::new(&asked.to, to),
        changes: difference::changes(&config(&before), &config(&after)),
        shared,
        shared_bytes,
        removed: super::image::steps(&removed),
        added: super::image::steps(&added),
    })
}

impl Side {
    fn new(name: &str, image: &ImageView) -> Self {
        let brief = name.split_once(':').map(|(_, hex)| hex.chars().take(12).collect());
        Self {
            name: brief.unwrap_or_else(|| name.to_owned()),
            digest: ui::brief(&image.digest),
            size: image.size,
        }
    }
}

impl Found {
    fn is_same(&self) -> bool {
        self.changes.is_empty() && self.removed.is_empty() && self.added.is_empty()
    }
}

impl Compare {
    fn is_asked(&self) -> bool {
        !self.asked.from.is_empty() && !self.asked.to.is_empty()
    }

    /// The same question for another platform.
    fn href(&self, platform: &str) -> String {
        let Asked { from, to, .. } = &self.asked;
        let query = ui::query(&[("from", from), ("to", to), ("platform", platform)]);
        format!("{}/compare?{query}", self.head.card.href)
    }

    fn word(&self, about: &About) -> std::borrow::Cow<'static, str> {
        let frame = &self.frame;
        match about {
            About::Entrypoint => frame.t("image-entrypoint"),
            About::Command => frame.t("image-command"),
            About::User => frame.t("image-user"),
            About::WorkingFolder => frame.t("image-working-folder"),
            About::Port => frame.t("image-ports"),
            About::Volume => frame.t("image-volumes"),
            About::Variable => frame.t("image-variables"),
            About::Label => frame.t("image-labels"),
        }
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Compare> {
    let page = |from: &str, to: &str| Compare {
        frame: Frame::sample("/harborworks/tidewatch/compare", None),
        head: Head::sample(Tab::Tags),
        asked: Asked { from: from.to_owned(), to: to.to_owned(), platform: String::new() },
        proposed: vec!["2.4".to_owned(), "latest".to_owned()],
        missing: Vec::new(),
        platforms: Vec::new(),
        platform: String::new(),
        found: None,
    };
    let side =
        |name: &str| Side { name: name.to_owned(), digest: "9b1f4e07c2aa".to_owned(), size: 7 };
    let change = |name: &str, before: Option<&str>| Change {
        about: About::Variable,
        name: name.to_owned(),
        before: before.map(str::to_owned),
        after: Some("<telemetry>".to_owned()),
    };
    let found = |changes| Found {
        from: side("2.3"),
        to: side("2.4"),
        changes,
        shared: 3,
        shared_bytes: 38_400_000,
        removed: Vec::new(),
        added: super::image::sample_steps(),
    };
    let full = Compare {
        platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
        platform: "linux/amd64".to_owned(),
        found: Some(found(vec![change("A", None), change("B", Some("1"))])),
        ..page("2.3", "2.4")
    };
    let same = Found { added: Vec::new(), ..found(Vec::new()) };
    vec![
        page("", ""),
        full,
        Compare { found: Some(same), ..page("2.3", "2.3") },
        Compare { missing: vec!["Alice <b>".to_owned()], ..page("Alice <b>", "2.4") },
        page("2.3", "windows"),
    ]
}
