//! The signal that the server is about to stop.

use tokio::sync::watch;

/// Everybody who holds one learns when the shutdown begins.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

/// Begins the shutdown.
#[derive(Debug)]
pub struct ShutdownTrigger(watch::Sender<bool>);

impl Shutdown {
    pub fn new() -> (ShutdownTrigger, Self) {
        let (sender, receiver) = watch::channel(false);
        (ShutdownTrigger(sender), Self(receiver))
    }

    pub fn has_begun(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until the shutdown begins.
    pub async fn begun(&self) {
        let mut receiver = self.0.clone();
        // An error means the trigger is gone, which is the end as well.
        let _ = receiver.wait_for(|begun| *begun).await;
    }
}

impl ShutdownTrigger {
    pub fn begin(&self) {
        self.0.send_replace(true);
    }
}
