//! The second factor: sign-in in two steps, passwords that do not work for machines any more, and the
//! ways back for whoever has lost the authenticator.

use roadstead_db::{Db, DbError, accounts, second_factors};
use roadstead_testkit::{Answer, Client, Hub, SecondFactor, User};
use serde_json::{Value, json};

use crate::post_office::PostOffice;

const HOME: &str = "/api/v1/account/two-factor";
const NEEDS_TOKEN: &str = "this account has a second factor, so its password does not sign in here; use an access token in its place";

/// Somebody with a second factor.
struct Careful {
    user: User,
    factor: SecondFactor,
}

impl Careful {
    async fn new(user: User) -> Self {
        let factor = user.turn_on_second_factor().await;
        Self { user, factor }
    }

    async fn log_in(&self, hub: &Hub) -> Answer {
        let body = json!({"username": self.user.name, "password": self.user.password});
        hub.anonymous().post("/v2/users/login?refresh_token=true").json(&body).await
    }

    /// The first step; what the second one needs.
    async fn pending(&self, hub: &Hub) -> String {
        let told = self.log_in(hub).await.is(401).json();
        assert_eq!(told["detail"], "Require secondary authentication on MFA enabled account");
        told["login_2fa_token"].as_str().unwrap().to_owned()
    }
}

async fn give(hub: &Hub, pending: &str, code: &str) -> Answer {
    let body = json!({"login_2fa_token": pending, "code": code});
    hub.anonymous().post("/v2/users/2fa-login?refresh_token=true").json(&body).await
}

async fn is_on(api: &Client) -> Value {
    api.get(HOME).await.is(200).json()["is_on"].clone()
}

#[tokio::test]
async fn the_second_step_signs_in_with_a_code_that_works_once() {
    let (office, hub) = PostOffice::open().await;
    let alice = Careful::new(hub.user("alice").await).await;
    office.letter("alice@example.test", "Two-factor sign-in").await;
    let pending = alice.pending(&hub).await;

    for wrong in [&*alice.factor.used, "12345", "not a code", "2222-2222-2222-2222"] {
        give(&hub, &pending, wrong).await.is(401);
    }
    give(&hub, &pending, "").await.is(400);
    let code = alice.factor.code();
    give(&hub, "rsd_otc_made_up", &code).await.is(401);
    let spaced = format!("{} {}", &code[..3], &code[3..]);
    let inside = give(&hub, &pending, &spaced).await.is(200).json();

    let api = hub.token(inside["token"].as_str().unwrap());
    api.get("/v2/user/").await.is(200).says("alice");
    let fields = [
        ("grant_type", "refresh_token"),
        ("refresh_token", inside["refresh_token"].as_str().unwrap()),
    ];
    hub.anonymous().post("/token").form(&fields).await.is(200);
    // Neither step is good for another time.
    give(&hub, &pending, &alice.factor.recovery_codes[0]).await.is(401);
    let pending = alice.pending(&hub).await;
    give(&hub, &pending, &code).await.is(401).says("Incorrect authentication credentials");
    give(&hub, &pending, &alice.factor.recovery_codes[0]).await.is(200);
}

#[tokio::test]
async fn of_many_who_send_one_code_at_once_one_comes_in() {
    let hub = Hub::start().await;
    let alice = Careful::new(hub.user("alice").await).await;
    let mut pending = Vec::new();
    for _ in 0..6 {
        pending.push(alice.pending(&hub).await);
    }
    let code = alice.factor.code();

    let answers =
        futures_util::future::join_all(pending.iter().map(|step| give(&hub, step, &code))).await;

    let mut statuses: Vec<_> = answers.iter().map(Answer::status).collect();
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401, 401, 401, 401, 401]);
}

