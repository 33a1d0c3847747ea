//! The world of the sweep: a user and an organization, in each namespace a repository in every state,
//! and the same again after each request that changed something.

use std::sync::atomic::{AtomicU32, Ordering};

use http::Method;
use roadstead_http::RouteEntry;
use roadstead_testkit::{Answer, Ask, Client, Hub};
use serde_json::json;

use crate::cast::{COLLABORATORS, Person, SEATS, Seat};
use crate::model::State;
use crate::stage::{FREE, Stage, password_of};

const TEAMS: [(&str, &str); 3] = [("readers", "read"), ("writers", "write"), ("managers", "admin")];

pub struct Scene {
    pub stage: Stage,
    pub people: Vec<Person>,
    /// Every client is a clone of it: making one takes longer than most requests.
    nobody: Client,
    asked: AtomicU32,
}

impl Scene {
    pub async fn set() -> Self {
        // Behind a proxy each request can come from an address of its own, so that no limit on one address
        // is met.
        let hub = Hub::with().args(["--trusted-proxy", "127.0.0.1", "--sign-up", "open"]);
        let stage = Stage::on(hub.start().await).await;
        for account in ["rita", "wendy", "max", "mona", "ed", "sue", "carl"] {
            stage.hub.user(account).await;
        }
        stage.hub.unverified_user("una").await;
        stage.found_teams().await;
        for namespace in ["alice", "acme"] {
            for name in ["public", "hidden", "binned", "former"] {
                stage.furnish(namespace, name).await;
            }
        }
        stage.hub.admin("user disable sue").run().await.succeeds();
        let people = stage.gather().await;
        let nobody = stage.hub.anonymous();
        Self { stage, people, nobody, asked: AtomicU32::new(0) }
    }

    pub fn nobody(&self) -> Client {
        self.nobody.clone()
    }

    pub fn name(&self, namespace: &str, state: State) -> String {
        let name = match state {
            State::Public => "public",
            State::Hidden => "hidden",
            State::Trashed => "binned",
            State::Renamed => "former",
            State::Missing => {
                return self.stage.missing().replace("alice/", &format!("{namespace}/"));
            }
        };
        format!("{namespace}/{name}")
    }

    /// Sends it from an address that nobody used before.
    pub async fn send(&self, ask: Ask) -> Answer {
        let [_, a, b, c] = self.asked.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        ask.header("x-forwarded-for", format!("10.{a}.{b}.{c}")).await
    }

    fn owner(&self) -> Client {
        self.stage.caller("owner").basic()
    }

    /// Undoes what `entry` did to a repository.
    pub async fn undo(&self, entry: &RouteEntry, repository: &str, state: State) {
        let (namespace, name) = repository.split_once('/').expect("a namespace");
        let path = format!("/v2/repositories/{repository}");
        let pattern = entry.pattern.trim_end_matches('/');
        match state {
            State::Missing | State::Renamed => {}
            // The push made it anew.
            State::Trashed => drop(self.owner().delete(&path).await),
            _ if entry.method == Method::DELETE && pattern.ends_with("/{repository}") => {
                self.take_out_of_trash(namespace, name).await;
            }
            _ if entry.method == Method::DELETE && is_content(pattern) => {
                self.stage.refill(repository).await;
            }
            _ if pattern.ends_with("/archive") => {
                self.owner().delete(&format!("/api/v1/repositories/{repository}/archive")).await;
            }
            State::Public | State::Hidden => {}
        }
    }

    async fn take_out_of_trash(&self, namespace: &str, name: &str) {
        let trash = format!("/api/v1/trash/{namespace}");
        let binned = self.owner().get(&format!("{trash}?page_size=100")).await.is(200).json();
        let rows = binned["results"].as_array().expect("a page");
        let row = rows.iter().find(|row| row["name"] == name).expect("it is in the trash");
        let restore = format!("{trash}/{}/restore", row["id"].as_str().expect("an id"));
        self.owner().post(&restore).json(&json!({})).await.is(200);
    }

    /// Brings back whoever left.
    pub async fn undo_leaving(&self, entry: &RouteEntry, person: &Person) {
        let account = person.credentials.as_ref().map_or("", |(account, _)| account);
        match entry.pattern.trim_end_matches('/') {
            "/api/v1/orgs/{org}/leave" => {
                if let Some(seat) = SEATS.iter().find(|seat| seat.account == account) {
                    self.stage.take_seat(*seat).await;
                }
            }
            "/api/v1/repositories/{namespace}/{repository}/leave" => {
                self.stage.let_in(account, "alice/public").await;
            }
            _ => {}
        }
    }
}

fn is_content(pattern: &str) -> bool {
    ["/{reference}", "/{digest}", "/{tag}"].iter().any(|end| pattern.ends_with(end))
}

impl Stage {
    async fn found_teams(&self) {
        let owner = self.caller("owner").basic();
        for (team, _) in TEAMS {
            owner.post("/v2/orgs/acme/groups").json(&json!({"name": team})).await.is(201);
        }
        for seat in SEATS {
            self.take_seat(seat).await;
        }
    }

    async fn take_seat(&self, seat: Seat) {
        let owner = self.caller("owner").basic();
        let mut form = json!({"org": "acme", "role": seat.role, "invitees": [seat.account]});
        if let Some(team) = seat.team {
            form["team"] = json!(team);
        }
        let told = owner.post("/v2/invites/bulk").json(&form).await.is(202).json();
        let id = told["invitees"][0]["invite"]["id"].as_str().expect("an id").to_owned();
        let invited = self.hub.anonymous().with_basic(seat.account, &password_of(seat.account));
        invited.post(&format!("/api/v1/invitations/{id}/accept")).await.is(200);
    }

    async fn let_in(&self, account: &str, repository: &str) {
        let path = format!("/v2/repositories/{repository}/collaborators");
        self.caller("owner").basic().post(&path).json(&json!({"user": account})).await.is(201);
    }

    /// Makes a repository, gives the cast what they have there, and brings it into its state.
    async fn furnish(&self, namespace: &str, name: &str) {
        let (owner, repository) = (self.caller("owner").basic(), format!("{namespace}/{name}"));
        self.refill(&repository).await;
        let path = format!("/v2/repositories/{repository}");
        if name != "public" {
            let hide = json!({"is_private": true});
            owner.post(&format!("{path}/privacy")).json(&hide).await.is(200);
        }
        self.give_rights(&repository).await;
        match name {
            "binned" => drop(owner.delete(&path).await.is(202)),
            "former" => {
                let rename = format!("/api/v1/repositories/{repository}/rename");
                owner.post(&rename).json(&json!({"name": "latter"})).await.is(200);
            }
            _ => {}
        }
    }

    async fn give_rights(&self, repository: &str) {
        if !repository.starts_with("acme/") {
            for account in COLLABORATORS {
                self.let_in(account, repository).await;
            }
            return;
        }
        let owner = self.caller("owner").basic();
        for (team, permission) in TEAMS {
            let team = owner.get(&format!("/v2/orgs/acme/groups/{team}")).await.is(200).json();
            let form = json!({"group_id": team["id"], "permission": permission});
            let path = format!("/v2/repositories/{repository}/groups");
            owner.post(&path).json(&form).await.is(200);
        }
    }

    async fn refill(&self, repository: &str) {
        let repo = self.caller("owner").bearer(repository).await.repo(repository);
        repo.push(&self.image, &["1"]).await;
        repo.push_blob(FREE).await;
    }
}
