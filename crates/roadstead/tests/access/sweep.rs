//! The sweep: every route of the program, asked by everybody about a public, a hidden and a missing
//! repository. The table of answers is checked in; a route that is not in it fails.
//!
//! Beside the table three rules are checked by themselves: whoever has the right of the route is let
//! in, whoever has not is not, and to them hidden and missing are the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use roadstead_http::{Access, RouteEntry};
use roadstead_testkit::{Answer, Client};

use crate::recipes::request;
use crate::stage::{Caller, HIDDEN, PUBLIC, Reach, Stage};

/// What the caller must reach for a right, on a public repository or another.
fn needed(right: &str, is_public: bool) -> Reach {
    match (right, is_public) {
        ("pull", true) => Reach::Public,
        ("pull", false) => Reach::Pull,
        ("push", _) => Reach::Push,
        ("delete" | "describe" | "administer" | "own", _) => Reach::Everything,
        (other, _) => panic!("the sweep does not know the right `{other}`"),
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Basic,
    Bearer,
}

struct Sweep {
    stage: Stage,
    table: String,
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let mut sweep = Sweep { stage: Stage::set().await, table: String::new() };
    sweep.head();

    let routes = roadstead::routes::all();
    for (entry, has_twin) in without_twins(routes.entries()) {
        match entry.access {
            Access::Right(right) => {
                sweep.repository_route(&entry, has_twin, right, Form::Basic).await;
                if is_registry(&entry) {
                    sweep.repository_route(&entry, has_twin, right, Form::Bearer).await;
                }
            }
            Access::Place(_) | Access::SignedIn | Access::Administrator | Access::Public(_) => {
                sweep.other_route(&entry, has_twin).await;
            }
        }
    }

    insta::assert_snapshot!("answers", sweep.table);
}

fn is_registry(entry: &RouteEntry) -> bool {
    entry.pattern.starts_with("/v2/{repository}/")
}

/// The routes, those with and without a slash at the end as one.
fn without_twins(entries: &[RouteEntry]) -> Vec<(RouteEntry, bool)> {
    let mut seen: BTreeMap<(String, &str), usize> = BTreeMap::new();
    for entry in entries {
        let pattern = entry.pattern.trim_end_matches('/');
        *seen.entry((entry.method.to_string(), pattern)).or_default() += 1;
    }
    let is_first = |entry: &&RouteEntry| {
        let pattern = entry.pattern.trim_end_matches('/');
        let twins = seen[&(entry.method.to_string(), pattern)];
        twins == 1 || !entry.pattern.ends_with('/')
    };
    let count = |entry: &RouteEntry| {
        seen[&(entry.method.to_string(), entry.pattern.trim_end_matches('/'))] > 1
    };
    entries.iter().filter(is_first).map(|entry| (entry.clone(), count(entry))).collect()
}

impl Sweep {
    fn head(&mut self) {
        let names: Vec<_> = self.stage.callers.iter().map(|c| format!("{:<11}", c.name)).collect();
        let columns = names.join(" ");
        writeln!(
            self.table,
            "Answers about a public, a hidden and a missing repository of the owner's."
        )
        .unwrap();
        writeln!(self.table, "public_read, read and write are access tokens of the owner's.\n")
            .unwrap();
        writeln!(self.table, "{:<85}{}", "", columns.trim_end()).unwrap();
    }

    fn row(&mut self, entry: &RouteEntry, has_twin: bool, note: &str, cells: &[String]) {
        let slash = if has_twin { "[/]" } else { "" };
        let pattern = format!("{}{slash}", entry.pattern);
        let cells: Vec<_> = cells.iter().map(|cell| format!("{cell:<11}")).collect();
        let start = format!("{:<6} {pattern}", entry.method.as_str());
        writeln!(self.table, "{start:<67}{note:<18}{}", cells.join(" ").trim_end()).unwrap();
    }

    async fn repository_route(
        &mut self,
        entry: &RouteEntry,
        has_twin: bool,
        right: &str,
        form: Form,
    ) {
        let mut cells = Vec::new();
        for caller in self.stage.callers.clone() {
            let missing = self.stage.missing();
            let mut answers = Vec::new();
            for name in [PUBLIC, HIDDEN, &missing] {
                let answer = self.ask(entry, &caller, name, form).await;
                self.check(&answer, right, &caller, name, &missing);
                if has_twin {
                    let slashed = RouteEntry { pattern: with_slash(entry), ..entry.clone() };
                    // The first may have changed what the second asks for.
                    let other = if name == missing { &self.stage.missing() } else { name };
                    let twin = self.ask(&slashed, &caller, other, form).await;
                    assert_eq!(twin.status(), answer.status(), "{}", twin.story());
                }
                answers.push(answer);
            }
            if caller.reach == Reach::Public {
                let (hidden, gone) = (answers[1].face(&[HIDDEN]), answers[2].face(&[&missing]));
                assert_eq!(hidden, gone, "{} as {}", answers[1].story(), caller.name);
            }
            let statuses: Vec<_> = answers.iter().map(|a| a.status().to_string()).collect();
            cells.push(statuses.join(" "));
        }
        let form = if form == Form::Basic { "basic" } else { "bearer" };
        self.row(entry, has_twin, &format!("{right} {form}"), &cells);
    }

    async fn ask(&self, entry: &RouteEntry, caller: &Caller, name: &str, form: Form) -> Answer {
        let is_made = name == PUBLIC || name == HIDDEN;
        let client: Client = match form {
            Form::Basic => caller.basic(),
            Form::Bearer => caller.bearer(name).await,
        };
        let answer = request(&self.stage, entry, &client, name, is_made).await.await;
        if is_made && entry.method == http::Method::DELETE && answer.status() < 300 {
            self.stage.restore(name).await;
        }
        answer
    }

    /// Whoever has the right comes as far as the content, which may then be at fault.
    fn check(&self, answer: &Answer, right: &str, caller: &Caller, name: &str, missing: &str) {
        let story = || format!("as {}: {}", caller.name, answer.story());
        let is_refused = matches!(answer.status(), 401 | 403);
        let is_in = caller.reach >= needed(right, name == PUBLIC);
        if name == missing {
            assert!(
                answer.status() > 299 || right == "push" && is_in || is_list(answer),
                "{}",
                story()
            );
        } else if is_in {
            assert!(!is_refused && answer.status() != 404, "{}", story());
        } else {
            assert!(is_refused || answer.status() == 404, "{}", story());
        }
        assert!(answer.status() < 500, "{}", story());
    }

    async fn other_route(&mut self, entry: &RouteEntry, has_twin: bool) {
        let mut cells = Vec::new();
        for caller in self.stage.callers.clone() {
            let name = PUBLIC;
            let answer = self.ask(entry, &caller, name, Form::Basic).await;
            assert!(answer.status() < 500, "as {}: {}", caller.name, answer.story());
            if !matches!(entry.access, Access::Public(_)) && caller.credentials.is_none() {
                assert_eq!(answer.status(), 401, "{}", answer.story());
            }
            if entry.access == Access::Administrator && caller.credentials.is_some() {
                let is_denied = answer.status() == 403;
                assert_eq!(is_denied, caller.name != "keeper", "{}", answer.story());
            }
            if let Access::Place(place) = entry.access {
                check_place(&answer, place, &caller);
            }
            if has_twin {
                let slashed = RouteEntry { pattern: with_slash(entry), ..entry.clone() };
                let twin = self.ask(&slashed, &caller, name, Form::Basic).await;
                assert_eq!(twin.status(), answer.status(), "{}", twin.story());
            }
            cells.push(answer.status().to_string());
        }
        let note = match entry.access {
            Access::Place(place) => place,
            Access::SignedIn => "signed in",
            Access::Administrator => "administrator",
            Access::Right(_) | Access::Public(_) => "public",
        };
        self.row(entry, has_twin, note, &cells);
    }
}

/// The owner of the organization comes in everywhere, its member where members do; tokens that only
/// read and write look on at most.
fn check_place(answer: &Answer, place: &str, caller: &Caller) {
    let is_refused = matches!(answer.status(), 401 | 403);
    let comes_in = match (caller.name, place) {
        ("owner", _) | ("member", "member") => true,
        ("read" | "write", "member") => return,
        _ => false,
    };
    assert_eq!(is_refused, !comes_in, "as {}: {}", caller.name, answer.story());
}

/// An empty list of referrers, which a repository has before its first push.
fn is_list(answer: &Answer) -> bool {
    answer.header("content-type").ends_with("index.v1+json")
}

fn with_slash(entry: &RouteEntry) -> &'static str {
    let routes = roadstead::routes::all();
    let twin = routes.entries().iter().find(|other| {
        other.method == entry.method && other.pattern.strip_suffix('/') == Some(entry.pattern)
    });
    twin.expect("a twin with a slash").pattern
}
