//! A TCP relay that a test can cut and mend: a network between the hub and its database.

use std::sync::Arc;

use tokio::io::copy_bidirectional;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Relays until it is dropped.
pub struct Relay {
    address: String,
    is_cut: Arc<watch::Sender<bool>>,
}

impl Relay {
    pub async fn to(target: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let is_cut = Arc::new(watch::Sender::new(false));
        tokio::spawn(accept(listener, target.to_owned(), is_cut.subscribe()));
        Self { address, is_cut }
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    /// Ends all connections; new ones are closed at once.
    pub fn cut(&self) {
        self.is_cut.send_replace(true);
    }

    pub fn mend(&self) {
        self.is_cut.send_replace(false);
    }
}

async fn accept(listener: TcpListener, target: String, is_cut: watch::Receiver<bool>) {
    while let Ok((mut near, _)) = listener.accept().await {
        let (target, mut is_cut) = (target.clone(), is_cut.clone());
        tokio::spawn(async move {
            if *is_cut.borrow() {
                return;
            }
            let Ok(mut far) = TcpStream::connect(&target).await else { return };
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                _ = is_cut.wait_for(|cut| *cut) => {}
            }
        });
    }
}
