//! Waiting for what is in flight.

use std::time::Duration;

use tokio::sync::mpsc;

/// Held by everything that should end before the process does.
#[derive(Clone, Debug)]
pub struct Held(#[expect(dead_code, reason = "only its drop matters")] mpsc::Sender<()>);

/// Learns when every [`Held`] is gone.
#[derive(Debug)]
pub struct Drain {
    sender: mpsc::Sender<()>,
    receiver: mpsc::Receiver<()>,
}

impl Drain {
    pub fn new() -> Self {
        let (sender, receiver) = mpsc::channel(1);
        Self { sender, receiver }
    }

    pub fn hold(&self) -> Held {
        Held(self.sender.clone())
    }

    /// Waits until everything has ended, or `limit` is over. Tells whether it has.
    pub async fn finish(self, limit: Duration) -> bool {
        let Self { sender, mut receiver } = self;
        drop(sender);
        tokio::time::timeout(limit, receiver.recv()).await.is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn draining_waits_for_the_last_but_not_for_ever() {
        let drain = Drain::new();
        let held = drain.hold();
        assert!(!drain.finish(Duration::from_secs(5)).await);
        drop(held);

        let drain = Drain::new();
        let held = drain.hold();
        tokio::spawn(async move {
            tokio::time::sleep(Duration::from_secs(1)).await;
            drop(held);
        });
        assert!(drain.finish(Duration::from_secs(5)).await);
    }
}
