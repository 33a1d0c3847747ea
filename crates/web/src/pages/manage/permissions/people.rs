//! People whom the owner of a user's repository lets in.

use roadstead_http::Problem;
use roadstead_http::can::open;
use roadstead_hub::access::Own;
use roadstead_hub::organizations::Collaborator;
use roadstead_types::RepositoryName;

use super::{Asked, Others, SIZE, Sent, refuse};
use crate::form::Errors;
use crate::frame::Visit;
use crate::pages::manage::Refused;
use crate::seen::Seen;

#[derive(Clone, Debug)]
pub struct People {
    pub owner: String,
    pub rows: Vec<Collaborator>,
}

/// Only the owner sees who was let in.
pub async fn list(
    visit: &Visit,
    name: &RepositoryName,
    asked: &Asked,
) -> Result<(Others, u64), Problem> {
    let repo = open::<Own>(&visit.hub, &visit.caller, name).await?;
    let (rows, total) = repo.collaborators(asked.offset(), SIZE).await?;
    Ok((Others::People(People { owner: name.namespace().to_owned(), rows }), total))
}

pub async fn change(Seen { repo, visit, .. }: &Seen<Own>, sent: &Sent) -> Result<String, Refused> {
    visit.sender(&sent.mark)?;
    let user = sent.user.trim();
    match sent.what.as_str() {
        "add" => {
            let added = repo.add_collaborator(user).await.map_err(refuse("user"))?;
            Ok(visit.frame.t1("manage-person-added", "name", added.as_str()).into())
        }
        "remove" => {
            repo.remove_collaborator(user).await.map_err(refuse("user"))?;
            Ok(visit.frame.t1("manage-person-removed", "name", user).into())
        }
        _ => Err(Errors::at("user", visit.frame.t("manage-choose")).into()),
    }
}

#[cfg(test)]
impl People {
    pub fn sample(has_some: bool) -> Self {
        let added_at = crate::frame::Frame::sample("/", None).now;
        let person = |name: &str, is_verified| Collaborator {
            name: name.parse().unwrap(),
            is_verified,
            added_at,
        };
        let rows =
            if has_some { vec![person("mira", true), person("jonas", false)] } else { vec![] };
        Self { owner: "alice".to_owned(), rows }
    }
}
