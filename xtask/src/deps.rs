//! Which crate may use which. The direction keeps decisions in one place: a surface that could
//! reach the database would sooner or later decide for itself who may read what.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

use crate::run::{cargo, quietly};

/// A crate and everything it may name. Written out, not computed, because this is the decision.
const ALLOWED: &[(&str, &[&str])] = &[
    ("types", &[]),
    ("oci", &["types"]),
    ("blobs", &["types"]),
    ("db", &["types", "oci"]),
    ("jobs", &["types", "db"]),
    ("mail", &["types"]),
    ("search", &["types"]),
    ("outbound", &["types"]),
    ("hub", &["types", "oci", "blobs", "db", "jobs", "search"]),
    ("http", &["types", "hub", "outbound"]),
    ("registry", &["types", "oci", "hub", "http"]),
    ("api", &["types", "hub", "http"]),
    ("web", &["types", "hub", "http", "outbound"]),
    ("worker", &["types", "hub", "jobs", "mail"]),
    ("client", &["types", "oci"]),
    (
        "roadstead",
        &[
            "types", "oci", "blobs", "db", "jobs", "mail", "hub", "http", "registry", "api", "web",
            "worker", "client", "outbound",
        ],
    ),
    ("testkit", &[]),
    ("seed", &["types", "db"]),
    ("xtask", &[]),
];

/// Uses allowed in tests only, beyond those above.
const ALLOWED_IN_TESTS: &[(&str, &[&str])] = &[
    ("roadstead", &["testkit", "seed"]),
    // Crates whose suites are a feature switch it on for their own tests.
    ("blobs", &["blobs"]),
    ("db", &["db"]),
];

/// `cargo xtask deps`.
pub fn check() -> Result<()> {
    let text = quietly(&mut cargo("metadata --no-deps --format-version 1"))?;
    let wrong = wrong_edges(&serde_json::from_str(&text)?)?;
    ensure!(
        wrong.is_empty(),
        "crates depend in a direction that is not allowed:\n  {}",
        wrong.join("\n  ")
    );
    println!("deps: every crate depends in an allowed direction");
    Ok(())
}

fn wrong_edges(metadata: &Value) -> Result<Vec<String>> {
    let normal: BTreeMap<_, _> = ALLOWED.iter().copied().collect();
    let tests: BTreeMap<_, _> = ALLOWED_IN_TESTS.iter().copied().collect();
    let mut wrong = Vec::new();
    for package in metadata["packages"].as_array().context("metadata lists packages")? {
        let name = short(&package["name"]);
        let Some(allowed) = normal.get(name) else {
            wrong.push(format!("`{name}` is not in the table of xtask/src/deps.rs"));
            continue;
        };
        for edge in package["dependencies"].as_array().into_iter().flatten() {
            let (target, kind) = (short(&edge["name"]), edge["kind"].as_str().unwrap_or("normal"));
            let for_tests =
                kind == "dev" && tests.get(name).is_some_and(|more| more.contains(&target));
            let ours = normal.contains_key(target) && edge["path"].is_string();
            if ours && !allowed.contains(&target) && !for_tests {
                wrong.push(format!("{name} -> {target} ({kind})"));
            }
        }
    }
    Ok(wrong)
}

/// `roadstead-hub` is `hub`; `roadstead` and `xtask` are themselves.
fn short(name: &Value) -> &str {
    let name = name.as_str().unwrap_or_default();
    name.strip_prefix("roadstead-").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::wrong_edges;

    fn package(name: &str, target: &str, kind: Option<&str>) -> serde_json::Value {
        let edge = json!({"name": target, "path": "/somewhere", "kind": kind});
        json!({"packages": [{"name": name, "dependencies": [edge]}]})
    }

    #[test]
    fn a_surface_that_names_the_database_is_found() {
        let wrong = wrong_edges(&package("roadstead-api", "roadstead-db", None)).unwrap();

        assert_eq!(wrong, ["api -> db (normal)"]);
    }

    #[test]
    fn only_tests_of_the_program_may_use_the_testkit() {
        let dev = package("roadstead", "roadstead-testkit", Some("dev"));
        let normal = package("roadstead", "roadstead-testkit", None);

        assert!(wrong_edges(&dev).unwrap().is_empty());
        assert_eq!(wrong_edges(&normal).unwrap().len(), 1);
    }
}
