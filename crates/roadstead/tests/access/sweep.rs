//! The sweep: every route of the program, asked by everybody about a repository in every state, in the
//! namespace of a user and in that of an organization. What should become of each request says `model`;
//! a route without a recipe fails.
//!
//! Beside that, to whoever may not see a repository its being hidden, trashed or renamed makes no
//! difference to there being none, byte for byte.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::future::join_all;
use roadstead_http::{Access, RouteEntry};
use roadstead_testkit::{Answer, Client};

use crate::cast::Person;
use crate::model::{self, Cap, Door, Kind, State, Verdict};
use crate::recipes::request;
use crate::report::Report;
use crate::scene::Scene;
use crate::stage::token;

/// Who is asked whether a slash at the end makes a difference.
const ASKED_TWICE: [&str; 2] = ["owner", "stranger"];

/// Answers other than the model's: who gets them (`""` is everybody), on which route, and why.
const EXCEPTIONS: &[(&str, Verdict, &str, u16, &str)] = &[
    (
        "",
        Verdict::In,
        "/v2/repositories/{namespace}/{repository}/collaborators/{collaborator}",
        404,
        "repositories of organizations have none",
    ),
    (
        "",
        Verdict::In,
        "/v2/{repository}/blobs/uploads/{upload}",
        404,
        "an upload is known to who began it alone",
    ),
    (
        "",
        Verdict::Missing,
        "/v2/{repository}/referrers/{digest}",
        200,
        "what is not there yet has an empty list of them",
    ),
    (
        "to admin",
        Verdict::In,
        "/api/v1/repositories/{namespace}/{repository}/transfer",
        403,
        "a credential that may not push makes no repository, there as here",
    ),
];

/// Asked of members, verified or not, and done by no credential of small reach.
const IN_PERSON: &str = "/api/v1/orgs/{org}/leave";

/// Routes for any account, at which a token of small reach is refused.
const NOTHING_SMALL: [&str; 9] = [
    "/v2/access-tokens",
    "/v2/access-tokens/{uuid}",
    "/v2/api_tokens",
    "/v2/api_tokens/{uuid}",
    "/v2/auditlogs/{account}",
    "/v2/orgs",
    "/v2/orgs/{org}/access-tokens",
    "/v2/orgs/{org}/access-tokens/{uuid}",
    "/v2/invites/bulk",
];

struct Sweep {
    scene: Scene,
    report: Report,
    wrong: Vec<String>,
}

#[tokio::test]
async fn every_route_lets_in_whom_it_should_and_nobody_else() {
    let scene = Scene::set().await;
    let mut sweep = Sweep { scene, report: Report::default(), wrong: Vec::new() };

    for (entry, twin) in with_twins(roadstead::routes::all().entries()) {
        match entry.access {
            Access::Right(right) if is_registry(&entry) => {
                sweep.repository_route(&entry, twin, right, Door::Basic).await;
                sweep.repository_route(&entry, twin, right, Door::Bearer).await;
            }
            Access::Right(right) => {
                sweep.repository_route(&entry, twin, right, Door::Api).await;
            }
            _ => sweep.other_route(&entry, twin).await,
        }
    }

    assert!(sweep.wrong.is_empty(), "{}", sweep.wrong.join("\n\n"));
    insta::assert_snapshot!("answers", sweep.report.text(&sweep.scene.people));
}

fn is_registry(entry: &RouteEntry) -> bool {
    entry.pattern.starts_with("/v2/{repository}/")
}

/// The routes; one that is there with a slash at the end too comes once, with the other's pattern.
fn with_twins(entries: &[RouteEntry]) -> Vec<(RouteEntry, Option<&'static str>)> {
    let slashed = |entry: &RouteEntry| {
        let mut twins = entries.iter().filter(|other| other.method == entry.method);
        twins.find(|other| other.pattern.strip_suffix('/') == Some(entry.pattern))
    };
    let twins: BTreeSet<_> = entries
        .iter()
        .filter_map(slashed)
        .map(|entry| (entry.method.to_string(), entry.pattern))
        .collect();
    let is_twin = |entry: &RouteEntry| twins.contains(&(entry.method.to_string(), entry.pattern));
    let first = entries.iter().filter(|entry| !is_twin(entry));
    first.map(|entry| (entry.clone(), slashed(entry).map(|twin| twin.pattern))).collect()
}

