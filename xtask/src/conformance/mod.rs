//! The official conformance program in every configuration people run the hub in.
//!
//! Its exit status is 0 when checks were skipped, so its own report is read: zero failures, zero
//! errors, and zero skips are required, and enough checks passed that the run was a real one.

mod balancer;
mod content;
mod program;

use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::hub::{self, Hub, Place};
use crate::install;
use crate::services::Backends;
use crate::tally::Tally;

use balancer::Balancer;
use program::{Credentials, Program, Version};

/// One line of the matrix.
#[derive(Clone, Copy, Debug)]
struct Case {
    storage: Storage,
    nodes: Nodes,
    challenge: Challenge,
    version: Version,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Storage {
    Embedded,
    Scaled,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Nodes {
    One,
    /// Two behind a balancer that sends each request to the other one.
    Two,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Challenge {
    Basic,
    Bearer,
    /// Reading a public repository only: nothing is open to anonymous writers.
    Anonymous,
}

impl Case {
    fn name(self) -> String {
        let Self { storage, nodes, challenge, version } = self;
        let nodes = if nodes == Nodes::Two { " two-nodes" } else { "" };
        format!("{storage:?}{nodes} {challenge:?} {}", version.name()).to_lowercase()
    }
}

fn matrix() -> Vec<Case> {
    let mut cases = Vec::new();
    for (storage, nodes) in [
        (Storage::Embedded, Nodes::One),
        (Storage::Scaled, Nodes::One),
        (Storage::Scaled, Nodes::Two),
    ] {
        for challenge in [Challenge::Bearer, Challenge::Basic, Challenge::Anonymous] {
            for version in [Version::Stable, Version::Dev, Version::DevSparse] {
                // Sparse content is a matter of pushing, which anonymous callers do not do.
                if challenge != Challenge::Anonymous || version != Version::DevSparse {
                    cases.push(Case { storage, nodes, challenge, version });
                }
            }
        }
    }
    cases
}

/// `cargo xtask conformance [FILTER]`.
pub fn run(filter: Option<&str>) -> Result<Tally> {
    install::for_tests()?;
    let site = Site {
        program: Program::new(install::conformance_program()?)?,
        server: hub::build()?,
        backends: Backends::start()?,
    };
    let mut tally = Tally::default();
    let wanted = matrix().into_iter().filter(|case| filter.is_none_or(|f| case.name().contains(f)));
    for (number, case) in wanted.enumerate() {
        let checked = site.check(case, number).map(|report| report.into_tally(&case.name()));
        match checked {
            Ok(counts) => tally.add(counts),
            Err(error) => tally.fail(1, format!("conformance {}: {error:#}", case.name())),
        }
    }
    Ok(tally)
}

struct Site {
    program: Program,
    server: PathBuf,
    backends: Backends,
}

impl Site {
    fn check(&self, case: Case, number: usize) -> Result<program::Report> {
        let place = match case.storage {
            Storage::Embedded => Place::default(),
            Storage::Scaled => Place::scaled(&self.backends, &format!("conformance{number}"))?,
        };
        let keys = tempfile::tempdir()?;
        let options = options(case, keys.path())?;
        let first = Hub::start(&self.server, &place, &options)?;
        first.create_user(&[])?;
        if case.nodes == Nodes::One {
            return self.ask(case, &first.address);
        }
        let second = Hub::start(&self.server, &place, &options)?;
        let balancer = Balancer::over(&[&first.address, &second.address])?;
        self.ask(case, &balancer.address)
    }

    fn ask(&self, case: Case, address: &str) -> Result<program::Report> {
        match case.challenge {
            Challenge::Anonymous => {
                let content = content::push(address)?;
                self.program.read_only(&case.name(), address, case.version, &content)
            }
            Challenge::Basic | Challenge::Bearer => {
                let credentials = Credentials { user: hub::USER, password: hub::PASSWORD };
                self.program.run(&case.name(), address, case.version, &credentials)
            }
        }
    }
}

/// Options of `roadstead serve` for this case.
fn options(case: Case, keys: &Path) -> Result<Vec<String>> {
    let challenge = if case.challenge == Challenge::Basic { "basic" } else { "bearer" };
    let sparse = if case.version == Version::DevSparse { "allow" } else { "refuse" };
    let mut options = vec!["--challenge", challenge, "--sparse-indexes", sparse];
    let key = keys.join("token.pem");
    let key = key.display().to_string();
    if case.nodes == Nodes::Two {
        // Nodes must accept each other's tokens.
        balancer::make_key(Path::new(&key))?;
        options.extend(["--token-key", &key]);
    }
    Ok(options.into_iter().map(str::to_owned).collect())
}
