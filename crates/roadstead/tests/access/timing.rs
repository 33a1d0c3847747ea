//! A hidden repository and a missing one cost the same work: as many statements, the same time
//! (threats T15 and G7).

use std::time::{Duration, Instant};

use roadstead_testkit::{Ask, Client, Hub, image};

use crate::stage::token;

const HIDDEN: &str = "alice/hidden";
const SAMPLES: usize = 300;

/// Alice hides a repository; Mallory, who looks for it, has an account.
struct Scene {
    hub: Hub,
    digest: String,
}

impl Scene {
    async fn set() -> Self {
        let hub = Hub::with().args(["--log", "info,sqlx::query=debug"]).start().await;
        let (alice, image) = (hub.user("alice").await, image().build());
        hub.user("mallory").await;
        alice.repo(HIDDEN).push(&image, &["1"]).await;
        alice.set_private(HIDDEN, true).await;
        Self { hub, digest: image.manifest.digest }
    }

    fn mallory(&self) -> Client {
        self.hub.anonymous().with_basic("mallory", "correct horse mallory staple")
    }

    /// Everything a stranger can ask about a name, with a token and without.
    async fn questions(&self, name: &str) -> Vec<(String, Ask)> {
        let scope = format!("repository:{name}:pull,push");
        let bearer = self.hub.token(&token(&self.mallory(), &[&scope]).await);
        let mut asks = Vec::new();
        for (who, client) in
            [("nobody", self.hub.anonymous()), ("basic", self.mallory()), ("bearer", bearer)]
        {
            let repo = client.repo(name);
            let questions = [
                ("tags", repo.tags_page("")),
                ("manifest", repo.manifest("1")),
                ("by digest", repo.manifest(&self.digest)),
                ("blob", repo.head_blob(&self.digest)),
                ("referrers", repo.referrers(&self.digest, "")),
                ("upload", repo.open_upload()),
                ("delete", repo.delete_manifest("1")),
                ("token", client.get(&format!("/token?scope={scope}"))),
                ("hub page", client.get(&format!("/v2/repositories/{name}/"))),
            ];
            asks.extend(questions.into_iter().map(|(what, ask)| (format!("{who}: {what}"), ask)));
        }
        asks
    }

    /// Status of the answer, and the statements that were run for it, in order.
    async fn work(&self, ask: Ask) -> (u16, Vec<String>) {
        let before = self.hub.log().len();
        let status = ask.await.status();
        tokio::time::sleep(Duration::from_millis(20)).await;
        let log = self.hub.log();
        // Coalesced look-ups belong to no one request; what else has none is done in the background.
        let is_ours = |line: &&str| line.contains("request{") || line.contains("WITH wanted");
        let lines = log[before..].lines().filter(|line| line.contains("sqlx::query"));
        // A connection that is opened now serves whoever comes next.
        let lines = lines.filter(is_ours).filter(|line| !line.contains("SET statement_timeout"));
        let statements =
            lines.filter_map(|line| line.split("summary=\"").nth(1)?.split('"').next());
        (status, statements.map(str::to_owned).collect())
    }
}

#[tokio::test]
async fn hidden_and_missing_run_as_many_statements() {
    let scene = Scene::set().await;
    let mut statements = 0;
    let hidden = scene.questions(HIDDEN).await;
    let missing = scene.questions("alice/nowher").await;
    for ((what, hidden), (_, missing)) in hidden.into_iter().zip(missing) {
        // What is cached of the caller is cached for both.
        scene.work(hidden.clone()).await;
        let (hidden, missing) = (scene.work(hidden).await, scene.work(missing).await);
        // Where there is no repository to hold rights on, the question is whether one may be made.
        let size = |work: &(u16, Vec<String>)| (work.0, work.1.len());
        assert_eq!(size(&hidden), size(&missing), "{what}: {hidden:?}, {missing:?}");
        statements += hidden.1.len();
    }
    assert!(statements > 20, "the log shows {statements} statements: the test has gone blind");
}

/// The lower quartile: what disturbs a request only makes it slower.
fn quartile(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 4]
}

/// Times of requests that take turns, so that a busy machine treats them alike.
async fn race(client: &Client, paths: [String; 2]) -> [Duration; 2] {
    let mut times = [Vec::new(), Vec::new()];
    for round in 0..2 * SAMPLES {
        let which = round % 2;
        let started = Instant::now();
        client.get(&paths[which]).await;
        times[which].push(started.elapsed());
    }
    times.map(quartile)
}

/// One look-up more shows: it costs more than the bound, which `/v2/`, that has none, is there to prove.
#[tokio::test]
async fn hidden_and_missing_take_the_same_time() {
    let scene = Scene::set().await;
    let scopes = ["repository:alice/hidden:pull", "repository:alice/nowher:pull"];
    let client = scene.hub.token(&token(&scene.mallory(), &scopes).await);
    let tags = |name: &str| format!("/v2/{name}/tags/list");
    let mut seen = Vec::new();
    for _ in 0..3 {
        let [hidden, missing] = race(&client, [tags(HIDDEN), tags("alice/nowher")]).await;
        let [none, one] = race(&client, ["/v2/".to_owned(), tags(HIDDEN)]).await;
        let lookup = one.saturating_sub(none);
        seen.push((hidden, missing, lookup));
        if hidden.abs_diff(missing) < lookup / 2 {
            return;
        }
    }
    panic!("three times: hidden, missing, cost of a look-up: {seen:?}");
}
