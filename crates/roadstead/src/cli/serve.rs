//! `roadstead serve`.

use anyhow::Context;
use clap::Args;

use super::Failure;
use super::options::ServeOptions;
use crate::{app, telemetry};

#[derive(Args)]
pub struct Serve {
    #[command(flatten)]
    options: ServeOptions,
}

impl Serve {
    pub fn run(self) -> Result<(), Failure> {
        let config = self.options.load()?;
        telemetry::logs::start(&config.server.log, config.server.log_format);
        for warning in &config.warnings {
            tracing::warn!("{warning}");
        }
        // One worker a core; what blocks runs on threads that come and go.
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .thread_name("roadstead")
            .build()
            .context("the async runtime cannot start")?;
        let result = runtime.block_on(app::serve(config));
        // Whatever still blocks was given its time.
        runtime.shutdown_background();
        Ok(result?)
    }
}
