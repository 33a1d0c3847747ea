//! A hub whose rows were made up (`cargo xtask seed`), as the measurements use it.

use roadstead_seed::{PASSWORD, Sizes, fill, sample};
use roadstead_testkit::{Backend, Hub, eventually};

const SIZES: Sizes = Sizes { accounts: 200, repositories: 2_000, tags: 20_000 };

#[tokio::test]
async fn a_made_up_hub_is_searched_shown_and_kept_private_like_any_other() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("roadstead.db").display());
    fill(&url, SIZES).await.unwrap();
    let known = sample(&url).await.unwrap();
    let hub = Hub::with().backend(Backend::Embedded).data_dir(folder.path()).start().await;
    let nobody = hub.anonymous();

    let found = eventually("the index is there", 60, async || {
        let answer = nobody.get("/api/v1/search?q=nginx").await;
        (answer.status() == 200).then_some(answer)
    })
    .await;
    assert!(found.json()["count"].as_u64().unwrap() > 20);

    let path = &known.public[0];
    let page = nobody.get(&format!("/v2/repositories/{path}/")).await.is(200).json();
    assert_eq!(format!("{}/{}", text(&page["namespace"]), text(&page["name"])), *path);
    let tags = nobody.get(&format!("/v2/repositories/{path}/tags/")).await.is(200).json();
    assert!(tags["count"].as_u64().unwrap() > 0);

    let hidden = format!("/v2/repositories/{}/", known.granted[0]);
    nobody.get(&hidden).await.is(404);
    let body = serde_json::json!({"username": known.member, "password": PASSWORD});
    let answer = nobody.post("/v2/users/login").json(&body).await.is(200).json();
    let member = hub.token(text(&answer["token"]));
    assert_eq!(member.get(&hidden).await.is(200).json()["is_private"], true);
}

fn text(value: &serde_json::Value) -> &str {
    value.as_str().unwrap()
}
