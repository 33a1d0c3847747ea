//! `roadstead admin announcement`.

use anyhow::Context;
use clap::{Args, Subcommand};
use roadstead_hub::administration::{Announcement as Announced, NewAnnouncement};
use roadstead_types::Timestamp;
use serde::Serialize;

use super::{Common, Desk, Plain};
use crate::cli::Failure;
use crate::cli::output::{print, table};

#[derive(Subcommand)]
pub enum Announcement {
    /// Tell everybody something
    Create(Create),
    /// List all, also those to come and those that ended lately
    List(Plain),
    /// Remove one
    Remove(Remove),
}

#[derive(Args)]
pub struct Create {
    text: String,
    /// info, warning or critical
    #[arg(long, default_value = "info")]
    level: String,
    /// From when, such as `2030-01-31T12:00:00Z`; without, at once
    #[arg(long, value_name = "TIME")]
    starts: Option<String>,
    /// Until when; without, until it is removed
    #[arg(long, value_name = "TIME")]
    ends: Option<String>,
    #[command(flatten)]
    common: Common,
}

#[derive(Args)]
pub struct Remove {
    /// As `admin announcement list` shows it
    id: i64,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct AnnouncementRow {
    id: String,
    text: String,
    level: &'static str,
    starts_at: String,
    ends_at: Option<String>,
}

impl From<Announced> for AnnouncementRow {
    fn from(announced: Announced) -> Self {
        Self {
            id: announced.id.to_string(),
            text: announced.text,
            level: announced.level.word(),
            starts_at: announced.starts_at.to_string(),
            ends_at: announced.ends_at.map(|time| time.to_string()),
        }
    }
}

impl Announcement {
    pub fn run(self) -> Result<(), Failure> {
        match self {
            Self::Create(Create { text, level, starts, ends, common }) => {
                common.run(async |desk| {
                    let (starts_at, ends_at) = (time(starts)?, time(ends)?);
                    let new = NewAnnouncement { text, level, starts_at, ends_at };
                    let made = desk.hub.announce(&desk.key, new).await?;
                    let row = AnnouncementRow::from(made);
                    print(desk.format, &row, |row| format!("{} was announced", row.id));
                    Ok(())
                })
            }
            Self::List(Plain { common }) => common.run(async |desk| list(desk).await),
            Self::Remove(Remove { id, common }) => common.run(async |desk| {
                desk.hub.remove_announcement(&desk.key, id).await?;
                desk.done(&id.to_string(), "removed")
            }),
        }
    }
}

fn time(text: Option<String>) -> anyhow::Result<Option<Timestamp>> {
    let read = |text: String| {
        let parsed = Timestamp::parse(&text);
        parsed.with_context(|| format!("write the time as in 2030-01-31T12:00:00Z, not `{text}`"))
    };
    text.map(read).transpose()
}

async fn list(desk: &Desk<'_>) -> anyhow::Result<()> {
    let all = desk.hub.list_announcements(&desk.key).await?;
    let rows: Vec<_> = all.into_iter().map(AnnouncementRow::from).collect();
    print(desk.format, &rows, |rows| {
        let cells = |row: &AnnouncementRow| {
            let end = row.ends_at.clone().unwrap_or_else(|| "-".to_owned());
            vec![row.id.clone(), row.level.to_owned(), row.starts_at.clone(), end, row.text.clone()]
        };
        let cells: Vec<_> = rows.iter().map(cells).collect();
        table(&["ID", "LEVEL", "FROM", "UNTIL", "TEXT"], &cells)
    });
    Ok(())
}
