//! Tokens that must not be taken, and that the right ones are what other programs expect.

use std::time::Instant;

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::KeyPair;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use roadstead_types::ids::Id;
use serde_json::{Value, json};

use super::*;

const NOW: Timestamp = Timestamp::from_unix_us(1_780_000_000_000_000);

fn tokens() -> Tokens {
    Tokens::new(Keys::generate().unwrap(), &Settings::default())
}

fn claims() -> Claims {
    Claims {
        account: Some(AccountId::from_raw(7)),
        subject: "alice".to_owned(),
        scope: CredentialScope::Write,
        access_token: Some(AccessTokenId::from_raw(9)),
        issued_at: NOW,
        expires_at: NOW.plus(Duration::from_secs(300)),
        grants: vec![
            Grant {
                name: "h.io:5000/alice/app".to_owned(),
                path: Some("alice/app".parse().unwrap()),
                requested: Actions::REGISTRY,
                granted: Actions::PULL.union(Actions::PUSH),
                basis: Basis::Repository { id: RepositoryId::from_raw(11), generation: 3 },
            },
            Grant {
                name: "alice/new".to_owned(),
                path: Some("alice/new".parse().unwrap()),
                requested: Actions::PUSH,
                granted: Actions::PUSH,
                basis: Basis::Namespace(AccountId::from_raw(7)),
            },
            Grant {
                name: "bob/secret".to_owned(),
                path: Some("bob/secret".parse().unwrap()),
                requested: Actions::PULL,
                granted: Actions::NONE,
                basis: Basis::Nothing,
            },
        ],
    }
}

fn token(tokens: &Tokens) -> String {
    tokens.issue(&claims(), true).unwrap().token.expose().clone()
}

fn part(token: &str, index: usize) -> Value {
    let part = token.split('.').nth(index).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A token of any header and payload, signed by `keys`.
fn signed(keys: &Keys, header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let pair = keys.signing().pair();
    let signature = pair.sign(&SystemRandom::new(), message.as_bytes()).unwrap();
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature.as_ref()))
}

fn hs256(secret: &[u8], header: &str, payload: &str) -> String {
    let message = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(payload));
    let key = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, secret);
    let tag = aws_lc_rs::hmac::sign(&key, message.as_bytes());
    format!("{message}.{}", URL_SAFE_NO_PAD.encode(tag.as_ref()))
}

/// The payload with one member set, or taken away by `null`.
fn changed(payload: &Value, member: &str, value: Value) -> String {
    let mut payload = payload.clone();
    match value {
        Value::Null => drop(payload.as_object_mut().unwrap().remove(member)),
        value => payload[member] = value,
    }
    payload.to_string()
}

#[test]
fn a_token_says_what_it_was_made_to_say() {
    let tokens = tokens();

    let read = tokens.verify(&token(&tokens), NOW).unwrap();

    assert_eq!(*read, claims());
}

#[test]
fn another_library_reads_our_tokens() {
    let tokens = tokens();
    let point = tokens.keys().signing().pair().public_key().as_ref().to_vec();
    let key = jsonwebtoken::DecodingKey::from_ec_der(&point);
    let mut rules = jsonwebtoken::Validation::new(jsonwebtoken::Algorithm::ES256);
    rules.set_audience(&["roadstead"]);
    rules.set_issuer(&["roadstead"]);
    rules.validate_exp = false;

    let read = jsonwebtoken::decode::<Value>(token(&tokens), &key, &rules).unwrap();

    assert_eq!(read.claims["sub"], "alice");
    assert_eq!(read.claims["access"][0]["type"], "repository");
    assert_eq!(read.claims["access"][0]["name"], "h.io:5000/alice/app");
    assert_eq!(read.claims["access"][0]["actions"], json!(["pull", "push"]));
    assert_eq!(read.claims["access"][3]["type"], "registry");
    assert_eq!(read.header.kid.as_deref(), Some(tokens.keys().signing().id()));
}

