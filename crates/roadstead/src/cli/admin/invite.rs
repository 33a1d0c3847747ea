//! `roadstead admin invite`.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde::Serialize;

use super::Common;
use crate::cli::Failure;
use crate::cli::output::print;
use crate::config::units::parse_duration;

#[derive(Subcommand)]
pub enum Invite {
    /// Make a code with which one person can sign up
    Create(Create),
}

#[derive(Args)]
pub struct Create {
    /// How long the code is valid
    #[arg(long, value_name = "DURATION", default_value = "7d", value_parser = parse_duration)]
    expires: Duration,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct InviteRow {
    code: String,
    expires_at: String,
}

impl Invite {
    pub fn run(self) -> Result<(), Failure> {
        let Self::Create(Create { expires, common }) = self;
        common.run(async |desk| {
            let expires_at = desk.hub.now().plus(expires).to_string();
            let code = desk.hub.create_invite(&desk.key, expires).await?;
            let row = InviteRow { code: code.expose().clone(), expires_at };
            print(desk.format, &row, |row| row.code.clone());
            Ok(())
        })
    }
}
