//! A hub with a million repositories: its index, its search beside the database's own full text search, the
//! pages of a repository, and what a team may see.

use std::path::Path;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::Engine as _;
use serde::Deserialize;

use super::{Small, scattered};
use crate::bench::Bench;
use crate::bench::process::PeakWatch;
use crate::bench::report::{Bound, Table};
use crate::bench::servers::Server;
use crate::run::{quietly, visibly};
use crate::seed;

/// Whole words, several, beginnings, one letter, insides, slips, a path, any of four words, nothing.
pub const QUESTIONS: [&str; 13] = [
    "nginx",
    "docker",
    "zookeeper",
    "redis cluster",
    "postg",
    "re",
    "r",
    "ginx",
    "ngnix",
    "elasticserch",
    "library/nginx",
    "docker nginx proxy exporter",
    "",
];
/// Orders and filters, as `/api/v1/search` takes them.
const FILTERS: [&str; 8] = [
    "sort=stars",
    "sort=pulls",
    "sort=updated",
    "q=nginx&sort=stars",
    "q=nginx&official=true",
    "q=nginx&architectures=arm64",
    "q=nginx&automated=false",
    "architectures=arm64&sort=pulls",
];
/// The row of all questions and filters in turn.
const ALL: &str = "all of them in turn";
/// Longest wait for the index of a million.
const PATIENCE: Duration = Duration::from_secs(600);

/// What the seed program tells of a made-up hub.
#[derive(Deserialize)]
pub struct Sample {
    pub public: Vec<String>,
    member: String,
    password: String,
    granted: Vec<String>,
    greatest: String,
}

#[derive(Deserialize)]
struct FullText {
    built_seconds: f64,
    answers: Vec<Answer>,
}

#[derive(Deserialize)]
struct Answer {
    question: String,
    hits: u64,
    p50_ms: f64,
    p99_ms: f64,
}

pub fn run(bench: &Bench) -> Result<Vec<Table>> {
    let (seeded, sample) = seeded(bench)?;
    // The index is to grow from nothing.
    let _ = std::fs::remove_dir_all(Path::new(&seeded).join("search"));
    let (server, index) = start(bench, &seeded)?;
    let mut search = search(bench, &server)?;
    let pages = pages(bench, &server, &sample)?;
    let member = member(bench, &server, &sample)?;
    let mut memory = Table::new("resident memory after all of this");
    let seen = server.memory();
    memory.record("server", &[("MiB", seen.resident_mib), ("anonymous MiB", seen.anonymous_mib)]);
    drop(server);
    full_text(&seeded, &mut search)?;
    Ok(vec![index, search, pages, member, memory])
}

/// A hub of a million, the given one or a new one, and what is in it.
pub fn seeded(bench: &Bench) -> Result<(String, Sample)> {
    let seeded = match &bench.seeded {
        Some(seeded) => seeded.clone(),
        None => fill(bench)?,
    };
    let sample = quietly(seed::program("sample")?.args(["--database", &seeded]))?;
    Ok((seeded, serde_json::from_str(&sample)?))
}

fn fill(bench: &Bench) -> Result<String> {
    let folder = bench.work.join("hub").display().to_string();
    let size = |full, quick| bench.size(full, quick).to_string();
    let (repositories, tags) = (size(1_000_000, 2_000), size(10_000_000, 20_000));
    let mut fill = seed::program("fill")?;
    fill.args(["--database", &folder, "--repositories", &repositories, "--tags", &tags]);
    visibly(fill.args(["--accounts", &size(100_000, 200)]))?;
    Ok(folder)
}

/// Starts the server, which makes an index where it finds none, until the first search is answered.
pub fn start(bench: &Bench, seeded: &str) -> Result<(Server, Table)> {
    let server = Server::on_seeded(&bench.programs, &bench.work, seeded)?;
    let began = Instant::now();
    let watch = PeakWatch::start(server.roots());
    let mut connection = server.connection()?;
    while connection.exchange("GET", "/v1/search?q=nginx", "", b"")?.0.status != 200 {
        ensure!(began.elapsed() < PATIENCE, "there is no index after {PATIENCE:?}");
        thread::sleep(Duration::from_millis(20));
    }
    let seconds = server.start_seconds + began.elapsed().as_secs_f64();
    let peak = watch.finish();
    let mut table = Table::new("index of all repositories, from nothing");
    table.record(
        "index",
        &[
            ("s", seconds),
            ("peak MiB", peak.resident_mib),
            ("peak anonymous MiB", peak.anonymous_mib),
        ],
    );
    table.target("index", "s", Bound::AtMost(60.0));
    Ok((server, table))
}

/// One after the other over one connection: what somebody waits for.
fn alone<'a>(bench: &Bench, server: &'a Server) -> Small<'a> {
    let duration = Duration::from_secs(bench.size(2, 1) as u64);
    Small { server, method: "GET", connections: 1, duration }
}

