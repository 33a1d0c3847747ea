//! TLS from two files, read again when they change. A replacement that cannot be used is logged and
//! the certificate in use stays, because a half-copied file must not take the server down.

use std::path::Path;
use std::sync::{Arc, RwLock};
use std::time::Duration;

use anyhow::{Context, bail};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls::{CipherSuite, ServerConfig};

use crate::config::TlsFiles;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The certificate in use.
#[derive(Debug)]
pub struct Certificate {
    files: TlsFiles,
    current: RwLock<Arc<CertifiedKey>>,
}

/// What tells one version of the files from another: time of change, length and inode of both.
type Stamp = [(i64, i64, u64, u64); 2];

impl Certificate {
    /// Reads the files; an error names what is wrong with which.
    pub fn load(files: &TlsFiles) -> anyhow::Result<Arc<Self>> {
        let current = RwLock::new(Arc::new(read(files)?));
        Ok(Arc::new(Self { files: files.clone(), current }))
    }

    fn current(&self) -> Arc<CertifiedKey> {
        self.current.read().expect("no code panics while it holds the certificate").clone()
    }

    /// Follows the files for ever.
    pub async fn follow(self: Arc<Self>) {
        let mut last = stamp(&self.files);
        loop {
            tokio::time::sleep(LOOK).await;
            let now = stamp(&self.files);
            // Files that changed within the last look may still be written to; two looks that
            // agree mean they rest.
            if now == last {
                continue;
            }
            tokio::time::sleep(LOOK).await;
            if stamp(&self.files) != now {
                continue;
            }
            last = now;
            self.replace();
        }
    }

    fn replace(&self) {
        match read(&self.files) {
            Ok(new) => {
                *self.current.write().expect("no code panics while it holds the certificate") =
                    Arc::new(new);
                tracing::info!(cert = %self.files.cert.display(), "the TLS certificate was read again");
            }
            Err(error) => tracing::error!(
                error = format!("{error:#}"),
                "the new TLS certificate cannot be used; the old one stays in use"
            ),
        }
    }
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _hello: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current())
    }
}

fn stamp(files: &TlsFiles) -> Stamp {
    use std::os::unix::fs::MetadataExt;
    let of = |path: &Path| {
        std::fs::metadata(path)
            .map(|m| (m.mtime(), m.mtime_nsec(), m.len(), m.ino()))
            .unwrap_or_default()
    };
    [of(&files.cert), of(&files.key)]
}

fn read(files: &TlsFiles) -> anyhow::Result<CertifiedKey> {
    let (cert, key) = (files.cert.display(), files.key.display());
    let chain = CertificateDer::pem_file_iter(&files.cert)
        .and_then(Iterator::collect::<Result<Vec<_>, _>>)
        .with_context(|| format!("`{cert}` cannot be read as PEM certificates"))?;
    if chain.is_empty() {
        bail!("`{cert}` holds no certificate");
    }
    let private = PrivateKeyDer::from_pem_file(&files.key)
        .with_context(|| format!("`{key}` cannot be read as a PEM private key"))?;
    CertifiedKey::from_der(chain, private, &aws_lc_rs::default_provider())
        .with_context(|| format!("`{key}` is not the key of `{cert}`"))
}

/// TLS 1.2 and 1.3, HTTP/2 and HTTP/1.1.
pub fn server_config(certificate: Arc<Certificate>) -> anyhow::Result<Arc<ServerConfig>> {
    let mut config = ServerConfig::builder_with_provider(Arc::new(provider()))
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(certificate);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    config.ignore_client_order = true;
    config.ticketer = aws_lc_rs::Ticketer::new()?;
    Ok(Arc::new(config))
}

/// The default suites, AES-128-GCM first: it costs a quarter less per byte than AES-256 and is as
/// far out of reach of an attacker.
fn provider() -> CryptoProvider {
    let mut provider = aws_lc_rs::default_provider();
    provider.cipher_suites.sort_by_key(|suite| {
        !matches!(
            suite.suite(),
            CipherSuite::TLS13_AES_128_GCM_SHA256
                | CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256
                | CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256
        )
    });
    provider
}
