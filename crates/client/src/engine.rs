//! The docker (or podman) engine of this machine, over its socket: images out of it and into it
//! (Engine API, "Images").

use std::path::{Path, PathBuf};
use std::time::Duration;

use reqwest::{Body, Client, Response};
use serde::Deserialize;
use tokio::io::AsyncWriteExt as _;

use crate::ClientError;
use crate::http::{document, refusal};
use crate::layout::Tree;

const SOCKETS: [&str; 2] = ["/var/run/docker.sock", "/run/podman/podman.sock"];
const OWN_SOCKETS: [&str; 2] = ["docker.sock", "podman/podman.sock"];

/// An engine that can be asked.
#[derive(Debug)]
pub struct Engine {
    http: Client,
    base: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Listed {
    repo_tags: Option<Vec<String>>,
}

#[derive(Deserialize)]
struct Loaded {
    error: Option<String>,
}

impl Engine {
    /// The engine docker would use: `DOCKER_HOST`, else a socket in its usual place.
    pub fn find() -> Result<Self, ClientError> {
        match std::env::var("DOCKER_HOST").ok().filter(|host| !host.is_empty()) {
            Some(host) => Self::at(&host),
            None => {
                let socket = usual_sockets().into_iter().find(|path| path.exists());
                let socket = socket.ok_or_else(|| {
                    ClientError::NotFound(
                        "there is no docker engine on this machine (no DOCKER_HOST, no \
                         /var/run/docker.sock)"
                            .to_owned(),
                    )
                })?;
                Self::on_socket(&socket)
            }
        }
    }

    fn at(host: &str) -> Result<Self, ClientError> {
        if let Some(path) = host.strip_prefix("unix://") {
            return Self::on_socket(Path::new(path));
        }
        let Some(address) = host.strip_prefix("tcp://").or_else(|| host.strip_prefix("http://"))
        else {
            return Err(ClientError::Invalid(format!(
                "DOCKER_HOST is `{host}`; only `unix://` and `tcp://` are understood"
            )));
        };
        Self::build(Client::builder(), format!("http://{address}"), host)
    }

    fn on_socket(path: &Path) -> Result<Self, ClientError> {
        let builder = Client::builder().unix_socket(path);
        Self::build(builder, "http://engine".to_owned(), &path.display().to_string())
    }

    fn build(
        builder: reqwest::ClientBuilder,
        base: String,
        name: &str,
    ) -> Result<Self, ClientError> {
        let http = builder.no_proxy().connect_timeout(Duration::from_secs(10)).build();
        let http = http.map_err(|error| ClientError::broken(name, &error))?;
        Ok(Self { http, base, name: name.to_owned() })
    }

    /// The names of the images in a repository, `REPOSITORY:TAG`.
    pub async fn names(&self, repository: &str) -> Result<Vec<String>, ClientError> {
        let filter = serde_json::json!({"reference": [repository]}).to_string();
        let request = self.http.get(format!("{}/images/json", self.base));
        let answer = self.send(request.query(&[("filters", &filter)])).await?;
        let listed: Vec<Listed> = serde_json::from_slice(&document(&self.name, answer).await?)
            .map_err(|error| ClientError::Corrupt(format!("{}: {error}", self.name)))?;
        let mut names: Vec<String> =
            listed.into_iter().flat_map(|image| image.repo_tags.unwrap_or_default()).collect();
        // The filter also lets other tags of the same image through.
        names.retain(|name| name.rsplit_once(':').is_some_and(|(head, _)| head == repository));
        names.sort();
        Ok(names)
    }

    /// Saves images into a file.
    pub async fn save(&self, names: &[String], file: &Path) -> Result<Tree, ClientError> {
        let query: Vec<_> = names.iter().map(|name| ("names", name)).collect();
        let request = self.http.get(format!("{}/images/get", self.base)).query(&query);
        let mut answer = self.send(request).await?;
        let mut out = tokio::fs::File::create(file).await.map_err(ClientError::file(file))?;
        while let Some(piece) =
            answer.chunk().await.map_err(|error| ClientError::broken(&self.name, &error))?
        {
            out.write_all(&piece).await.map_err(ClientError::file(file))?;
        }
        out.flush().await.map_err(ClientError::file(file))?;
        Tree::open(file).await
    }

    /// Loads an archive of `docker save`.
    pub async fn load(&self, file: &Path) -> Result<(), ClientError> {
        let folder = file.parent().unwrap_or(Path::new(".")).to_owned();
        let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let bytes = Tree::Folder(folder).stream(&name, 0).await?;
        let request = self.http.post(format!("{}/images/load?quiet=1", self.base));
        let request = request.header("content-type", "application/x-tar");
        let answer = self.send(request.body(Body::wrap_stream(bytes))).await?;
        let said = document(&self.name, answer).await?;
        // The engine answers 200 before it reads, and tells of failure in the body.
        let lines = serde_json::Deserializer::from_slice(&said).into_iter::<Loaded>();
        for line in lines.flatten() {
            if let Some(error) = line.error {
                return Err(ClientError::Refused { status: 0, text: error });
            }
        }
        Ok(())
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, ClientError> {
        let answer =
            request.send().await.map_err(|error| ClientError::broken(&self.name, &error))?;
        match answer.status().is_success() {
            true => Ok(answer),
            false => Err(refusal(&self.name, answer, true).await),
        }
    }
}

fn usual_sockets() -> Vec<PathBuf> {
    let own = std::env::var_os("XDG_RUNTIME_DIR").map(PathBuf::from);
    let own = own.into_iter().flat_map(|folder| OWN_SOCKETS.map(|name| folder.join(name)));
    own.chain(SOCKETS.map(PathBuf::from)).collect()
}
