//! Floods of HTTP/2 frames (RFC 9113): the flood is ended or slowed down, takes little memory, and
//! nobody else notices.

use std::process::Stdio;
use std::time::{Duration, Instant};

use roadstead_testkit::Hub;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::process::{Child, ChildStdin, Command};
use tokio::task::JoinHandle;

use crate::tls::{Files, curl};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
/// Frame types (6).
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;
const CANCEL: u32 = 8;
const ENHANCE_YOUR_CALM: u32 = 11;
/// More than the buffers on the way hold, so that a flood nobody takes comes to a halt.
const FLOOD_BYTES: usize = 96 << 20;
const FLOOD_TIME: Duration = Duration::from_secs(4);
/// What a flood may cost the server.
const MEMORY: u64 = 48 << 20;

fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

/// The head of `GET /healthz` (HPACK, RFC 7541: static entries 2 and 7, literals on 4 and 1).
fn get_healthz() -> Vec<u8> {
    [&[0x82, 0x87, 0x04, 8][..], b"/healthz", &[0x01, 3], b"hub"].concat()
}

/// What a server sent, frame by frame: type and payload.
fn frames(bytes: &[u8]) -> Vec<(u8, &[u8])> {
    let (mut frames, mut rest) = (Vec::new(), bytes);
    while let Some((head, tail)) = rest.split_at_checked(9) {
        let length = u32::from_be_bytes([0, head[0], head[1], head[2]]) as usize;
        let Some((payload, next)) = tail.split_at_checked(length) else { break };
        frames.push((head[3], payload));
        rest = next;
    }
    frames
}

/// A connection whose TLS is spoken by openssl.
struct Attacker {
    child: Child,
    input: ChildStdin,
    answers: JoinHandle<Vec<u8>>,
}