fn search(bench: &Bench, server: &Server) -> Result<Table> {
    let mut table = Table::new("search by anybody: the first 25 and the exact total");
    let nobody = [String::new()];
    let load = alone(bench, server);
    let path = |query: &str| format!("/api/v1/search?page_size=25&{query}");
    let questions = QUESTIONS.map(|question| (row(question), format!("q={}", encoded(question))));
    let filters = FILTERS.map(|filter| (filter.to_owned(), filter.to_owned()));
    let all: Vec<_> = questions.into_iter().chain(filters).collect();
    for (row, query) in &all {
        load.run(&nobody, |_| path(query))?.record(&mut table, row);
    }
    let in_turn = |turn: u64| path(&all[turn as usize % all.len()].1);
    load.run(&nobody, in_turn)?.record(&mut table, ALL);
    table.target(ALL, "p50 ms", Bound::AtMost(3.0));
    table.target(ALL, "p99 ms", Bound::AtMost(15.0));
    Ok(table)
}

fn row(question: &str) -> String {
    if question.is_empty() { "(everything)".to_owned() } else { question.to_owned() }
}

pub fn encoded(question: &str) -> String {
    question.replace(' ', "+").replace('/', "%2F")
}

fn pages(bench: &Bench, server: &Server, sample: &Sample) -> Result<Table> {
    let mut table = Table::new("pages of repositories, as JSON");
    let nobody = [String::new()];
    let public = |turn| &sample.public[scattered(turn, sample.public.len())];
    let greatest = &sample.greatest;
    let repository = |turn| format!("/v2/repositories/{}/", public(turn));
    let tags = |turn| format!("/v2/repositories/{}/tags/?page_size=25", public(turn));
    let list = |order: &str| {
        format!("/v2/namespaces/{greatest}/repositories?page_size=25&ordering={order}")
    };
    let load = alone(bench, server);
    load.run(&nobody, repository)?.record(&mut table, "repository");
    load.run(&nobody, tags)?.record(&mut table, "its tags");
    for order in ["name", "-last_updated", "-pull_count", "pull_count"] {
        let row = format!("greatest namespace, ordering={order}");
        load.run(&nobody, |_| list(order))?.record(&mut table, &row);
        table.target(&row, "p99 ms", Bound::AtMost(10.0));
    }
    table.target("repository", "p99 ms", Bound::AtMost(10.0));
    table.target("its tags", "p99 ms", Bound::AtMost(10.0));
    Ok(table)
}

/// Somebody who reads private repositories through a team.
fn member(bench: &Bench, server: &Server, sample: &Sample) -> Result<Table> {
    let mut table = Table::new("a member of a team and its private repositories");
    let granted = |turn| &sample.granted[scattered(turn, sample.granted.len())];
    let token = |turn| {
        let path = granted(turn);
        format!("/token?service=bench&scope=repository:{path}:pull")
    };
    let page = |turn| format!("/v2/repositories/{}/", granted(turn));
    let signed_in = [sign_in(server, sample)?];
    let load = alone(bench, server);
    load.run(&[basic(sample)], token)?.record(&mut table, "token to pull");
    load.run(&signed_in, page)?.record(&mut table, "repository");
    let search = |_| "/api/v1/search?q=nginx".to_owned();
    load.run(&signed_in, search)?.record(&mut table, "search for nginx");
    table.target("token to pull", "p99 ms", Bound::AtMost(1.0));
    table.target("repository", "p99 ms", Bound::AtMost(10.0));
    table.target("search for nginx", "p99 ms", Bound::AtMost(15.0));
    Ok(table)
}

fn basic(sample: &Sample) -> String {
    let pair = format!("{}:{}", sample.member, sample.password);
    let pair = base64::engine::general_purpose::STANDARD.encode(pair);
    format!("Authorization: Basic {pair}\r\n")
}

fn sign_in(server: &Server, sample: &Sample) -> Result<String> {
    let body = serde_json::json!({"username": sample.member, "password": sample.password});
    let headers = "Content-Type: application/json\r\n";
    let body = body.to_string();
    let (_, answer) =
        server.connection()?.expect(200, "POST", "/v2/users/login", headers, body.as_bytes())?;
    let answer: serde_json::Value = serde_json::from_slice(&answer)?;
    let token = answer["token"].as_str().context("an answer without token")?;
    Ok(format!("Authorization: Bearer {token}\r\n"))
}

/// The same questions put to the database, without the way through HTTP.
fn full_text(seeded: &str, search: &mut Table) -> Result<()> {
    let mut ask = seed::program("full-text")?;
    let said = quietly(ask.args(["--database", seeded, "--"]).args(QUESTIONS))?;
    let report: FullText = serde_json::from_str(&said)?;
    for answer in report.answers {
        let row = row(&answer.question);
        let ours = search.median(&row, "p50 ms").context("each question was measured")?;
        search.record(
            &row,
            &[
                ("SQL hits", answer.hits as f64),
                ("SQL p50 ms", answer.p50_ms),
                ("SQL p99 ms", answer.p99_ms),
                ("SQL / ours", answer.p50_ms / ours),
            ],
        );
    }
    search.notes.push(format!("full text index in SQL built in {:.0} s", report.built_seconds));
    Ok(())
}
