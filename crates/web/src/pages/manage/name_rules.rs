//! What a repository's name has to be, each rule with whether the typed one meets it.

use askama::Template;
use roadstead_http::Problem;
use roadstead_hub::repos::CreateRepositoryError;
use roadstead_types::{NameError, RepositoryName};

use crate::frame::Frame;
use crate::own::Own;
use crate::page::{Caching, Page};
use crate::ui::Markup;

/// Whether a rule is met; not known before the rules ahead of it are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    #[default]
    Open,
    Pass,
    Fail,
}

impl Verdict {
    fn of(is_met: bool) -> Self {
        if is_met { Self::Pass } else { Self::Fail }
    }

    pub fn class(self) -> &'static str {
        match self {
            Self::Open => "",
            Self::Pass => "pass",
            Self::Fail => "fail",
        }
    }

    pub fn icon(self) -> &'static str {
        match self {
            Self::Open => "info",
            Self::Pass => "check",
            Self::Fail => "x",
        }
    }
}

#[derive(Clone, Debug, Template)]
#[template(path = "parts/name_rules.html")]
pub struct NameRules {
    frame: Frame,
    namespace: String,
    length: Verdict,
    letters: Verdict,
    is_free: Verdict,
}

impl Page for NameRules {
    const CACHING: Caching = Caching::Ask;
}

impl NameRules {
    pub fn html(&self) -> Markup {
        Markup::trusted(self.render().unwrap_or_default())
    }

    pub async fn check(own: &Own, namespace: &str, name: &str) -> Result<Self, Problem> {
        let open = Self {
            frame: own.visit.frame.clone(),
            namespace: namespace.to_owned(),
            length: Verdict::Open,
            letters: Verdict::Open,
            is_free: Verdict::Open,
        };
        if name.is_empty() {
            return Ok(open);
        }
        let name = match RepositoryName::new(namespace, name) {
            Ok(name) => name,
            Err(NameError::Length { .. }) => return Ok(Self { length: Verdict::Fail, ..open }),
            Err(_) => {
                return Ok(Self { length: Verdict::Pass, letters: Verdict::Fail, ..open });
            }
        };
        let is_free = match own.visit.hub.is_free(&own.who, &name).await {
            Ok(is_free) => Verdict::of(is_free),
            Err(CreateRepositoryError::Store(error)) => return Err(error.into()),
            Err(_) => Verdict::Open,
        };
        Ok(Self { length: Verdict::Pass, letters: Verdict::Pass, is_free, ..open })
    }
}

#[cfg(test)]
impl NameRules {
    pub fn sample(name: &str) -> Self {
        Self {
            frame: Frame::sample("/new/rules", Some("alice")),
            namespace: "alice".to_owned(),
            length: Verdict::of(!name.is_empty()),
            letters: Verdict::of(name == "tides"),
            is_free: Verdict::Open,
        }
    }
}
