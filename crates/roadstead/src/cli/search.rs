//! `roadstead search`.

use clap::Args;
use roadstead_client::List;
use serde_json::Value;

use super::Failure;
use super::output::{Show, cut, text};
use super::session::Connection;

/// As wide as docker makes it.
const DESCRIPTION: usize = 45;

/// Find repositories on the hub
#[derive(Args)]
pub struct Search {
    term: String,
    /// Official images only
    #[arg(long)]
    official: bool,
    /// Automated builds only
    #[arg(long)]
    automated: bool,
    /// With at least so many stars
    #[arg(long, value_name = "N", default_value_t = 0)]
    stars: u64,
    /// At most so many results
    #[arg(long, value_name = "N", default_value_t = 25)]
    #[arg(value_parser = clap::value_parser!(u16).range(1..=1000))]
    limit: u16,
    /// Do not cut descriptions
    #[arg(long)]
    no_trunc: bool,
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    show: Show,
}

impl Search {
    pub async fn run(self) -> Result<(), Failure> {
        let hub = self.connection.hub().await?;
        let mut path = format!("/v2/search/repositories/?query={}", encode(&self.term));
        if self.official {
            path += "&is_official=true";
        }
        if self.automated {
            path += "&is_automated=true";
        }
        let found = hub.list(&path, usize::from(self.limit)).await?;
        self.print(&self.kept(found));
        Ok(())
    }

    /// Hubs that do not know a filter ignore it.
    fn kept(&self, mut found: List) -> List {
        let stars = |item: &Value| item["star_count"].as_u64().unwrap_or_default();
        let is = |item: &Value, name: &str| item[name].as_bool().unwrap_or_default();
        found.items.retain(|item| {
            stars(item) >= self.stars
                && (!self.official || is(item, "is_official"))
                && (!self.automated || is(item, "is_automated"))
        });
        found
    }

    fn print(&self, found: &List) {
        let ok = |is: &Value| if is == true { "[OK]".to_owned() } else { String::new() };
        self.show.list(found, &["NAME", "DESCRIPTION", "STARS", "OFFICIAL", "AUTOMATED"], |item| {
            let description = text(&item["short_description"]);
            let description = match self.no_trunc {
                true => description,
                false => cut(&description, DESCRIPTION),
            };
            let (official, automated) = (ok(&item["is_official"]), ok(&item["is_automated"]));
            vec![
                text(&item["repo_name"]),
                description,
                text(&item["star_count"]),
                official,
                automated,
            ]
        });
    }
}

/// Every byte that means something in a URL becomes `%XX`.
pub fn encode(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-_.~".contains(&b);
    let one = |b: u8| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") };
    text.bytes().map(one).collect()
}
