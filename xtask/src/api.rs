//! Roadstead's own API against its own document: schemathesis reads `/api/openapi.json` of a running
//! hub and asks what it allows, and much that it does not. No answer may be a 5xx, or other than the document says.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::hub::{self, Hub, PASSWORD, Place, USER};
use crate::run::{found, quietly, root, target, visibly};
use crate::tally::Tally;

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
                      response_schema_conformance";

/// `cargo xtask api`.
pub fn run() -> Result<Tally> {
    let mut tally = Tally::default();
    let program = match install() {
        Ok(program) => program,
        Err(error) => {
            tally.could_not_run(format!(
                "the API by its document, without {SCHEMATHESIS}: {error:#}"
            ));
            return Ok(tally);
        }
    };
    let server = hub::build()?;
    let hub = Hub::start(&server, &Place::default(), &[])?;
    hub.create_user(&["--admin"])?;
    furnish(&hub)?;
    tally.step("the API answers as its document says", visibly(&mut questions(&program, &hub)));
    Ok(tally)
}

/// From PyPI into an environment of its own below `target`.
fn install() -> Result<PathBuf> {
    let home = target().join("schemathesis");
    let program = home.join("bin/schemathesis");
    let stamp = home.join(SCHEMATHESIS);
    if !stamp.exists() {
        println!("xtask: installing {SCHEMATHESIS}, which asks the API");
        visibly(Command::new(found("python3")?).args(["-m", "venv", "--clear"]).arg(&home))
            .context("Debian has Python's environments in a package of their own, python3-venv")?;
        let pip = home.join("bin/pip");
        visibly(Command::new(pip).args(["install", "--quiet", SCHEMATHESIS]))?;
        std::fs::write(&stamp, "")?;
    }
    Ok(program)
}

/// What `schemathesis.toml` names.
fn furnish(hub: &Hub) -> Result<()> {
    for organization in ["crew", "leaving", "gone"] {
        let form = format!(r#"{{"orgname": "{organization}"}}"#);
        send(hub, &["-d", &form, "-H", "content-type: application/json"], "/v2/orgs/")?;
    }
    let index = r#"{"schemaVersion": 2, "manifests": [],
        "mediaType": "application/vnd.oci.image.index.v1+json"}"#;
    let kind = "content-type: application/vnd.oci.image.index.v1+json";
    for repository in ["pool", "attic", "road"] {
        let path = format!("/v2/{USER}/{repository}/manifests/1");
        send(hub, &["-X", "PUT", "-d", index, "-H", kind], &path)?;
    }
    Ok(())
}

fn send(hub: &Hub, words: &[&str], path: &str) -> Result<()> {
    let mut curl = Command::new(found("curl")?);
    curl.args(["-sSf", "-u", &format!("{USER}:{PASSWORD}")]).args(words);
    quietly(curl.arg(format!("http://{}{path}", hub.address))).map(drop)
}

/// The same requests each time: a fixed seed, and no memory of earlier runs.
fn questions(program: &Path, hub: &Hub) -> Command {
    let mut command = Command::new(program);
    command.current_dir(hub.data());
    command.arg("--config-file").arg(root().join("xtask/schemathesis.toml"));
    command.arg("run").arg(format!("http://{}/api/openapi.json", hub.address));
    command.args(["--auth", &format!("{USER}:{PASSWORD}"), "--checks", CHECKS]);
    command.args(["--phases", "coverage,fuzzing", "--max-examples", "20", "--seed", "1"]);
    command.args(["--generation-database", "none", "--request-timeout", "10"]);
    command.args(["--warnings", "off", "--continue-on-failure", "--no-color"]);
    command
}
