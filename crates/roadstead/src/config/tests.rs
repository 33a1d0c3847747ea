//! The configuration as an operator meets it.

use std::collections::BTreeMap;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;

use roadstead_hub::settings::SignUp;

use super::*;

fn load(
    options: &[(&'static str, &str)],
    environment: &[(&str, &str)],
) -> Result<Config, Vec<String>> {
    load_file(options, environment, "")
}

fn load_file(
    options: &[(&'static str, &str)],
    environment: &[(&str, &str)],
    text: &str,
) -> Result<Config, Vec<String>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    let options = options.iter().map(|(name, value)| (*name, vec![(*value).to_owned()])).collect();
    let environment: BTreeMap<String, String> =
        environment.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    let path = file.path().display().to_string();
    Config::from_sources(options, &environment, Some(file.path().to_owned())).map_err(|error| {
        error.0.iter().map(|problem| problem.to_string().replace(&path, "roadstead.toml")).collect()
    })
}

#[test]
fn without_settings_everything_lies_in_the_data_folder_on_loopback() {
    let config = load(&[], &[]).unwrap();

    assert_eq!(config.data.database.expose(), "sqlite:data/roadstead.db");
    assert!(
        matches!(&config.data.storage, StorageConfig::Folder(path) if path == Path::new("data/blobs"))
    );
    assert_eq!(config.server.listen.to_string(), "127.0.0.1:5000");
    assert!(matches!(config.server.metrics, MetricsConfig::Off));
}

#[test]
fn sign_up_is_open_only_where_nobody_else_can_come() {
    let sign_up =
        |options: &[(&'static str, &str)]| load(options, &[]).unwrap().server.settings.sign_up;

    assert_eq!(sign_up(&[]), SignUp::Open);
    assert_eq!(sign_up(&[("public-url", "http://localhost:5000")]), SignUp::Open);
    assert_eq!(sign_up(&[("listen", "0.0.0.0:5000")]), SignUp::Closed);
    assert_eq!(sign_up(&[("public-url", "https://hub.example")]), SignUp::Closed);
    assert_eq!(sign_up(&[("trusted-proxy", "127.0.0.1")]), SignUp::Closed);
    assert_eq!(sign_up(&[("listen", ":5000"), ("sign-up", "invite")]), SignUp::Invite);
}

#[test]
fn all_problems_are_reported_at_once_with_their_places() {
    let problems = load_file(
        &[("listen", "nowhere")],
        &[("ROADSTEAD_CHALLENGE", "digest")],
        "lissten = 'x'\nupload-ttl = 'soon'\nredirect-downloads = '10m'\n[max]\nmanifest-size = '1 GiB'\n[tls]\ncert = 'c.pem'",
    )
    .unwrap_err();

    for start in [
        "roadstead.toml: `lissten`: is not a setting; did you mean `listen`?",
        "--listen: `nowhere`:",
        "ROADSTEAD_CHALLENGE: `digest`: write one of bearer, basic",
        "roadstead.toml: `upload-ttl`: `soon`:",
        "roadstead.toml: `redirect-downloads`: needs an S3 store",
        "roadstead.toml: `max.manifest-size`: `1 GiB`: must be between",
        "roadstead.toml: `tls.cert`: needs tls-key too",
    ] {
        assert!(
            problems.iter().any(|problem| problem.starts_with(start)),
            "{start}\n{problems:#?}"
        );
    }
    assert_eq!(problems.len(), 7, "{problems:#?}");
}

#[test]
fn a_store_is_described_by_its_url_or_by_settings() {
    let keys = [("ROADSTEAD_S3_ACCESS_KEY_ID", "id"), ("ROADSTEAD_S3_SECRET_ACCESS_KEY", "hush")];
    let by_url = "s3://images/hub/?endpoint=http://127.0.0.1:9000&path-style=true";
    let by_settings = [
        ("storage", "s3://images/hub"),
        ("s3-endpoint", "http://127.0.0.1:9000"),
        ("s3-path-style", "on"),
    ];

    for options in [&[("storage", by_url)][..], &by_settings[..]] {
        let config = load(options, &keys).unwrap();
        let StorageConfig::S3(s3) = &config.data.storage else { panic!("not S3") };
        assert_eq!((s3.bucket.as_str(), s3.prefix.as_str()), ("images", "hub"));
        assert_eq!(s3.endpoint.as_deref(), Some("http://127.0.0.1:9000"));
        assert!(s3.path_style && s3.allow_http);
        assert!(!format!("{config:?}").contains("hush"));
    }
    let elsewhere = [("storage", "s3://images"), ("s3-endpoint", "http://s3.example")];
    assert!(load(&elsewhere, &keys).unwrap_err()[0].contains("in the clear"));
    let half = load(&[("storage", "s3://images")], &keys[..1]).unwrap_err();
    assert!(half[0].starts_with("ROADSTEAD_S3_ACCESS_KEY_ID: needs"), "{half:?}");
}

#[test]
fn a_secret_file_that_everybody_can_read_is_refused() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "p@ss/word\n").unwrap();
    let path = file.path().display().to_string();
    let options =
        [("database", "postgres://hub:old@db/hub"), ("database-password-file", path.as_str())];

    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o644)).unwrap();
    let refused = load(&options, &[]).unwrap_err();
    std::fs::set_permissions(file.path(), std::fs::Permissions::from_mode(0o600)).unwrap();
    let taken = load(&options, &[]).unwrap();

    assert!(refused[0].contains("chmod 600"), "{refused:?}");
    let url = taken.data.database.expose();
    assert_eq!(url, "postgres://hub:%70%40%73%73%2F%77%6F%72%64@db/hub");
}

#[test]
fn the_mail_server_is_told_by_option_variable_or_file_and_its_password_by_nobody() {
    let url = "smtps://hub:hush@mail.example";
    for config in [
        load(&[("smtp-url", url)], &[]),
        load(&[], &[("ROADSTEAD_SMTP_URL", url)]),
        load_file(&[], &[], &format!("[smtp]\nurl = '{url}'\n[mail]\nfrom = 'hub@mail.example'")),
    ] {
        let config = config.unwrap();
        let server = config.server.mail.server.as_ref().unwrap();
        assert_eq!(server.to_string(), "smtps://mail.example:465");
        assert_eq!(server.password.as_ref().unwrap().expose(), "hush");
        assert!(!format!("{config:?}").contains("hush"));
    }
    let problems = load(
        &[("listen", "0.0.0.0:5000"), ("smtp-url", "smtp://u:hush@h?tls=off"), ("mail-from", "me")],
        &[("ROADSTEAD_SMTP_PASSWORD_FILE", "/nowhere")],
    );
    let problems = problems.unwrap_err().join("\n");
    assert!(problems.contains("--smtp-url: a user and password would cross"), "{problems}");
    assert!(problems.contains("--mail-from: `me`: write"), "{problems}");
    assert!(!problems.contains("hush"), "{problems}");
}
