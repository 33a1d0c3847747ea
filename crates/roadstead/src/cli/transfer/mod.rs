//! `roadstead push`, `pull` and `cp`: images between registries, files and the engine of this
//! machine.

mod from;
mod into;

use clap::Args;
use roadstead_client::ImageName;
use roadstead_client::copy::{Plan, Platform, copy};
use roadstead_types::Tag;
use serde_json::json;

use super::Failure;
use super::bars::{self, Verb};
use super::output::Show;
use super::place::Place;
use super::session::Connection;
use from::Opened;
use into::Destination;

/// Send an image to a registry, from the engine of this machine or from a file
#[derive(Args)]
pub struct Push {
    /// Where to: [HOST/]NAMESPACE/NAME[:TAG]
    image: String,
    /// Where from: oci:FOLDER[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME], engine:NAME
    /// [default: the image of the same name in the engine]
    #[arg(long, value_name = "PLACE")]
    from: Option<String>,
    #[command(flatten)]
    options: Options,
}

/// Fetch an image from a registry, into the engine of this machine or into a file
#[derive(Args)]
pub struct Pull {
    /// Where from: [HOST/]NAMESPACE/NAME[:TAG|@DIGEST]
    image: String,
    /// Where to: oci:FOLDER[:TAG], oci-archive:FILE[:TAG], docker-archive:FILE[:NAME], engine:NAME
    /// [default: the engine, under the same name]
    #[arg(long, value_name = "PLACE")]
    to: Option<String>,
    #[command(flatten)]
    options: Options,
}

/// Copy an image from anywhere to anywhere
#[derive(Args)]
#[command(after_help = format!("A place is {}.", Place::FORMS))]
pub struct Copy {
    from: String,
    to: String,
    #[command(flatten)]
    options: Options,
}

#[derive(Args)]
struct Options {
    /// All tags
    #[arg(short, long)]
    all_tags: bool,
    /// Only this platform of an image for many, for example linux/arm64 [default: all of them; into
    /// the engine and docker archives the one of this machine]
    #[arg(long, value_name = "OS/ARCH")]
    platform: Option<Platform>,
    /// Parts on their way at once
    #[arg(short = 'j', long, value_name = "N", default_value_t = 4)]
    #[arg(value_parser = clap::value_parser!(u8).range(1..=32))]
    parallel: u8,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    show: Show,
}

impl Push {
    pub async fn run(self) -> Result<(), Failure> {
        let image = self.options.untagged_if_all(&self.image)?;
        let from = match &self.from {
            Some(from) => Place::parse(from, &self.options.connection)?,
            None if self.options.all_tags => Place::Engine(engine_repository(&image)),
            None => Place::in_engine(&image),
        };
        self.options.transfer(from, Place::Registry(image), "Pushed").await
    }
}

impl Pull {
    pub async fn run(self) -> Result<(), Failure> {
        let image = self.options.untagged_if_all(&self.image)?;
        let to = match &self.to {
            Some(to) => Place::parse(to, &self.options.connection)?,
            None if self.options.all_tags => Place::Engine(engine_repository(&image)),
            None => Place::in_engine(&image),
        };
        self.options.transfer(Place::Registry(image), to, "Pulled").await
    }
}

impl Copy {
    pub async fn run(self) -> Result<(), Failure> {
        let from = Place::parse(&self.from, &self.options.connection)?;
        let to = Place::parse(&self.to, &self.options.connection)?;
        self.options.transfer(from, to, "Copied").await
    }
}

/// What the engine calls a repository, without a tag.
fn engine_repository(image: &ImageName) -> String {
    let Place::Engine(name) = Place::in_engine(image) else { return image.full_repository() };
    name.rsplit_once(':').map_or(name.clone(), |(repository, _)| repository.to_owned())
}

/// An image on its way: where it is, and what it is called at both ends.
struct Item {
    reference: roadstead_types::Reference,
    /// The tag it has where it comes from.
    tag: Option<Tag>,
}

impl Options {
    fn untagged_if_all(&self, text: &str) -> Result<ImageName, Failure> {
        let image = self.connection.image(text)?;
        if self.all_tags && (image.tag.is_some() || image.digest.is_some()) {
            let text = format!("`{text}` names one image; with --all-tags name the repository");
            return Err(Failure::Usage(text));
        }
        Ok(image)
    }

    async fn transfer(&self, from: Place, to: Place, verb: Verb) -> Result<(), Failure> {
        let progress = bars::progress(self.show.is_quiet(), verb);
        let opened = Opened::open(&from, self, &*progress).await?;
        let platform = match (&self.platform, to.takes_one_platform()) {
            (None, true) => Some(Platform::of_this_machine()),
            (chosen, _) => chosen.clone(),
        };
        // Nothing is made at the other end for an image that is not there.
        let mut plans = Vec::new();
        for item in &opened.items {
            plans.push(Plan::make(&*opened.source, &item.reference, platform.as_ref()).await?);
        }
        let mut into = Destination::open(&to, self).await?;
        let mut done = Vec::new();
        for (item, plan) in opened.items.iter().zip(plans) {
            let tags = into.tags(item)?;
            let ends = (&*opened.source, into.target());
            copy(&plan, ends, &tags, usize::from(self.parallel), &*progress).await?;
            done.push((into.add(&plan.root, item), plan));
        }
        into.finish(&*progress).await?;
        for (name, plan) in &done {
            self.tell(name, plan);
        }
        Ok(())
    }

    /// The line that docker prints after a push, for every way.
    fn tell(&self, name: &str, plan: &Plan) {
        let (digest, size) = (plan.root.digest.to_string(), plan.root.bytes.len());
        let value = json!({
            "name": name, "digest": digest, "size": size,
            "media_type": plan.root.media_type, "total_size": plan.size(),
        });
        self.show.one(&value, &digest, |_| format!("{name}: digest: {digest} size: {size}"));
    }
}