impl Sweep {
    async fn repository_route(
        &mut self,
        entry: &RouteEntry,
        twin: Option<&'static str>,
        right: &'static str,
        door: Door,
    ) {
        let mut let_in = BTreeSet::new();
        for person in self.scene.people.clone() {
            for namespace in person.namespaces {
                let asked = State::ALL.map(|state| About { entry, twin, namespace, state, door });
                let answers = join_all(asked.map(|about| self.about(about, &person))).await;
                let mut faces = Vec::new();
                for (about, (name, answer)) in asked.iter().zip(answers).filter_map(both) {
                    let verdict =
                        model::on_repository(&person.facts, right, namespace, about.state, door);
                    if !fits(entry, &person, answer.status(), verdict) {
                        self.complain(&person, verdict, &answer);
                    }
                    if verdict == Verdict::In {
                        let_in.insert(answer.status());
                    }
                    if !person.facts.sees(namespace, about.state) {
                        faces.push((answer.face(&[&name]), answer));
                    }
                }
                for pair in faces.windows(2).filter(|pair| pair[0].0 != pair[1].0) {
                    let stories = pair.iter().map(|(_, answer)| answer.story());
                    let stories = stories.collect::<Vec<_>>().join("\n");
                    self.wrong.push(format!("{} can tell: {stories}", person.name));
                }
            }
        }
        self.report.repository_route(entry, twin.is_some(), right, door, &let_in);
    }

    fn complain(&mut self, person: &Person, verdict: Verdict, answer: &Answer) {
        let (name, expected) = (person.name, verdict.word());
        self.wrong.push(format!("as {name}, expected {expected}: {}", answer.story()));
    }

    /// Asks about a repository in its state; whose credential ended is asked about two states alone, and
    /// gets no token to come with.
    async fn about(&self, about: About<'_>, person: &Person) -> Option<(String, Answer)> {
        let is_known = matches!(about.state, State::Public | State::Hidden);
        if person.facts.kind == Kind::Ended && (!is_known || about.door == Door::Bearer) {
            return None;
        }
        let first = self.ask(about, person, about.entry).await;
        if let (Some(pattern), true) = (about.twin, ASKED_TWICE.contains(&person.name)) {
            let slashed = RouteEntry { pattern, ..about.entry.clone() };
            let (_, twin) = self.ask(about, person, &slashed).await;
            assert_eq!(twin.status(), first.1.status(), "{}", twin.story());
        }
        Some(first)
    }

    async fn ask(&self, about: About<'_>, person: &Person, entry: &RouteEntry) -> (String, Answer) {
        let name = self.scene.name(about.namespace, about.state);
        let client = self.client(person, &name, about.door).await;
        let is_known = matches!(about.state, State::Public | State::Hidden);
        let ask = request(&self.scene.stage, entry, &client, &name, is_known).await;
        let answer = self.scene.send(ask).await;
        // A push of a manifest that is at fault makes its repository all the same.
        if answer.status() < 300 || answer.status() == 400 {
            self.scene.undo(entry, &name, about.state).await;
        }
        (name, answer)
    }

    async fn client(&self, person: &Person, repository: &str, door: Door) -> Client {
        let nobody = self.scene.nobody();
        let client = person.client(nobody.clone());
        if door != Door::Bearer {
            return client;
        }
        let scope = format!("repository:{repository}:pull,push,delete");
        nobody.with_bearer(&token(&client, &[&scope]).await)
    }

