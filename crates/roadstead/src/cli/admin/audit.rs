//! `roadstead admin audit`.

use std::io::Write;
use std::time::Duration;

use anyhow::{Context, bail};
use clap::{Args, ValueEnum};
use roadstead_hub::audit::{Action, AuditEvent, COLUMNS, Filter, cells, csv_line};
use roadstead_types::Timestamp;
use serde_json::{Value, json};

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::options::DataOptions;
use crate::cli::output::Format;
use crate::config::units::parse_duration;

/// Entries read in one go.
const PAGE: u32 = 500;

/// How the log is printed: for people, for a spreadsheet, for programs (one JSON object a line).
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum LogFormat {
    Text,
    Csv,
    Json,
}

#[derive(Args)]
pub struct Audit {
    /// How to print the log
    #[arg(long, value_enum, default_value = "text")]
    format: LogFormat,
    /// Only what is younger: `7d`, or a time such as `2030-01-31T12:00:00Z`
    #[arg(long)]
    since: Option<String>,
    /// Only what this account did
    #[arg(long)]
    actor: Option<String>,
    /// Only this kind of change, such as `repo.delete`
    #[arg(long)]
    action: Option<String>,
    /// Print at most so many entries, the newest
    #[arg(long, default_value_t = u64::MAX, hide_default_value = true)]
    limit: u64,
    #[command(flatten)]
    options: DataOptions,
}

impl Audit {
    pub fn run(self) -> Result<(), Failure> {
        let Self { format, since, actor, action, limit, options } = self;
        let common = Common { format: Format::Text, options };
        common.run(async |desk| {
            let since = since.map(|text| read_since(desk.hub.now(), &text)).transpose()?;
            let action = action.map(known).transpose()?;
            let filter = Filter { since, actor, action, ..Filter::default() };
            match print_log(desk, filter, format, limit).await {
                // `roadstead admin audit | head` is no failure.
                Err(error) if is_broken_pipe(&error) => Ok(()),
                printed => printed,
            }
        })
    }
}

fn read_since(now: Timestamp, text: &str) -> anyhow::Result<Timestamp> {
    let ago = parse_duration(text).ok().map(|ago: Duration| now.minus(ago));
    ago.or_else(|| Timestamp::parse(text)).with_context(|| {
        format!("`{text}` is neither a duration like 7d nor a time like 2030-01-31T12:00:00Z")
    })
}

fn known(word: String) -> anyhow::Result<String> {
    if Action::ALL.iter().any(|action| action.word() == word) {
        return Ok(word);
    }
    let words: Vec<_> = Action::ALL.iter().map(|action| action.word()).collect();
    bail!("no change is called `{word}`; there are: {}", words.join(", "));
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    let io = error.downcast_ref::<std::io::Error>();
    io.is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

async fn print_log(
    desk: &Desk<'_>,
    mut filter: Filter,
    format: LogFormat,
    limit: u64,
) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    if format == LogFormat::Csv {
        writeln!(out, "{}", COLUMNS.join(","))?;
    }
    let mut left = limit;
    while left > 0 {
        let size = u32::try_from(left).unwrap_or(PAGE).min(PAGE);
        let page = desk.hub.walk_audit_log(&desk.key, &filter, size).await?;
        let Some(last) = page.last() else { break };
        filter.before = Some(last.id);
        left -= page.len() as u64;
        for event in &page {
            writeln!(out, "{}", line(event, format))?;
        }
    }
    Ok(out.flush()?)
}

fn line(event: &AuditEvent, format: LogFormat) -> String {
    match format {
        LogFormat::Csv => csv_line(event),
        LogFormat::Json => {
            let mut object = json!({});
            for (name, cell) in COLUMNS.iter().zip(cells(event)) {
                object[*name] = Value::from(cell);
            }
            (object["before"], object["after"]) = (json!(event.before), json!(event.after));
            object.to_string()
        }
        LogFormat::Text => {
            let [time, action, outcome, actor, _, address, target, _, after, _] = cells(event);
            format!(
                "{time}  {outcome:<6}  {action:<24}  {actor:<16}  {address:<15}  {target}  {after}"
            )
            .trim_end()
            .to_owned()
        }
    }
}
