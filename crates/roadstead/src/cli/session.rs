//! Which hub a command speaks to, and as whom.

use std::path::PathBuf;
use std::sync::Arc;

use clap::Args;
use roadstead_client::docker_config::LoginSecret;
use roadstead_client::{
    ClientError, DockerConfig, Host, HubApi, ImageName, Login, Registry, SignIn, Transport, home,
};
use roadstead_types::{RepositoryName, Secret};

use super::output::Show;
use super::{Failure, ask};

/// Secrets that cannot manage others of their kind.
const MACHINE_SECRETS: [&str; 4] = ["rsd_pat_", "rsd_oat_", "dckr_pat_", "dckr_oat_"];

/// What every command of a client takes.
#[derive(Args, Clone)]
pub struct Connection {
    /// The hub [default: the one last logged in to]
    #[arg(long, value_name = "HOST")]
    host: Option<Host>,
    /// Allow HTTP without TLS; on this machine it is allowed anyway
    #[arg(long)]
    plain_http: bool,
}

/// What every command takes that asks a hub.
#[derive(Args)]
pub struct Common {
    #[command(flatten)]
    pub connection: Connection,
    #[command(flatten)]
    pub show: Show,
}

/// A repository on a hub, as named on the command line.
pub struct At {
    pub hub: HubApi,
    pub repository: RepositoryName,
}

impl At {
    /// `/v2/repositories/namespace/name` and what follows.
    pub fn path(&self, rest: &str) -> String {
        format!("/v2/repositories/{}{rest}", self.repository)
    }

    /// The same below `/api/v1`.
    pub fn own_path(&self, rest: &str) -> String {
        format!("/api/v1/repositories/{}{rest}", self.repository)
    }
}

impl Connection {
    /// The hub for names without one: said, last logged in to, or the only one docker knows.
    pub fn home(&self) -> Result<Option<Host>, Failure> {
        if let Some(host) = &self.host {
            return Ok(Some(host.clone()));
        }
        if let Some(host) = home::read()? {
            return Ok(Some(host));
        }
        let mut known = DockerConfig::open()?.hosts();
        Ok(if known.len() == 1 { known.pop() } else { None })
    }

    pub fn host(&self, given: Option<Host>) -> Result<Host, Failure> {
        if let Some(host) = given {
            return Ok(host);
        }
        self.home()?.ok_or_else(|| {
            Failure::Usage("say which hub: `--host HOST`, or log in: `roadstead login HOST`".into())
        })
    }

    pub fn transport(&self) -> Result<Transport, Failure> {
        Ok(Transport::new(self.plain_http)?)
    }

    pub fn image(&self, text: &str) -> Result<ImageName, Failure> {
        let home = self.home()?;
        ImageName::parse(text, home.as_ref()).map_err(|error| Failure::Usage(error.to_string()))
    }

    /// A registry with the login kept for it.
    pub async fn registry(&self, host: &Host) -> Result<Arc<Registry>, Failure> {
        let login = DockerConfig::open()?.login(host).await?;
        Ok(Arc::new(Registry::connect(&self.transport()?, host, login).await?))
    }

    /// The API of the hub, with the login kept for it.
    pub async fn hub(&self) -> Result<HubApi, Failure> {
        self.hub_at(&self.host(None)?).await
    }

    async fn hub_at(&self, host: &Host) -> Result<HubApi, Failure> {
        let login = DockerConfig::open()?.login(host).await?;
        Ok(HubApi::connect(&self.transport()?, host, login).await?)
    }

    /// The API of the hub, signed in with the password itself: what manages access tokens must
    /// prove more than an access token does.
    pub async fn hub_by_password(&self, from_stdin: bool) -> Result<HubApi, Failure> {
        let host = self.host(None)?;
        let kept = DockerConfig::open()?.login(&host).await?.ok_or_else(not_logged_in)?;
        if !from_stdin && is_password(&kept) {
            return self.hub_of(&host, kept).await;
        }
        let user = match kept.user.is_empty() {
            true => user_name(&self.hub_at(&host).await?).await?,
            false => kept.user,
        };
        let secret = LoginSecret::Password(ask::password(from_stdin)?);
        self.hub_of(&host, Login { user, secret }).await
    }

