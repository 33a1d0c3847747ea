//! What there is in a made-up hub, for those who put questions to it.

use anyhow::Result;
use serde::Serialize;

use crate::connection::Connection;
use crate::people::{PASSWORD, account_name};
use crate::sizes::GREATEST;

/// Scattered over the whole hub.
const PUBLIC: &str = "SELECT path, description FROM repositories WHERE is_private = FALSE \
     ORDER BY (id * 7919) % 1000003, id LIMIT 1000";
/// Private repositories that one person reads through a team.
const GRANTED: &str = "SELECT a.name, r.path FROM teams t JOIN team_grants g ON g.team_id = t.id \
     JOIN repositories r ON r.id = g.repository_id \
     JOIN accounts a ON a.id = (SELECT MIN(m.account_id) FROM team_members m WHERE m.team_id = t.id) \
     WHERE t.organization_id = 2 AND t.name = 'developers' AND r.is_private = TRUE \
     ORDER BY (r.id * 7919) % 1000003, r.id LIMIT 1000";

#[derive(Debug, Serialize)]
pub struct Sample {
    /// Paths of public repositories.
    pub public: Vec<String>,
    /// Somebody who signs in with `password`, and the paths of private repositories he reads.
    pub member: String,
    pub password: &'static str,
    pub granted: Vec<String>,
    /// The namespace with the most repositories.
    pub greatest: String,
}

pub async fn sample(url: &str) -> Result<Sample> {
    let mut connection = Connection::open(url).await?;
    let public = connection.pairs(PUBLIC).await?;
    let granted = connection.pairs(GRANTED).await?;
    connection.close().await?;
    Ok(Sample {
        public: public.into_iter().map(|(path, _)| path).collect(),
        member: granted.first().map(|(name, _)| name.clone()).unwrap_or_default(),
        password: PASSWORD,
        granted: granted.into_iter().map(|(_, path)| path).collect(),
        greatest: account_name(GREATEST),
    })
}
