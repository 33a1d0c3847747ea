//! What a tag stands for: its platforms, how each image was made, how it runs, and where the tag stood before.

use std::collections::HashSet;

use askama::Template;
use axum::extract::Query;
use axum::response::Response;
use roadstead_http::Problem;
use roadstead_hub::access::Pull;
use roadstead_hub::content::{Attached, ConfigView, ImageDetails, ImageView, LayerView, TagView};
use roadstead_types::Actions;
use serde::Deserialize;

use super::head::{Head, Tab, details};
use super::tag::delete::Question;
use super::tag::{history, named};
use super::tags::{Also, platform};
use crate::frame::{Frame, Visit};
use crate::page::{Caching, Page};
use crate::seen::Seen;
use crate::ui::{self, Markup};

/// Moves of the tag that are shown.
const MOVES: u32 = 5;
/// Things that refer to the image and are shown.
const ATTACHED: u32 = 50;
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
pub struct Step {
    pub word: String,
    /// What it did; of a layer without history, its digest.
    pub rest: String,
    /// `None` for a step that changed no file.
    pub size: Option<u64>,
    /// In percent of the largest layer.
    pub share: u64,
}

/// One of the images that an index lists.
#[derive(Clone, Debug)]
struct Child {
    /// Nothing for what is for no platform, such as a builder's attestation.
    platform: Option<String>,
    digest: String,
    brief: String,
    size: u64,
}

/// Something that refers to the image.
#[derive(Clone, Debug)]
struct Attachment {
    kind: AttachmentKind,
    artifact_type: String,
    brief: String,
    digest: String,
    size: u64,
    pushed: Markup,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum AttachmentKind {
    Signature,
    Bill,
    Attestation,
    Other,
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
    /// Names of variables that seem to hold what nobody should read.
    secrets: Vec<String>,
    /// Of an index.
    children: Vec<Child>,
    attached: Vec<Attachment>,
    moves: Vec<history::Step>,
    also: Also,
    /// What is asked before the tag is deleted, of those who may.
    question: Option<Question>,
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
    let tag = named(&seen.path)?;
    let view = repo.find_tag_view(&tag).await?.ok_or_else(Problem::not_found)?;
    let details = details(repo).await?;
    let image = chosen(&view, &asked.platform);
    let what = match image {
        Some(image) => repo.image_details(&image.digest).await?,
        None => ImageDetails::default(),
    };
    let attached = repo.list_attached(&view.row.digest, ATTACHED).await?;
    let history = repo.tag_history(&tag, 0, MOVES).await?;
    let question = Question::of(repo, &view).await?;
    let may_delete = details.granted.actions.contains(Actions::DELETE);
    let (nothing, now) = (HashSet::new(), Some(view.row.digest));
    let step = |step| history::Step::new(&visit.frame, step, &nothing, false, now);
    let is_index = view.images.iter().any(|image| image.digest != view.row.digest);
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
        secrets: what.config.as_ref().map(|config| secrets(&config.env)).unwrap_or_default(),
        config: what.config,
        children: view.images.iter().filter(|_| is_index).map(Child::new).collect(),
        attached: attached.iter().map(|row| Attachment::new(row, visit)).collect(),
        moves: history.moves.iter().map(step).collect(),
        also: question.others.clone(),
        question: may_delete.then_some(question),
    })
}

/// The image for the platform that is asked for, else the first.
fn chosen<'a>(view: &'a TagView, wanted: &str) -> Option<&'a ImageView> {
    view.images
        .iter()
        .find(|image| platform(image).as_deref() == Some(wanted))
        .or_else(|| view.images.first())
}