impl Attacker {
    async fn connect(hub: &Hub) -> Self {
        let mut command = Command::new("openssl");
        command.args(["s_client", "-quiet", "-nocommands", "-alpn", "h2", "-connect"]);
        command.arg(hub.address()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.stderr(Stdio::null()).kill_on_drop(true).spawn().unwrap();
        let (mut input, mut output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        let answers = tokio::spawn(async move {
            let mut bytes = Vec::new();
            let _ = output.read_to_end(&mut bytes).await;
            bytes
        });
        input.write_all(&[PREFACE, &frame(SETTINGS, 0, 0, &[])].concat()).await.unwrap();
        Self { child, input, answers }
    }

    /// Sends what `next` makes until the server hangs up, all is sent, or the time is over; tells
    /// whether the server hung up.
    async fn flood(&mut self, mut next: impl FnMut() -> Vec<u8>) -> bool {
        let sending = async {
            let mut sent = 0;
            while sent < FLOOD_BYTES {
                let bytes: Vec<u8> = (0..200).flat_map(|_| next()).collect();
                if self.input.write_all(&bytes).await.is_err() {
                    return;
                }
                sent += bytes.len();
            }
        };
        let _ = tokio::time::timeout(FLOOD_TIME, sending).await;
        tokio::time::timeout(Duration::from_secs(1), self.child.wait()).await.is_ok()
    }

    /// All that the server sent before the connection ended.
    async fn end(mut self) -> Vec<u8> {
        drop(self.input);
        let _ = self.child.kill().await;
        self.answers.await.unwrap()
    }
}

/// With which error the server said goodbye.
fn goodbye(bytes: &[u8]) -> Option<u32> {
    let found = frames(bytes).into_iter().find(|(kind, _)| *kind == GOAWAY)?;
    Some(u32::from_be_bytes(found.1[4..8].try_into().unwrap()))
}

fn resident(hub: &Hub) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", hub.pid())).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() * 1024
}

/// Runs a flood, and meanwhile asks as somebody else; tells whether the flood was ended, and what the
/// server sent to it.
async fn flood(next: impl FnMut() -> Vec<u8>) -> (bool, Vec<u8>) {
    let hub = Files::new("hub").await.hub().await;
    let mut attacker = Attacker::connect(&hub).await;
    let before = resident(&hub);
    let asking = async {
        tokio::time::sleep(Duration::from_millis(500)).await;
        let asked = Instant::now();
        curl(&hub, &["-k"]).await.succeeds().says("ok");
        assert!(asked.elapsed() < Duration::from_secs(5), "{:?}", asked.elapsed());
    };
    let (ended, ()) = tokio::join!(attacker.flood(next), asking);
    let grown = resident(&hub).saturating_sub(before);
    assert!(grown < MEMORY, "the server grew by {} MiB", grown >> 20);
    curl(&hub, &["-k"]).await.succeeds().says("ok");
    (ended, attacker.end().await)
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_that_are_reset_at_once_end_the_connection() {
    let mut stream = 1;
    let (ended, answers) = flood(|| {
        let head = frame(HEADERS, END_HEADERS | END_STREAM, stream, &get_healthz());
        let reset = frame(RST_STREAM, 0, stream, &CANCEL.to_be_bytes());
        stream += 2;
        [head, reset].concat()
    })
    .await;

    assert!(ended, "a rapid reset (CVE-2023-44487) goes on");
    // The reset of a connection that still sends may destroy the goodbye.
    assert!(matches!(goodbye(&answers), Some(ENHANCE_YOUR_CALM) | None), "{answers:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_head_without_an_end_ends_the_connection() {
    // An indexed field (6.1), over and over: tiny on the wire, long when it is unpacked.
    for piece in [vec![0x82; 1000], Vec::new()] {
        let mut is_first = true;
        let (ended, answers) = flood(|| {
            let first = std::mem::take(&mut is_first).then(|| frame(HEADERS, 0, 1, &get_healthz()));
            [first.unwrap_or_default(), frame(CONTINUATION, 0, 1, &piece)].concat()
        })
        .await;

        assert!(ended, "a head of pieces of {} bytes goes on", piece.len());
        assert!(!matches!(goodbye(&answers), Some(0)), "{answers:?}");
    }
}

/// Each must be answered, so a client can keep a connection busy; but no more than its own.
#[tokio::test(flavor = "multi_thread")]
async fn settings_and_pings_without_end_are_nobody_elses_trouble() {
    let (_, answers) = flood(|| frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0xff, 0xff])).await;
    assert!(frames(&answers).len() > 1, "the flood never arrived");
    let (_, answers) = flood(|| frame(PING, 0, 0, b"flooding")).await;
    assert!(frames(&answers).len() > 1, "the flood never arrived");
}

#[tokio::test]
async fn a_client_is_told_the_limits_and_within_them_it_is_answered() {
    let hub = Files::new("hub").await.hub().await;
    let mut client = Attacker::connect(&hub).await;
    // The very frames that the floods are made of.
    let whole = frame(HEADERS, END_HEADERS | END_STREAM, 1, &get_healthz());
    let begun = frame(HEADERS, END_STREAM, 3, &get_healthz());
    let ended = frame(CONTINUATION, END_HEADERS, 3, &[]);
    client.input.write_all(&[whole, begun, ended].concat()).await.unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;

    let answers = client.end().await;

    let heads = frames(&answers).into_iter().filter(|(kind, _)| *kind == HEADERS).count();
    assert_eq!((heads, goodbye(&answers)), (2, None));

    let (kind, settings) = frames(&answers)[0];
    assert_eq!(kind, SETTINGS);
    let setting = |id: u8| {
        let found = settings.chunks(6).find(|setting| setting[..2] == [0, id]);
        found.map(|setting| u32::from_be_bytes(setting[2..].try_into().unwrap()))
    };
    assert_eq!(setting(3), Some(128), "streams at once");
    assert_eq!(setting(6), Some(64 << 10), "bytes of a head");
}
