//! Tokens that were not made here, or were made for something else: all 401, none looked into.

use std::path::PathBuf;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1_SIGNING, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, KeyPair,
};
use aws_lc_rs::{digest, hmac};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use roadstead_testkit::Hub;
use serde_json::{Value, json};

use crate::stage::{HIDDEN, Stage, token};

fn b64(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// The hub's own signing key, as its operator could read it.
fn hub_key(hub: &Hub) -> Vec<u8> {
    let keys = std::fs::read_dir(hub.data_dir().join("keys")).into_iter().flatten().flatten();
    let given = hub.data_dir().with_file_name("token-key.pem");
    let is_pem = |path: &PathBuf| path.extension().is_some_and(|kind| kind == "pem");
    let file = keys.map(|entry| entry.path()).find(is_pem).unwrap_or(given);
    let text = std::fs::read_to_string(file).unwrap();
    let body: String = text.lines().filter(|line| !line.starts_with("-----")).collect();
    STANDARD.decode(body).unwrap()
}

fn pair(der: &[u8], algorithm: &'static EcdsaSigningAlgorithm) -> EcdsaKeyPair {
    EcdsaKeyPair::from_pkcs8(algorithm, der).unwrap()
}

fn signed(pair: &EcdsaKeyPair, header: &str, payload: &Value) -> String {
    let message = format!("{}.{}", b64(header), b64(payload.to_string()));
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", b64(signature))
}

fn with(payload: &Value, field: &str, value: Value) -> Value {
    let mut changed = payload.clone();
    changed[field] = value;
    changed
}

fn without(payload: &Value, field: &str) -> Value {
    let mut changed = payload.clone();
    changed.as_object_mut().unwrap().remove(field).expect("the member is there");
    changed
}

fn now() -> i64 {
    let since = std::time::UNIX_EPOCH.elapsed().unwrap();
    i64::try_from(since.as_secs()).unwrap()
}

struct Genuine {
    token: String,
    header: Value,
    payload: Value,
    der: Vec<u8>,
}

impl Genuine {
    async fn of(stage: &Stage) -> Self {
        let scope = format!("repository:{HIDDEN}:pull");
        let token = token(&stage.caller("owner").basic(), &[&scope]).await;
        let part = |number: usize| -> Value {
            let text = URL_SAFE_NO_PAD.decode(token.split('.').nth(number).unwrap()).unwrap();
            serde_json::from_slice(&text).unwrap()
        };
        let (header, payload) = (part(0), part(1));
        Self { token, header, payload, der: hub_key(&stage.hub) }
    }

    fn kid(&self) -> &str {
        self.header["kid"].as_str().unwrap()
    }

    fn resigned(&self, header: &str, payload: &Value) -> String {
        signed(&pair(&self.der, &ECDSA_P256_SHA256_FIXED_SIGNING), header, payload)
    }
}

/// Signed with the right key, and still not to be taken.
fn misused(genuine: &Genuine) -> Vec<(&'static str, String)> {
    let header = genuine.header.to_string();
    let payload = &genuine.payload;
    let claims = [
        ("expired", with(payload, "exp", json!(now() - 3600))),
        ("just expired", with(payload, "exp", json!(now() - 32))),
        ("not valid yet", with(payload, "nbf", json!(now() + 3600))),
        ("issued in the future", with(payload, "iat", json!(now() + 3600))),
        ("of another issuer", with(payload, "iss", json!("elsewhere"))),
        ("for another service", with(payload, "aud", json!("elsewhere"))),
        ("for the API", with(payload, "aud", json!("roadstead/api"))),
        ("for several services", with(payload, "aud", json!(["roadstead", "elsewhere"]))),
        ("without an issue time", without(payload, "iat")),
        ("without an end", without(payload, "exp")),
        ("without an id", without(payload, "jti")),
        ("without access", without(payload, "access")),
        ("with an end beyond all numbers", with(payload, "exp", json!(1e300))),
    ];
    let mut tokens: Vec<_> = claims
        .into_iter()
        .map(|(what, payload)| (what, genuine.resigned(&header, &payload)))
        .collect();
    let kid = genuine.kid();
    let headers = [
        (
            "critical extension",
            format!(r#"{{"alg":"ES256","kid":"{kid}","crit":["b64"],"b64":false}}"#),
        ),
        ("key in the header", format!(r#"{{"alg":"ES256","kid":"{kid}","jwk":{{}}}}"#)),
        (
            "key by reference",
            format!(r#"{{"alg":"ES256","kid":"{kid}","jku":"http://127.0.0.1:1/keys"}}"#),
        ),
        ("certificate", format!(r#"{{"alg":"ES256","kid":"{kid}","x5c":["MIIB"]}}"#)),
        ("two algorithms", format!(r#"{{"alg":"ES256","alg":"none","kid":"{kid}"}}"#)),
        ("another algorithm", format!(r#"{{"alg":"ES384","kid":"{kid}"}}"#)),
        ("no key name", r#"{"alg":"ES256"}"#.to_owned()),
        ("another type", format!(r#"{{"alg":"ES256","kid":"{kid}","typ":"logout+jwt"}}"#)),
    ];
    tokens.extend(headers.iter().map(|(what, header)| (*what, genuine.resigned(header, payload))));
    tokens
}

/// Made without the right key.
fn forged(genuine: &Genuine) -> Vec<(&'static str, String)> {
    let (kid, payload) = (genuine.kid(), &genuine.payload);
    let unsigned = |header: &str| format!("{}.{}", b64(header), b64(payload.to_string()));
    let none = unsigned(&format!(r#"{{"alg":"none","kid":"{kid}"}}"#));
    let mine = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
    let point = mine.public_key().as_ref().to_vec();
    let my_kid = b64(&digest::digest(&digest::SHA256, &point).as_ref()[..12]);
    let jwk = format!(
        r#"{{"kty":"EC","crv":"P-256","x":"{}","y":"{}"}}"#,
        b64(&point[1..33]),
        b64(&point[33..65])
    );
    let hs256 = unsigned(&format!(r#"{{"alg":"HS256","kid":"{kid}"}}"#));
    let theirs = pair(&genuine.der, &ECDSA_P256_SHA256_FIXED_SIGNING);
    let mac = |secret: &[u8]| {
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret);
        format!("{hs256}.{}", b64(hmac::sign(&key, hs256.as_bytes())))
    };
    let public = theirs.public_key().as_ref();
    let parts: Vec<_> = genuine.token.split('.').collect();
    let wider = payload.to_string().replace("\"pull\"", "\"push\"");
    let header = genuine.header.to_string();
    let der = pair(&genuine.der, &ECDSA_P256_SHA256_ASN1_SIGNING);
    vec![
        ("no algorithm", format!("{none}.")),
        ("no algorithm, old signature", format!("{none}.{}", parts[2])),
        ("public key as secret", mac(public)),
        ("public key as text as secret", mac(STANDARD.encode(public).as_bytes())),
        ("empty secret", mac(b"")),
        ("my key, their name", signed(&mine, &header, payload)),
        (
            "my key embedded",
            signed(&mine, &format!(r#"{{"alg":"ES256","kid":"{kid}","jwk":{jwk}}}"#), payload),
        ),
        (
            "my key, my name",
            signed(&mine, &format!(r#"{{"alg":"ES256","kid":"{my_kid}"}}"#), payload),
        ),
        ("name of a file", signed(&mine, r#"{"alg":"ES256","kid":"../../../dev/null"}"#, payload)),
        ("other claims", format!("{}.{}.{}", parts[0], b64(wider), parts[2])),
        ("no signature", format!("{}.{}.", parts[0], parts[1])),
        ("half a signature", format!("{}.{}.{}", parts[0], parts[1], &parts[2][..43])),
        ("a signature of zeros", format!("{}.{}.{}", parts[0], parts[1], b64([0; 64]))),
        ("a signature in DER", signed(&der, &header, payload)),
        ("four parts", format!("{}.x", genuine.token)),
        ("two parts", format!("{}.{}", parts[0], parts[1])),
        ("padded", format!("{}=", genuine.token)),
        ("dots", ".".repeat(8000)),
        ("nothing", String::new()),
    ]
}

#[tokio::test]
async fn a_token_counts_only_if_it_was_made_here_for_the_registry_and_lives() {
    let stage = Stage::set().await;
    let genuine = Genuine::of(&stage).await;
    let path = format!("/v2/{HIDDEN}/manifests/1");
    let api = stage.alice.signed_in().await;
    let login = json!({"username": "alice", "password": stage.alice.password});
    let session = api.post("/v2/users/login").json(&login).await.is(200).json();
    let pat = stage.caller("write").credentials.clone().unwrap().1;
    let offline = stage.alice.basic().get("/token?offline_token=true").await.is(200).json();
    let text = |value: &Value| value.as_str().expect("a token").to_owned();
    let borrowed = [
        ("a token of the API", text(&session["token"])),
        ("an access token", pat),
        ("a refresh token", text(&offline["refresh_token"])),
        ("a password", stage.alice.password.clone()),
    ];

    let resigned = genuine.resigned(&genuine.header.to_string(), &genuine.payload);
    for taken in [&genuine.token, &resigned] {
        stage.hub.token(taken).get(&path).await.is(200);
    }
    for (what, token) in misused(&genuine).into_iter().chain(forged(&genuine)).chain(borrowed) {
        for path in [path.as_str(), "/v2/"] {
            let answer = stage.hub.token(&token).get(path).await;
            assert_eq!(answer.status(), 401, "{what}: {}", answer.story());
            answer.code("UNAUTHORIZED");
        }
    }
    // What was taken once is still taken, and nothing is remembered of the others.
    stage.hub.token(&genuine.token).get(&path).await.is(200);
}

/// Splitting a header into its parts must not cost more than the header (CVE-2025-30204).
#[tokio::test]
async fn a_megabyte_of_dots_costs_nothing() {
    let hub = Hub::start().await;
    for (dots, statuses) in
        [(8 << 10, ["401", "401"]), (60 << 10, ["401", "431"]), (1 << 20, ["400", "431"])]
    {
        let mut connection = hub.raw().await;
        let started = std::time::Instant::now();
        let head =
            format!("GET /v2/ HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer ", hub.address());
        connection.send(head).await;
        connection.send(".".repeat(dots)).await;
        connection.send("\r\n\r\n").await;
        let answer = connection.read_head(10).await;
        let status = answer.get(9..12).unwrap_or_default();
        assert!(statuses.contains(&status), "{dots}: {answer}");
        assert!(started.elapsed().as_secs() < 2, "{:?}", started.elapsed());
    }
    hub.anonymous().get("/v2/").await.is(401);
}

#[tokio::test]
async fn a_registry_token_is_no_credential_for_anything_else() {
    let stage = Stage::set().await;
    let scope = format!("repository:{HIDDEN}:pull,push,delete");
    let token = token(&stage.caller("owner").basic(), &[&scope]).await;
    let bearer = stage.hub.token(&token);

    bearer.get(&format!("/token?scope={scope}")).await.is(401);
    bearer.post("/token").form(&[("scope", &*scope)]).await.is(401);
    bearer.get("/v2/access-tokens").await.is(401);
    bearer.delete(&format!("/v2/repositories/{HIDDEN}/")).await.is(401);
    bearer.get(&format!("/v2/repositories/{HIDDEN}/")).await.is(401);
    let as_password = stage.hub.anonymous().with_basic("alice", &token);
    as_password.get("/v2/").await.is(401);
    bearer.get(&format!("/v2/{HIDDEN}/manifests/1")).await.is(200);
}
