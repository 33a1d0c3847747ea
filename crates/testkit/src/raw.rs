//! Bytes on the wire, for framing that no HTTP client would send.

use std::time::Duration;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A TCP connection to a server.
#[derive(Debug)]
pub struct RawConnection {
    stream: TcpStream,
}

impl RawConnection {
    pub async fn open(address: &str) -> Self {
        let stream = TcpStream::connect(address).await.expect("the server listens");
        Self { stream }
    }

    /// Sends bytes; a peer that has closed already is not an error here.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        let _ = self.stream.write_all(bytes.as_ref()).await;
        let _ = self.stream.flush().await;
    }

    /// Says that nothing more will be sent.
    pub async fn finish_sending(&mut self) {
        let _ = self.stream.shutdown().await;
    }

    /// Reads until the server closes or `seconds` have passed without that.
    pub async fn read_to_close(&mut self, seconds: u64) -> RawAnswer {
        let mut bytes = Vec::new();
        let read = self.stream.read_to_end(&mut bytes);
        let ended = timeout(Duration::from_secs(seconds), read).await;
        RawAnswer { text: String::from_utf8_lossy(&bytes).into_owned(), closed: ended.is_ok() }
    }

    /// Reads `length` bytes, or fewer if the server closes or `seconds` have passed before.
    pub async fn read_bytes(&mut self, length: usize, seconds: u64) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut stream = (&mut self.stream).take(length as u64);
        let _ = timeout(Duration::from_secs(seconds), stream.read_to_end(&mut bytes)).await;
        bytes
    }

    /// Reads to the blank line after the headers, or to the end.
    pub async fn read_head(&mut self, seconds: u64) -> String {
        let mut bytes = Vec::new();
        let read = async {
            while !bytes.ends_with(b"\r\n\r\n") {
                match self.stream.read_u8().await {
                    Ok(byte) => bytes.push(byte),
                    Err(_) => break,
                }
            }
        };
        let _ = timeout(Duration::from_secs(seconds), read).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What came back on a raw connection.
#[derive(Debug)]
pub struct RawAnswer {
    pub text: String,
    /// Whether the server closed the connection in time.
    pub closed: bool,
}
