//! Two hubs that differ in one private repository answer outsiders alike, on every route, whatever
//! they ask about: names, lists, counts, searches.

use regex::Regex;
use roadstead_testkit::Answer;

use crate::recipes::request;
use crate::stage::{Caller, HIDDEN, PUBLIC, Stage};

const OUTSIDERS: [&str; 2] = ["nobody", "stranger"];

/// What is made anew in each world: times, ids, tokens.
const MADE_ANEW: [(&str, &str); 6] = [
    (r"<time [^>]*>[^<]*</time>", "TIME"),
    (r"\d{4}-\d\d-\d\dT[0-9:.]+Z", "TIME"),
    (r"eyJ[\w-]+\.[\w-]+\.[\w-]+", "TOKEN"),
    (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "ID"),
    (r"\brsd_\w+", "SECRET"),
    (r"\b[0-9a-f]{32}\b|\b\d{10,19}\b|127\.0\.0\.1:\d+", "ID"),
];

#[tokio::test]
async fn an_outsider_cannot_tell_whether_a_private_repository_exists() {
    let (with, without) = tokio::join!(Stage::set(), Stage::set_without_hidden());
    let anew = MADE_ANEW.map(|(pattern, word)| (Regex::new(pattern).unwrap(), word));
    let mut compared = 0;
    let mut entries = roadstead::routes::all().entries().to_vec();
    // Pulls are counted, and each world writes them down in its own time: nothing is asked after them.
    entries.sort_by_key(|entry| entry.pattern.contains("/manifests/"));
    for entry in &entries {
        for name in [HIDDEN, PUBLIC] {
            for outsider in OUTSIDERS {
                let ask = async |stage: &Stage| {
                    let caller: &Caller = stage.caller(outsider);
                    let is_made = name == PUBLIC;
                    request(stage, entry, &caller.basic(), name, is_made).await.await
                };
                let (one, other) = (ask(&with).await, ask(&without).await);
                let story = format!("as {outsider}: {}\n{}", one.story(), other.story());
                assert_eq!(face(&one, &anew), face(&other, &anew), "{story}");
                compared += 1;
            }
        }
    }
    assert!(compared > 200, "the walk over the routes has gone blind: {compared}");
}

fn face(answer: &Answer, anew: &[(Regex, &str)]) -> String {
    let face = answer.face(&[]);
    anew.iter().fold(face, |face, (pattern, word)| pattern.replace_all(&face, *word).into_owned())
}