    async fn other_route(&mut self, entry: &RouteEntry, twin: Option<&'static str>) {
        let mut answers: BTreeMap<u16, Vec<&'static str>> = BTreeMap::new();
        for person in self.scene.people.clone() {
            let answer = self.other(entry, &person).await;
            // Where a credential is not looked at, one that ended is as good as none.
            let of_nobody = answers.iter().find(|(_, people)| people.contains(&"nobody"));
            let is_unread = of_nobody.is_some_and(|(status, _)| *status == answer.status());
            match other_verdict(entry, &person) {
                Some(verdict) if !fits_other(answer.status(), verdict) => {
                    let is_open = matches!(entry.access, Access::Public(_)) && is_unread;
                    if !is_open {
                        self.complain(&person, verdict, &answer);
                    }
                }
                _ => assert!(answer.status() < 500, "{}", answer.story()),
            }
            if let (Some(pattern), true) = (twin, ASKED_TWICE.contains(&person.name)) {
                let slashed = RouteEntry { pattern, ..entry.clone() };
                let twin = self.other(&slashed, &person).await;
                assert_eq!(twin.status(), answer.status(), "{}", twin.story());
            }
            answers.entry(answer.status()).or_default().push(person.name);
        }
        self.report.other_route(entry, twin.is_some(), &answers);
    }

    async fn other(&self, entry: &RouteEntry, person: &Person) -> Answer {
        let client = person.client(self.scene.nobody());
        let ask = request(&self.scene.stage, entry, &client, "alice/public", true).await;
        let answer = self.scene.send(ask).await;
        if answer.status() < 300 {
            self.scene.undo_leaving(entry, person).await;
        }
        answer
    }
}

/// One question about a repository.
#[derive(Clone, Copy)]
struct About<'a> {
    entry: &'a RouteEntry,
    twin: Option<&'static str>,
    namespace: &'a str,
    state: State,
    door: Door,
}

fn both<A, B>((about, answer): (A, Option<B>)) -> Option<(A, B)> {
    answer.map(|answer| (about, answer))
}

fn fits(entry: &RouteEntry, person: &Person, status: u16, verdict: Verdict) -> bool {
    let pattern = entry.pattern.trim_end_matches('/');
    let is_excepted = EXCEPTIONS.iter().any(|(who, usual, route, odd, _)| {
        let is_meant = who.is_empty() || *who == person.name;
        is_meant && *usual == verdict && *route == pattern && *odd == status
    });
    match verdict {
        _ if is_excepted => true,
        Verdict::In => !matches!(status, 401 | 403 | 404) && status < 500,
        verdict => status.to_string() == verdict.word(),
    }
}

/// On routes that name no repository of their own, whoever is let in may ask for what is not there.
fn fits_other(status: u16, verdict: Verdict) -> bool {
    match verdict {
        Verdict::In => !matches!(status, 401 | 403) && status < 500,
        verdict => status.to_string() == verdict.word(),
    }
}

/// `None` where the model has no say: each such route has a rule of its own, and the table shows it.
fn other_verdict(entry: &RouteEntry, person: &Person) -> Option<Verdict> {
    let facts = &person.facts;
    let pattern = entry.pattern.trim_end_matches('/');
    let is_small = facts.cap != Cap::Whole && person.shows_token();
    match entry.access {
        _ if facts.kind == Kind::Ended => Some(Verdict::SignIn),
        Access::Administrator if pattern.starts_with("/admin") => Some(model::on_desk(facts)),
        Access::Administrator => Some(model::on_hub(facts)),
        Access::Place(_) if pattern == IN_PERSON => {
            let verdict = model::in_organization(facts, "member");
            Some(if verdict == Verdict::In && is_small { Verdict::Forbidden } else { verdict })
        }
        Access::Place(place) => Some(model::in_organization(facts, place)),
        Access::SignedIn if facts.kind == Kind::Nobody => Some(Verdict::SignIn),
        Access::SignedIn if is_small && NOTHING_SMALL.contains(&pattern) => {
            Some(Verdict::Forbidden)
        }
        Access::SignedIn | Access::Public(_) | Access::Right(_) => None,
    }
}