#[tokio::test]
async fn the_password_alone_signs_in_nowhere_and_access_tokens_everywhere() {
    let hub = Hub::start().await;
    let user = hub.user("bob").await;
    let old_api = user.signed_in().await;
    let old_login = user.basic().get("/token?offline_token=true").await.is(200).json();
    let body = json!({"token_label": "ci"});
    let made = old_api.post("/v2/access-tokens").json(&body).await.is(201).json();
    let token = made["token"].as_str().unwrap();
    let bob = Careful::new(user).await;

    let basic = bob.user.basic();
    let refused = basic.get("/token?service=hub").await.is(401);
    assert_eq!(refused.json()["details"], NEEDS_TOKEN);
    assert_eq!(refused.json()["errors"][0]["message"], NEEDS_TOKEN);
    basic.get("/v2/").await.is(401).code("UNAUTHORIZED").says(NEEDS_TOKEN);
    basic.get("/v2/user/").await.is(401).says(NEEDS_TOKEN);
    basic.get("/v1/users/").await.is(401);
    let body = json!({"identifier": "bob", "secret": bob.user.password});
    hub.anonymous().post("/v2/auth/token").json(&body).await.is(401).says(NEEDS_TOKEN);
    let wrong = hub.anonymous().with_basic("bob", "wrong password");
    wrong.get("/token").await.is(401).says("incorrect username or password");
    // What was signed in by the password alone is signed out.
    old_api.get("/v2/user/").await.is(401);
    let refresh = old_login["refresh_token"].as_str().unwrap();
    let fields = [("grant_type", "refresh_token"), ("refresh_token", refresh)];
    hub.anonymous().post("/token").form(&fields).await.is(401);

    let machine = hub.anonymous().with_basic("bob", token);
    machine.get("/token").await.is(200);
    machine.get("/v2/").await.is(200);
    machine.get("/v2/user/").await.is(200);
    machine.get(HOME).await.is(403).says("sign in with the password");
    let body = json!({"username": "bob", "password": token});
    hub.anonymous().post("/v2/users/login").json(&body).await.is(200);
}

#[tokio::test]
async fn guessing_codes_is_stopped_and_the_password_gives_no_new_tries() {
    let hub = Hub::start().await;
    let alice = Careful::new(hub.user("alice").await).await;
    let mut pending = alice.pending(&hub).await;
    for guess in 0..10 {
        if guess % 3 == 2 {
            pending = alice.pending(&hub).await;
        }
        give(&hub, &pending, "00000").await.is(401);
    }

    let right = give(&hub, &pending, &alice.factor.code()).await.is(429);

    let seconds: u64 = right.header("retry-after").parse().unwrap();
    assert!((1..=900).contains(&seconds), "{seconds}");
    alice.log_in(&hub).await.is(429);
}

#[tokio::test]
async fn recovery_codes_work_once_each_and_new_ones_void_them() {
    let hub = Hub::start().await;
    let alice = Careful::new(hub.user("alice").await).await;
    assert_eq!(alice.factor.recovery_codes.len(), 10);
    let [first, second] = [0, 1].map(|at| alice.factor.recovery_codes[at].clone());

    let pending = alice.pending(&hub).await;
    give(&hub, &pending, &first.replace('-', "").to_uppercase()).await.is(200);
    let pending = alice.pending(&hub).await;
    give(&hub, &pending, &first).await.is(401);
    assert_eq!(alice.factor.api.get(HOME).await.json()["recovery_codes_left"], 9);

    let path = format!("{HOME}/recovery-codes");
    let ask = async |password: &str, code: &str| {
        alice.factor.api.post(&path).json(&json!({"password": password, "code": code})).await
    };
    ask("wrong password", &second).await.is(403).says("the password is wrong");
    ask(&alice.user.password, &first).await.is(403).says("the code is wrong");
    let renewed = ask(&alice.user.password, &second).await.is(200).json();
    give(&hub, &pending, &alice.factor.recovery_codes[2]).await.is(401);
    give(&hub, &pending, renewed["recovery_codes"][9].as_str().unwrap()).await.is(200);
}

