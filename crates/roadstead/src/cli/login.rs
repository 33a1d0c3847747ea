//! `roadstead login`, `logout`, `whoami`.

use clap::Args;
use roadstead_client::docker_config::{LoginSecret, Stored};
use roadstead_client::{ClientError, DockerConfig, Host, HubApi, Login, Registry, SignIn, home};
use roadstead_types::Secret;
use serde_json::json;

use super::output::Show;
use super::session::{Connection, give_code, user_name};
use super::{Failure, ask};

/// Log in to a hub or any other registry; docker then is logged in, too
#[derive(Args)]
pub struct LogIn {
    /// The hub, for example hub.example.com or localhost:5000
    #[arg(value_name = "HOST")]
    hub: Option<Host>,
    /// The account; asked for on a terminal
    #[arg(short, long)]
    username: Option<String>,
    /// Read the password, or an access token, from standard input
    #[arg(long)]
    password_stdin: bool,
    /// Make the account first; on a terminal that is offered when the name is free
    #[arg(long, requires = "email")]
    create: bool,
    /// The e-mail address of the new account
    #[arg(long, requires = "create")]
    email: Option<String>,
    #[command(flatten)]
    connection: Connection,
}

/// Forget the login for a hub
#[derive(Args)]
pub struct LogOut {
    #[arg(value_name = "HOST")]
    hub: Option<Host>,
    #[command(flatten)]
    connection: Connection,
}

/// Tell who you are to the hub
#[derive(Args)]
pub struct WhoAmI {
    #[command(flatten)]
    connection: Connection,
    #[command(flatten)]
    show: Show,
}

impl LogIn {
    pub async fn run(self) -> Result<(), Failure> {
        let host = self.connection.host(self.hub.clone())?;
        let user = match &self.username {
            Some(user) => user.clone(),
            None => ask::line("Username: ", "--username")?,
        };
        if user.is_empty() || user.contains(':') {
            return Err(Failure::Usage("a user name is not empty and has no colon".to_owned()));
        }
        let password = match self.wants_account(&host, &user).await? {
            true => self.create_account(&host, &user).await?,
            false => ask::password(self.password_stdin)?,
        };
        let kept = self.prove(&host, &user, password).await?;
        let stored = DockerConfig::open()?.store(&host, &kept).await?;
        home::write(Some(&host))?;
        warn_if_readable(&kept, &stored);
        println!("Login Succeeded");
        Ok(())
    }

    async fn wants_account(&self, host: &Host, user: &str) -> Result<bool, Failure> {
        if self.create {
            return Ok(true);
        }
        if self.password_stdin || !ask::is_interactive() {
            return Ok(false);
        }
        let Ok(hub) = HubApi::connect(&self.connection.transport()?, host, None).await else {
            return Ok(false);
        };
        if !hub.is_free(user).await {
            return Ok(false);
        }
        ask::yes(&format!("There is no account `{user}` at {host} yet. Create it?"))
    }

    async fn create_account(&self, host: &Host, user: &str) -> Result<Secret, Failure> {
        let email = match &self.email {
            Some(email) => email.clone(),
            None => ask::line("E-mail: ", "--email")?,
        };
        let password = match self.password_stdin {
            true => ask::read_password(true)?,
            false => ask::new_password()?,
        };
        let hub = HubApi::connect(&self.connection.transport()?, host, None).await?;
        hub.sign_up(user, &email, &password).await?;
        eprintln!("The account `{user}` was created.");
        Ok(password)
    }

    /// Signs in; what is kept is an identity token where the registry has such a thing.
    async fn prove(&self, host: &Host, user: &str, password: Secret) -> Result<Login, Failure> {
        let secret = LoginSecret::Password(password);
        let login = Login { user: user.to_owned(), secret };
        let transport = self.connection.transport()?;
        let registry = Registry::connect(&transport, host, Some(login.clone())).await?;
        let token = match registry.log_in().await {
            Err(refusal @ ClientError::Denied { .. }) => {
                Some(self.prove_with_code(host, &login).await?.ok_or(refusal)?)
            }
            outcome => outcome?,
        };
        Ok(match token {
            Some(token) => Login { secret: LoginSecret::IdentityToken(token), ..login },
            None => login,
        })
    }

    /// Where the password alone does not sign in, and somebody is there to type a code: what is kept
    /// then. None where a code would not help.
    async fn prove_with_code(&self, host: &Host, login: &Login) -> Result<Option<Secret>, Failure> {
        if self.password_stdin || !ask::is_interactive() {
            return Ok(None);
        }
        let hub = HubApi::connect(&self.connection.transport()?, host, None).await?;
        let LoginSecret::Password(password) = &login.secret else { return Ok(None) };
        match hub.begin_sign_in(&login.user, password, true).await {
            Ok(SignIn::NeedsCode(pending)) => give_code(&hub, &pending, true).await,
            Ok(SignIn::Done(refresh)) => Ok(refresh),
            // The registry's own refusal says why.
            Err(_) => Ok(None),
        }
    }
}

/// The one case in which a secret that opens everything lies in a file.
fn warn_if_readable(login: &Login, stored: &Stored) {
    if let (LoginSecret::Password(_), Stored::File(path)) = (&login.secret, stored) {
        eprintln!("The password is kept unencrypted in {}.", path.display());
        eprintln!("A credential helper avoids that: `credsStore` in the same file.");
    }
}

impl LogOut {
    pub async fn run(self) -> Result<(), Failure> {
        let host = self.connection.host(self.hub)?;
        let found = DockerConfig::open()?.erase(&host).await?;
        if home::read()?.as_ref() == Some(&host) {
            home::write(None)?;
        }
        match found {
            true => println!("Removing login credentials for {host}"),
            false => println!("Not logged in to {host}"),
        }
        Ok(())
    }
}

impl WhoAmI {
    pub async fn run(self) -> Result<(), Failure> {
        let hub = self.connection.hub().await?;
        let name = user_name(&hub).await?;
        let value = json!({"username": name, "host": hub.host.as_str()});
        self.show.one(&value, &name, |_| format!("{name} at {}", hub.host));
        Ok(())
    }
}
