//! `roadstead admin usage`.

use clap::{Args, Subcommand};
use roadstead_hub::recount::UseComparison;
use serde::Serialize;

use super::{Common, Desk};
use crate::cli::Failure;
use crate::cli::output::{print, table};

#[derive(Subcommand)]
pub enum Usage {
    /// Count anew what every namespace holds, and list where the running counts differ
    Recount(Recount),
}

#[derive(Args)]
pub struct Recount {
    /// Correct what is wrong
    #[arg(long)]
    repair: bool,
    #[command(flatten)]
    common: Common,
}

#[derive(Serialize)]
struct Report {
    namespaces: u64,
    repaired: bool,
    differences: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    namespace: String,
    stored_in_books: i64,
    stored: i64,
    reserved_in_books: i64,
    reserved: i64,
    wrong_links: i64,
}

impl From<UseComparison> for Row {
    fn from(found: UseComparison) -> Self {
        Self {
            namespace: found.name.to_string(),
            stored_in_books: found.stored_in_books,
            stored: found.stored,
            reserved_in_books: found.reserved_in_books,
            reserved: found.reserved,
            wrong_links: found.wrong_links,
        }
    }
}

impl Usage {
    pub fn run(self) -> Result<(), Failure> {
        let Self::Recount(Recount { repair, common }) = self;
        common.run(async |desk| recount(desk, repair).await)
    }
}

async fn recount(desk: &Desk<'_>, repair: bool) -> anyhow::Result<()> {
    let found = desk.hub.recount_use(&desk.key, repair).await?;
    let differences: Vec<_> = found.differences.into_iter().map(Row::from).collect();
    let is_wrong = !differences.is_empty();
    let report = Report { namespaces: found.namespaces, repaired: repair && is_wrong, differences };
    print(desk.format, &report, told);
    anyhow::ensure!(!is_wrong || repair, "counts are wrong; `--repair` corrects them");
    Ok(())
}

fn told(report: &Report) -> String {
    let compared = format!("{} namespaces were counted", report.namespaces);
    if report.differences.is_empty() {
        return format!("{compared}; every count is right");
    }
    let head = ["NAMESPACE", "STORED", "COUNTED", "RESERVED", "COUNTED", "WRONG LINKS"];
    let rows: Vec<_> = report.differences.iter().map(cells).collect();
    let ending = if report.repaired { "; what was wrong is corrected" } else { "" };
    format!("{}\n{compared}{ending}", table(&head, &rows))
}

fn cells(row: &Row) -> Vec<String> {
    let numbers =
        [row.stored, row.stored_in_books, row.reserved, row.reserved_in_books, row.wrong_links];
    let numbers = numbers.into_iter().map(|number| number.to_string());
    std::iter::once(row.namespace.clone()).chain(numbers).collect()
}