#[tokio::test]
async fn it_is_in_force_once_a_code_has_come_back_and_until_it_is_taken_off() {
    let (office, hub) = PostOffice::open().await;
    let user = hub.user("alice").await;
    let api = user.signed_in().await;
    let confirm = format!("{HOME}/confirm");
    let password = json!({"password": user.password});
    api.post(&confirm).json(&json!({"code": "123456"})).await.is(409).says("begin");
    api.post(HOME).json(&json!({"password": "wrong"})).await.is(403);
    let begun = api.post(HOME).json(&password).await.is(200).json();
    let uri = begun["uri"].as_str().unwrap();
    assert!(uri.starts_with("otpauth://totp/127.0.0.1:alice?secret="), "{uri}");
    api.post(&confirm).json(&json!({"code": "000000"})).await.is(403).says("the code is wrong");
    assert_eq!(is_on(&api).await, false);
    user.basic().get("/v2/").await.is(200);
    drop(api);

    let alice = Careful::new(user.clone()).await;
    assert_eq!(is_on(&alice.factor.api).await, true);
    alice.factor.api.post(HOME).json(&password).await.is(409).says("take it off");
    let off = json!({"password": user.password, "code": alice.factor.code()});
    alice.factor.api.delete(HOME).json(&json!({"password": user.password})).await.is(400);
    alice.factor.api.delete(HOME).json(&off).await.is(204);

    assert_eq!(is_on(&alice.factor.api).await, false);
    alice.factor.api.delete(HOME).json(&off).await.is(409);
    user.basic().get("/v2/").await.is(200);
    office.letter("alice@example.test", "is off").await;
    let log = hub.admin("audit --format json").run().await.succeeds().stdout;
    for action in ["account.two-factor.on", "account.two-factor.off"] {
        assert!(log.contains(action), "{log}");
    }
}

#[tokio::test]
async fn the_operator_takes_it_off_for_whoever_has_lost_everything() {
    let (office, hub) = PostOffice::open().await;
    let alice = Careful::new(hub.user("alice").await).await;
    let remove = || hub.admin("user remove-two-factor alice").run();

    remove().await.succeeds().says("alice was freed of its second factor");

    alice.log_in(&hub).await.is(200);
    assert_eq!(is_on(&alice.factor.api).await, false);
    office.letter("alice@example.test", "is off").await;
    remove().await.exits(1).says("`alice` has no second factor");
}

#[tokio::test]
async fn a_new_password_by_mail_leaves_it_in_force_and_a_half_done_sign_in_ends() {
    let hub = Hub::start().await;
    let alice = Careful::new(hub.user("alice").await).await;
    let pending = alice.pending(&hub).await;
    let reset = hub.admin("user reset-password alice --password-stdin");
    reset.input("a brand new one".to_owned()).run().await.succeeds();

    give(&hub, &pending, &alice.factor.code()).await.is(401);
    let body = json!({"username": "alice", "password": "a brand new one"});
    let told = hub.anonymous().post("/v2/users/login").json(&body).await.is(401).json();
    assert!(told["login_2fa_token"].is_string(), "{told}");
}

#[tokio::test]
async fn the_database_alone_does_not_tell_the_secret() {
    let hub = Hub::start().await;
    let alice = Careful::new(hub.user("alice").await).await;

    let db = Db::open(&hub.database_url()).await.unwrap();
    let row = db.read(async |tx| {
        let account = accounts::find_by_name(tx, &"alice".parse().unwrap()).await?;
        second_factors::find(tx, account.unwrap().id).await
    });
    let row = row.await.unwrap_or_else(|error: DbError| panic!("{error}"));
    db.close().await;

    let (plain, sealed) = (alice.factor.secret(), row.unwrap().secret);
    assert!(plain.len() == 20 && !sealed.windows(20).any(|part| part == plain));
    assert!(hub.data_dir().join("keys/secret.key").exists());
}
