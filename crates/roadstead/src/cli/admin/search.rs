//! `roadstead admin search`.

use clap::Subcommand;
use serde::Serialize;

use super::Common;
use crate::cli::Failure;
use crate::cli::output::print;

#[derive(Subcommand)]
pub enum Search {
    /// Make every node build its index anew, while it goes on answering from the old one
    Rebuild(Common),
}

#[derive(Serialize)]
struct RebuildRow {
    asked: bool,
}

impl Search {
    pub fn run(self) -> Result<(), Failure> {
        let Self::Rebuild(common) = self;
        common.run(async |desk| {
            desk.hub.rebuild_search(&desk.key).await?;
            print(desk.format, &RebuildRow { asked: true }, |_| {
                "every node builds its search index anew; the log tells when it is done".to_owned()
            });
            Ok(())
        })
    }
}