/// Each a name and a token made of a right one.
fn forgeries(tokens: &Tokens) -> Vec<(&'static str, String)> {
    let keys = tokens.keys();
    let kid = keys.signing().id().to_owned();
    let right = token(tokens);
    let payload = part(&right, 1);
    let body = payload.to_string();
    let parts: Vec<&str> = right.split('.').collect();
    let (head, load, sign) = (parts[0], parts[1], parts[2]);
    let other = Keys::generate().unwrap();
    let header = |more: &str| format!(r#"{{"alg":"ES256","typ":"JWT","kid":"{kid}"{more}}}"#);
    let own = |more: &str| signed(&other, &header(more), &body);
    let ours = |header: &str, payload: &str| signed(&keys, header, payload);
    let with = |member: &str, value: Value| ours(&header(""), &changed(&payload, member, value));
    let alg = |alg: &str| format!(r#"{{"alg":"{alg}","typ":"JWT","kid":"{kid}"}}"#);
    let point = keys.signing().pair().public_key().as_ref().to_vec();
    let flipped = {
        let mut bytes = URL_SAFE_NO_PAD.decode(sign).unwrap();
        bytes[40] ^= 1;
        format!("{head}.{load}.{}", URL_SAFE_NO_PAD.encode(bytes))
    };
    let secs = NOW.unix_secs();
    vec![
        ("nothing", String::new()),
        ("no dots", "token".to_owned()),
        ("dots alone", "..".to_owned()),
        ("two parts", format!("{head}.{load}")),
        ("four parts", format!("{right}.{sign}")),
        ("no signature", format!("{head}.{load}.")),
        ("a short signature", format!("{head}.{load}.{}", &sign[..60])),
        ("another signature", flipped),
        ("a signature of zeros", format!("{head}.{load}.{}", URL_SAFE_NO_PAD.encode([0; 64]))),
        ("padding", format!("{right}==")),
        ("white space", format!("{right} ")),
        ("alg none", format!("{}.{load}.", URL_SAFE_NO_PAD.encode(alg("none")))),
        ("alg none, our signature", ours(&alg("none"), &body)),
        ("HS256 with the public key", hs256(&point, &alg("HS256"), &body)),
        ("HS256 said to be ES256", hs256(&point, &header(""), &body)),
        ("ES384 with our key", ours(&alg("ES384"), &body)),
        ("RS256 with our key", ours(&alg("RS256"), &body)),
        ("another key under our name", own("")),
        ("its own key embedded", own(r#","jwk":{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#)),
        ("our signature, a key embedded", ours(&header(r#","jwk":{"kty":"EC"}"#), &body)),
        ("a URL of keys", ours(&header(r#","jku":"http://127.0.0.1:1/keys""#), &body)),
        ("a certificate URL", ours(&header(r#","x5u":"http://127.0.0.1:1/c""#), &body)),
        ("a certificate chain", ours(&header(r#","x5c":["MIIB"]"#), &body)),
        ("a critical extension", ours(&header(r#","crit":["b64"],"b64":false"#), &body)),
        ("a second alg", ours(&header(r#","alg":"ES256""#), &body)),
        ("a second kid", ours(&header(&format!(r#","kid":"{kid}""#)), &body)),
        ("no kid", ours(r#"{"alg":"ES256","typ":"JWT"}"#, &body)),
        ("an unknown kid", ours(r#"{"alg":"ES256","typ":"JWT","kid":"x"}"#, &body)),
        ("another typ", ours(&header("").replace("JWT", "JOSE"), &body)),
        ("a header that is a list", ours("[]", &body)),
        ("a payload that is no JSON", ours(&header(""), "claims")),
        ("expired", with("exp", json!(secs - 31))),
        ("not valid yet", with("nbf", json!(secs + 61))),
        ("made in the future", with("iat", json!(secs + 61))),
        ("no iat", with("iat", Value::Null)),
        ("no nbf", with("nbf", Value::Null)),
        ("no exp", with("exp", Value::Null)),
        ("no jti", with("jti", Value::Null)),
        ("an empty jti", with("jti", json!(""))),
        ("an exp that is text", with("exp", json!("4000000000"))),
        ("an exp beyond time", with("exp", json!(i64::MAX))),
        ("no audience", with("aud", Value::Null)),
        ("another audience", with("aud", json!("other"))),
        ("a list of audiences", with("aud", json!(["roadstead", "other"]))),
        ("the API's audience", with("aud", json!("roadstead/api"))),
        ("another issuer", with("iss", json!("staging"))),
        ("a scope nobody has", with("cred", json!({"scope": "repo:root"}))),
        ("too long", format!("{head}.{}.{sign}", "A".repeat(MAX_TOKEN_BYTES))),
    ]
}

#[test]
fn forged_tokens_are_refused() {
    let tokens = tokens();

    for (name, forged) in forgeries(&tokens) {
        assert!(tokens.verify(&forged, NOW).is_err(), "{name}: {forged}");
        // And again, in case the first refusal was remembered as something else.
        assert!(tokens.verify(&forged, NOW).is_err(), "{name}, the second time");
    }
    assert!(tokens.verify(&token(&tokens), NOW).is_ok());
}

#[test]
fn a_megabyte_of_dots_costs_nothing() {
    let tokens = tokens();
    let dots = ".".repeat(1 << 20);

    let started = Instant::now();
    let refused = tokens.verify(&dots, NOW);

    assert_eq!(refused.unwrap_err(), TokenError::TooLong);
    assert!(started.elapsed() < Duration::from_millis(1), "{:?}", started.elapsed());
}

#[test]
fn a_token_ends_also_where_it_is_remembered() {
    let tokens = tokens();
    let token = token(&tokens);
    let after = |secs| NOW.plus(Duration::from_secs(secs));

    assert!(tokens.verify(&token, NOW).is_ok());
    assert!(tokens.verify(&token, after(329)).is_ok());
    assert_eq!(tokens.verify(&token, after(330)).unwrap_err(), TokenError::Expired);
}

#[test]
fn a_key_taken_out_of_use_takes_its_tokens_along() {
    let tokens = tokens();
    let token = token(&tokens);
    assert!(tokens.verify(&token, NOW).is_ok());

    tokens.replace_keys(Keys::generate().unwrap());

    assert_eq!(tokens.verify(&token, NOW).unwrap_err(), TokenError::UnknownKey);
}

#[test]
fn a_grant_without_ground_grants_nothing() {
    let tokens = tokens();
    let keys = tokens.keys();
    let right = token(&tokens);
    let mut payload = part(&right, 1);
    for member in ["repo", "gen", "ns"] {
        payload["access"][0].as_object_mut().unwrap().remove(member);
    }
    let header = part(&right, 0).to_string();

    let read = tokens.verify(&signed(&keys, &header, &payload.to_string()), NOW).unwrap();

    assert_eq!(read.grants[0].granted, Actions::NONE);
    assert_eq!(read.grants[1].granted, Actions::PUSH);
}

#[test]
fn the_largest_token_made_here_is_taken_here() {
    let tokens = tokens();
    let mut claims = claims();
    let name = format!("alice/{}", "n".repeat(255));
    let most = super::issue::MAX_GRANT_BYTES / (name.len() + super::issue::GRANT_OVERHEAD);
    let grant = Grant {
        name,
        path: None,
        requested: Actions::REGISTRY,
        granted: Actions::REGISTRY,
        basis: Basis::Repository { id: RepositoryId::from_raw(i64::MAX), generation: i64::MAX },
    };
    claims.grants = vec![grant; most];

    let token = tokens.issue(&claims, true).unwrap().token;

    assert!(token.expose().len() <= MAX_TOKEN_BYTES, "{}", token.expose().len());
    assert_eq!(tokens.verify(token.expose(), NOW).unwrap().grants.len(), most);
}