pub fn steps(layers: &[LayerView]) -> Vec<Step> {
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

/// Variables with a value that are called like a secret. Whoever may pull the image can read them.
fn secrets(env: &[String]) -> Vec<String> {
    const WORDS: [&str; 6] = ["PASSWORD", "PASSWD", "SECRET", "TOKEN", "PRIVATE_KEY", "ACCESS_KEY"];
    let pairs = env.iter().filter_map(|pair| pair.split_once('='));
    let telling = pairs.filter(|(name, value)| {
        let name = name.to_ascii_uppercase();
        // A path says where a secret will be, and not which.
        WORDS.iter().any(|word| name.contains(word)) && !value.is_empty() && !value.starts_with('/')
    });
    telling.map(|(name, _)| name.to_owned()).collect()
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

impl Child {
    fn new(image: &ImageView) -> Self {
        Self {
            platform: platform(image),
            digest: image.digest.to_string(),
            brief: ui::brief(&image.digest),
            size: image.size,
        }
    }
}

impl Attachment {
    fn new(row: &Attached, visit: &Visit) -> Self {
        let artifact_type = row.artifact_type.clone().unwrap_or_default();
        Self {
            kind: AttachmentKind::of(&artifact_type),
            artifact_type,
            brief: ui::brief(&row.digest),
            digest: row.digest.to_string(),
            size: row.size,
            pushed: visit.frame.ago(row.pushed_at),
        }
    }
}

impl AttachmentKind {
    /// The hub reads the type and nothing else: what something is called says not that it is valid.
    fn of(artifact_type: &str) -> Self {
        let has = |words: &[&str]| words.iter().any(|word| artifact_type.contains(word));
        if has(&["signature", "cosign", "notary"]) {
            Self::Signature
        } else if has(&["spdx", "cyclonedx", "sbom", "syft"]) {
            Self::Bill
        } else if has(&["in-toto", "attestation", "provenance", "sigstore.bundle"]) {
            Self::Attestation
        } else {
            Self::Other
        }
    }
}

impl Image {
    fn attachment_word(&self, kind: &AttachmentKind) -> std::borrow::Cow<'static, str> {
        match kind {
            AttachmentKind::Signature => self.frame.t("image-signature"),
            AttachmentKind::Bill => self.frame.t("image-bill"),
            AttachmentKind::Attestation => self.frame.t("image-attestation"),
            AttachmentKind::Other => self.frame.t("image-artifact"),
        }
    }

    fn layers(&self) -> u64 {
        self.steps.iter().filter(|step| step.size.is_some()).count() as u64
    }
}

#[cfg(test)]
pub fn sample_steps() -> Vec<Step> {
    let layer = |instruction: &str, size| LayerView {
        digest: (size > 0).then(sample_digest),
        size,
        instruction: instruction.to_owned(),
    };
    let layers = [layer("/bin/sh -c #(nop) ADD file:1 in /", 7_400_000), layer("ENV A=<b>", 0)];
    steps(&layers)
}

#[cfg(test)]
pub fn samples() -> Vec<Image> {
    let frame = Frame::sample("/harborworks/tidewatch/tags/2.4.1", None);
    let child = |platform: Option<&str>| Child {
        platform: platform.map(str::to_owned),
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        brief: "9b1f4e07c2aa".to_owned(),
        size: 38_400_000,
    };
    let attachment = |artifact_type: &str| Attachment {
        kind: AttachmentKind::of(artifact_type),
        artifact_type: artifact_type.to_owned(),
        brief: "9b1f4e07c2aa".to_owned(),
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        size: 1_200,
        pushed: frame.ago(frame.now),
    };
    let types = ["application/vnd.dev.cosign.artifact.sig.v1+json", "text/spdx", "in-toto", "<b>"];
    let page = |question: Option<Question>| Image {
        frame: frame.clone(),
        head: Head::sample(Tab::Tags),
        tag: "2.4.1".to_owned(),
        digest: "sha256:9b1f4e07c2aa".to_owned(),
        kind: "image",
        platforms: vec!["linux/amd64".to_owned(), "linux/arm64".to_owned()],
        platform: "linux/amd64".to_owned(),
        size: 38_400_000,
        steps: sample_steps(),
        config: Some(ConfigView {
            env: vec!["TW_RETAIN=365d".to_owned()],
            ports: vec!["8080/tcp".to_owned()],
            ..ConfigView::default()
        }),
        secrets: vec!["DB_PASSWORD".to_owned()],
        children: vec![child(Some("linux/amd64")), child(None)],
        attached: types.map(attachment).to_vec(),
        moves: history::Step::samples(&frame),
        also: Also { tags: vec!["latest".to_owned()], has_more: false },
        question,
    };
    vec![page(None), page(Some(Question::sample(&["latest"])))]
}

#[cfg(test)]
fn sample_digest() -> roadstead_types::Digest {
    format!("sha256:{}", "ab".repeat(32)).parse().unwrap()
}

#[cfg(test)]
mod tests {
    use super::{AttachmentKind, plain, secrets};

    #[test]
    fn variables_that_are_called_like_secrets_are_named() {
        let env = ["PATH=/bin", "DB_PASSWORD=x", "API_TOKEN=", "SECRET_FILE=/run/s", "my_secret=y"];
        let env: Vec<String> = env.iter().map(ToString::to_string).collect();

        assert_eq!(secrets(&env), ["DB_PASSWORD", "my_secret"]);
    }

    #[test]
    fn what_is_attached_is_told_by_its_type() {
        let told = [
            "application/vnd.dev.cosign.artifact.sig.v1+json",
            "application/vnd.cncf.notary.signature",
            "application/spdx+json",
            "application/vnd.in-toto+json",
            "application/vnd.example.chart",
        ]
        .map(AttachmentKind::of);

        use AttachmentKind::{Attestation, Bill, Other, Signature};
        assert_eq!(told, [Signature, Signature, Bill, Attestation, Other]);
    }

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
