//! What a tag stands for: its platforms, how each image was made, how it runs, and where the tag stood before.

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::{ConfigView, ImageDetails, ImageView, LayerView, TagView};
use roadstead_types::Tag as TagName;
use serde::Deserialize;

use super::head::{Head, Tab, details};
use super::tags::platform;
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::seen::Seen;
use crate::ui::{self, Markup};

/// Moves of the tag that are shown.
const MOVES: u32 = 20;
/// Letters of one instruction; a `RUN` with a script in it can have thousands.
const INSTRUCTION: usize = 2_000;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Asked {
    /// `linux/arm64`, of an index.
    platform: String,
}

/// A step of the making.
#[derive(Clone, Debug)]
struct Step {
    word: String,
    /// What it did; of a layer without history, its digest.
    rest: String,
    /// `None` for a step that changed no file.
    size: Option<u64>,
    /// In percent of the largest layer.
    share: u64,
}

#[derive(Clone, Debug)]
struct Move {
    digest: Option<String>,
    brief: String,
    moved: Markup,
    mover: Option<String>,
}

#[derive(Template)]
#[template(path = "image.html")]
pub struct Image {
    frame: Frame,
    head: Head,
    tag: String,
    digest: String,
    kind: &'static str,
    platforms: Vec<String>,
    /// Which of them is shown.
    platform: String,
    size: u64,
    steps: Vec<Step>,
    config: Option<ConfigView>,
    moves: Vec<Move>,
}

impl Page for Image {
    const CACHING: Caching = Caching::Ask;
}

pub async fn show(seen: Seen<Pull>, Query(asked): Query<Asked>) -> Response {
    let made = make(&seen, &asked).await;
    seen.visit.answer(made)
}

async fn make(seen: &Seen<Pull>, asked: &Asked) -> Result<Image, Problem> {
    let (repo, visit) = (&seen.repo, &seen.visit);
    let name = seen.path.get("tag").map_or("", String::as_str);
    let tag: TagName = name.parse().map_err(|_| Problem::not_found())?;
    let view = repo.find_tag_view(&tag).await?.ok_or_else(Problem::not_found)?;
    let details = details(repo).await?;
    let image = chosen(&view, &asked.platform);
    let what = match image {
        Some(image) => repo.image_details(&image.digest).await?,
        None => ImageDetails::default(),
    };
    let history = repo.tag_history(&tag, 0, MOVES).await?;
    Ok(Image {
        head: Head::new(&visit.frame, &details, super::tags::count(repo).await?, Tab::Tags),
        frame: visit.frame.clone(),
        tag: tag.to_string(),
        digest: view.row.digest.to_string(),
        kind: view.content_type,
        platforms: view.images.iter().filter_map(platform).collect(),
        platform: image.and_then(platform).unwrap_or_default(),
        size: image.map_or(0, |image| image.size),
        steps: steps(&what.layers),
        config: what.config,
        moves: history.moves.iter().map(|step| Move::new(step, visit)).collect(),
    })
}

/// The image for the platform that is asked for, else the first.
fn chosen<'a>(view: &'a TagView, wanted: &str) -> Option<&'a ImageView> {
    view.images
        .iter()
        .find(|image| platform(image).as_deref() == Some(wanted))
        .or_else(|| view.images.first())
}

fn steps(layers: &[LayerView]) -> Vec<Step> {
    let largest = layers.iter().map(|layer| layer.size).max().unwrap_or(0).max(1);
    layers.iter().map(|layer| Step::new(layer, largest)).collect()
}

impl Step {
    fn new(layer: &LayerView, largest: u64) -> Self {
        let text: String = plain(&layer.instruction).chars().take(INSTRUCTION).collect();
        let (word, rest) = text.split_once(' ').unwrap_or((&text, ""));
        let is_word = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_uppercase());
        let (word, rest) = if is_word { (word, rest) } else { ("", text.as_str()) };
        let unsaid = layer.digest.filter(|_| text.is_empty());
        Self {
            word: word.to_owned(),
            rest: unsaid.map_or_else(|| rest.to_owned(), |digest| ui::brief(&digest)),
            size: layer.digest.map(|_| layer.size),
            share: layer.size.saturating_mul(100) / largest,
        }
    }
}

/// The Dockerfile's line, without what older builders put around it.
fn plain(instruction: &str) -> String {
    let text = instruction.trim();
    let text = text.strip_suffix("# buildkit").unwrap_or(text).trim();
    if let Some(rest) = text.strip_prefix("/bin/sh -c #(nop)") {
        return rest.trim().to_owned();
    }
    match text.strip_prefix("/bin/sh -c ") {
        Some(script) => format!("RUN {script}"),
        None => text.replacen("RUN /bin/sh -c ", "RUN ", 1),
    }
}

impl Move {
    fn new(step: &roadstead_hub::content::TagMove, visit: &Visit) -> Self {
        Self {
            digest: step.to.map(|digest| digest.to_string()),
            brief: step.to.map_or_else(String::new, |digest| ui::brief(&digest)),
            moved: visit.frame.ago(step.moved_at),
            mover: step.mover.as_ref().map(ToString::to_string),
        }
    }
}

impl Image {
    fn layers(&self) -> u64 {
        self.steps.iter().filter(|step| step.size.is_some()).count() as u64
    }
}

#[cfg(test)]
pub fn samples() -> Vec<Image> {
    let frame = Frame::sample("/harborworks/tidewatch/tags/2.4.1", None);
    let layer = |instruction: &str, size| LayerView {
        digest: (size > 0).then(sample_digest),
        size,
        instruction: instruction.to_owned(),
    };
    let layers = [layer("/bin/sh -c #(nop) ADD file:1 in /", 7_400_000), layer("ENV A=<b>", 0)];
    let step = Move {
        digest: Some("sha256:9b1f4e07c2aa".to_owned()),
        brief: "9b1f4e07c2aa".to_owned(),
        moved: frame.ago(frame.now),
        mover: Some("alice".to_owned()),
    };
    let gone = Move { digest: None, ..step.clone() };
    let page = Image {
        frame,
        head: Head::sample(Tab::Tags),
        tag: "2.4.1".to_owned(),
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        kind: "image",
        platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
        platform: "linux/amd64".to_owned(),
        size: 38_400_000,
        steps: steps(&layers),
        config: Some(ConfigView {
            env: vec!["TW_RETAIN=365d".to_owned()],
            ports: vec!["8080/tcp".to_owned()],
            ..ConfigView::default()
        }),
        moves: vec![gone, step],
    };
    vec![page]
}

#[cfg(test)]
fn sample_digest() -> roadstead_types::Digest {
    format!("sha256:{}", "ab".repeat(32)).parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn instructions_read_like_the_dockerfile() {
        let told = [
            "/bin/sh -c #(nop)  CMD [\"sh\"]",
            "/bin/sh -c apk add curl",
            "RUN /bin/sh -c apk add curl # buildkit",
            "COPY a /b # buildkit",
        ]
        .map(plain);

        assert_eq!(told, ["CMD [\"sh\"]", "RUN apk add curl", "RUN apk add curl", "COPY a /b"]);
    }
}
