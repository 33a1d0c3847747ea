//! One connection, from the first byte to the last: HTTP/1.1, or over TLS what ALPN agreed on.

use std::convert::Infallible;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::header::{CONNECTION, EXPECT, HeaderValue};
use http::{Request, Response, Version};
use http_body::Body as _;
use hyper::body::Incoming;
use hyper::server::conn::{http1, http2};
use hyper::service::Service;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use roadstead_http::{Connection, Shutdown};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::activity::{Activity, Tracked};
use super::deadlines::{Deadlines, Speech};
use super::gulps::Gulps;
use super::lane::{DirectBody, Lane};
use super::unread::Rest;
use super::wire::Wire;

const TLS_HANDSHAKE: Duration = Duration::from_secs(10);
/// Bytes of a request's head. Registry tokens of many scopes are long; 64 KiB holds them all.
const HEAD_BYTES: usize = 64 << 10;
/// How long a client that still sends is listened to after its answer.
const LINGER: Duration = Duration::from_secs(3);
/// Plain bytes that wait in front of the cipher.
const TLS_BUFFER: usize = 256 << 10;

/// What connections of one listener have in common.
#[derive(Clone)]
pub struct Server {
    pub router: Router,
    pub tls: Option<TlsAcceptor>,
    pub shutdown: Shutdown,
}

impl Server {
    /// Serves one client until it leaves, errs, or the server stops.
    pub async fn serve(self, stream: TcpStream, peer: SocketAddr) {
        // Heads and bodies leave in separate writes; waiting to join them costs 40 ms.
        let _ = stream.set_nodelay(true);
        let Some(acceptor) = &self.tls else {
            return self.plain(stream, peer).await;
        };
        let handshake = acceptor.accept_with(stream, |connection| {
            connection.set_buffer_limit(Some(TLS_BUFFER));
        });
        let stream = match tokio::time::timeout(TLS_HANDSHAKE, handshake).await {
            Ok(Ok(stream)) => stream,
            Ok(Err(error)) => return tracing::debug!(%peer, %error, "TLS handshake failed"),
            Err(_) => return tracing::debug!(%peer, "TLS handshake timed out"),
        };
        if stream.get_ref().1.alpn_protocol() == Some(b"h2") {
            self.http2(stream, peer).await;
        } else {
            let service = self.service(peer, Speech::Http1OverTls);
            let activity = service.activity.clone();
            self.http1(stream, peer, Speech::Http1OverTls, activity, service).await;
        }
    }

    /// HTTP/1.1 in the clear, where downloads go from the file into the socket.
    async fn plain(&self, stream: TcpStream, peer: SocketAddr) {
        let lane = Arc::new(Lane::default());
        let stream = Wire::new(stream, lane.clone());
        let service = self.service(peer, Speech::Plain);
        let activity = service.activity.clone();
        let service = DirectService { service, lane };
        self.http1(stream, peer, Speech::Plain, activity, service).await;
    }

    async fn http1<S, V, B>(
        &self,
        stream: S,
        peer: SocketAddr,
        speech: Speech,
        activity: Arc<Activity>,
        service: V,
    ) where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
        V: Service<
                Request<Incoming>,
                Response = Response<B>,
                Error = Infallible,
                Future = Answering<B>,
            > + Unpin,
        B: http_body::Body<Error = axum::Error> + 'static,
    {
        let io = TokioIo::new(Gulps::new(Deadlines::new(stream, speech, activity.clone())));
        let mut builder = http1::Builder::new();
        // Silences are bounded by `Deadlines`, which tells a rest from an unfinished head.
        builder.timer(TokioTimer::new()).header_read_timeout(None).max_header_size(HEAD_BYTES);
        let mut connection = builder.serve_connection(io, service);
        let ended = tokio::select! {
            ended = poll_fn(|cx| connection.poll_without_shutdown(cx)) => ended,
            () = self.shutdown.begun() => {
                // hyper waits for the first request of a connection; nobody here does.
                if activity.started() == 0 {
                    return;
                }
                Pin::new(&mut connection).graceful_shutdown();
                poll_fn(|cx| connection.poll_without_shutdown(cx)).await
            }
        };
        log_end(peer, ended);
        close(connection.into_parts().io.into_inner(), activity.is_cut_short()).await;
    }