    /// The API, signed in with a password; on a terminal with the code that may be wanted, too.
    async fn hub_of(&self, host: &Host, login: Login) -> Result<HubApi, Failure> {
        let hub = HubApi::connect(&self.transport()?, host, Some(login.clone())).await?;
        if let (LoginSecret::Password(password), true) = (&login.secret, ask::is_interactive())
            && let SignIn::NeedsCode(pending) =
                hub.begin_sign_in(&login.user, password, false).await?
        {
            give_code(&hub, &pending, false).await?;
        }
        Ok(hub)
    }

    /// The hub and the repository behind `[HOST/]namespace/name`.
    pub async fn at(&self, name: &str) -> Result<At, Failure> {
        let (host, repository) = self.repository(name)?;
        Ok(At { hub: self.hub_at(&host).await?, repository })
    }

    pub fn repository(&self, name: &str) -> Result<(Host, RepositoryName), Failure> {
        let (host, repository, tag) = self.tagged(name)?;
        match tag {
            None => Ok((host, repository)),
            Some(_) => {
                Err(Failure::Usage(format!("`{name}` has a tag; name the repository alone")))
            }
        }
    }

    fn tagged(&self, name: &str) -> Result<(Host, RepositoryName, Option<String>), Failure> {
        let image = self.image(name)?;
        if image.digest.is_some() {
            return Err(Failure::Usage(format!("`{name}` has a digest; name a tag instead")));
        }
        let repository = image.repository.parse();
        let repository = repository
            .map_err(|error: roadstead_types::NameError| Failure::Usage(error.to_string()))?;
        Ok((image.host, repository, image.tag.map(|tag| tag.to_string())))
    }

    /// The hub, the repository and the tag behind `[HOST/]namespace/name:tag`.
    pub async fn at_tag(&self, name: &str) -> Result<(At, String), Failure> {
        let (host, repository, tag) = self.tagged(name)?;
        let tag = tag.ok_or_else(|| {
            Failure::Usage(format!("`{name}` names no tag; write `{repository}:TAG`"))
        })?;
        Ok((At { hub: self.hub_at(&host).await?, repository }, tag))
    }
}

/// Who a hub takes us for.
pub async fn user_name(hub: &HubApi) -> Result<String, Failure> {
    if !hub.is_signed_in() {
        return Err(not_logged_in());
    }
    let user = hub.get("/v2/user/").await?;
    let name = user["username"].as_str().unwrap_or_default();
    match name.is_empty() {
        true => Err(Failure::Failed(anyhow::anyhow!("{} does not say who you are", hub.host))),
        false => Ok(name.to_owned()),
    }
}

/// Finishes a sign-in that wants a code; returns what is kept in place of the password, if that is asked
/// for.
pub async fn give_code(
    hub: &HubApi,
    pending: &Secret,
    to_keep: bool,
) -> Result<Option<Secret>, Failure> {
    let question = "Code of your authenticator, or a recovery code: ";
    let code = ask::line(question, "an access token in place of the password")?;
    Ok(hub.finish_sign_in(pending, &code, to_keep).await?)
}

/// Where transfers wait that broke off.
pub fn cache() -> PathBuf {
    home::cache().unwrap_or_else(|| std::env::temp_dir().join("roadstead"))
}

fn is_password(login: &Login) -> bool {
    match &login.secret {
        LoginSecret::Password(secret) => {
            !MACHINE_SECRETS.iter().any(|prefix| secret.expose().starts_with(prefix))
        }
        LoginSecret::IdentityToken(_) => false,
    }
}

fn not_logged_in() -> Failure {
    Failure::Denied("you are not logged in; `roadstead login HOST` does that".to_owned())
}

impl From<ClientError> for Failure {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Denied { text, signed_in: false } => {
                Self::Denied(format!("{text} (you are not logged in; see `roadstead login`)"))
            }
            ClientError::Denied { text, .. } => Self::Denied(text),
            ClientError::NotFound(text) => Self::Missing(text),
            ClientError::Invalid(text) => Self::Usage(text),
            other => Self::Failed(other.into()),
        }
    }
}