    async fn http2<S>(&self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Send + Unpin + 'static,
    {
        let service = self.service(peer, Speech::Http2OverTls);
        let activity = service.activity.clone();
        let io = TokioIo::new(Deadlines::new(stream, Speech::Http2OverTls, activity));
        let connection = http2_builder().serve_connection(io, service);
        let mut connection = pin!(connection);
        tokio::select! {
            result = &mut connection => log_end(peer, result),
            () = self.shutdown.begun() => {
                connection.as_mut().graceful_shutdown();
                log_end(peer, connection.await);
            }
        }
    }

    fn service(&self, peer: SocketAddr, speech: Speech) -> RequestService {
        RequestService {
            router: self.router.clone(),
            connection: Connection { peer, is_tls: speech != Speech::Plain },
            activity: Arc::default(),
        }
    }
}

/// Limits against floods (threat D1): streams, headers, resets.
fn http2_builder() -> http2::Builder<TokioExecutor> {
    let mut builder = http2::Builder::new(TokioExecutor::new());
    builder
        .timer(TokioTimer::new())
        .max_concurrent_streams(128)
        .max_header_list_size(HEAD_BYTES as u32)
        .max_pending_accept_reset_streams(20)
        .max_local_error_reset_streams(256)
        .initial_stream_window_size(1 << 20)
        .initial_connection_window_size(4 << 20)
        .max_frame_size(64 << 10)
        .max_send_buf_size(512 << 10)
        .keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(20));
    builder
}

/// Ends a connection. A client that still sends would be met with a reset, which may destroy the
/// answer before it is read; so what it sends is taken for a while.
async fn close<S>(mut io: S, is_cut_short: bool)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let lingering = async {
        if io.shutdown().await.is_err() || !is_cut_short {
            return;
        }
        let mut waste = vec![0; 16 << 10];
        while io.read(&mut waste).await.is_ok_and(|read| read > 0) {}
    };
    let _ = tokio::time::timeout(LINGER, lingering).await;
}

/// Clients leave as they like; that is no news above `debug`.
fn log_end(peer: SocketAddr, result: hyper::Result<()>) {
    if let Err(error) = result {
        tracing::debug!(%peer, %error, "connection ended");
    }
}

/// The router as hyper calls it.
#[derive(Clone)]
struct RequestService {
    router: Router,
    connection: Connection,
    activity: Arc<Activity>,
}

impl RequestService {
    fn answer(
        &self,
        request: Request<Incoming>,
    ) -> impl Future<Output = Result<Response<Tracked>, Infallible>> + Send + use<> {
        let in_flight = self.activity.begin();
        // HTTP/2 ends a stream without its connection.
        let is_watched = request.version() < Version::HTTP_2 && !request.body().is_end_stream();
        let rest =
            is_watched.then(|| (Arc::new(Rest::default()), request.headers().contains_key(EXPECT)));
        let mut request = request.map(|body| match &rest {
            Some((rest, _)) => Body::new(rest.watch(body)),
            None => Body::new(body),
        });
        request.extensions_mut().insert(self.connection);
        // A router is always ready.
        let answer = tower::Service::call(&mut self.router.clone(), request);
        let activity = self.activity.clone();
        async move {
            let mut response = answer.await?;
            if let Some((rest, awaits_continue)) = rest
                && !rest.settle(awaits_continue).await
            {
                activity.cut_short();
                response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok(response.map(|body| Tracked::new(body, in_flight)))
        }
    }
}

type Answering<B> = Pin<Box<dyn Future<Output = Result<Response<B>, Infallible>> + Send>>;

impl Service<Request<Incoming>> for RequestService {
    type Response = Response<Tracked>;
    type Error = Infallible;
    type Future = Answering<Tracked>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        Box::pin(self.answer(request))
    }
}

/// The same for a connection that ends in a [`Wire`].
struct DirectService {
    service: RequestService,
    lane: Arc<Lane>,
}

impl Service<Request<Incoming>> for DirectService {
    type Response = Response<DirectBody>;
    type Error = Infallible;
    type Future = Answering<DirectBody>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
        let (answer, lane) = (self.service.answer(request), self.lane.clone());
        Box::pin(async move { Ok(DirectBody::answer(answer.await?, lane)) })
    }
}
