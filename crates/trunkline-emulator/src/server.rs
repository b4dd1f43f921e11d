//! The network side: connections, and answers that break off on purpose.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, HOST};
use http::{HeaderName, HeaderValue, Response};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rustls::ServerConfig;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{Instant, Sleep, sleep};
use tokio_rustls::TlsAcceptor;

use crate::clock::Clock;
use crate::control;
use crate::fault::{Delivery, Outcome};
use crate::hosts::host_of;
use crate::message::{Content, Reply, Request};
use crate::service::Service;
use crate::state_file;

/// The listeners of one port: at an address, or at 127.0.0.1 and at `[::1]` where that can be had.
#[derive(Debug)]
pub(crate) struct Listeners {
    first: TcpListener,
    second: Option<TcpListener>,
    /// The configuration for connections that begin with a TLS handshake.
    tls: Option<Arc<ServerConfig>>,
}

/// Takes a port; 0 takes any free one. Without an address, it is one of the loopback interface: `localhost` may mean either of
/// its addresses, and programs may use the first that it means, so the same port of the other one is taken as well, but not
/// insisted on.
pub(crate) fn bind(address: Option<IpAddr>, port: u16, tls: Option<Arc<ServerConfig>>) -> io::Result<Listeners> {
    let wanted = SocketAddr::from((address.unwrap_or(Ipv4Addr::LOCALHOST.into()), port));
    let first = TcpListener::bind(wanted).map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("no connections are accepted at {wanted}: {error}"),
        )
    })?;
    first.set_nonblocking(true)?;
    let port = first.local_addr()?.port();
    let second = match address {
        Some(_) => None,
        None => TcpListener::bind(SocketAddr::from((Ipv6Addr::LOCALHOST, port))).ok(),
    };
    let second = second.filter(|listener| listener.set_nonblocking(true).is_ok());
    Ok(Listeners { first, second, tls })
}

impl Listeners {
    /// The address by which this computer reaches the emulator.
    pub(crate) fn address(&self) -> io::Result<SocketAddr> {
        let mut address = self.first.local_addr()?;
        if address.ip().is_unspecified() {
            address.set_ip(Ipv4Addr::LOCALHOST.into());
        }
        Ok(address)
    }

    /// The root by which this computer reaches the emulator. Certificates, and clients that insist on them, know it by a name.
    pub(crate) fn root(&self) -> io::Result<String> {
        let address = self.address()?;
        Ok(match self.tls {
            Some(_) if address.ip().is_loopback() => format!("https://localhost:{}", address.port()),
            Some(_) => format!("https://{address}"),
            None => format!("http://{address}"),
        })
    }
}

/// Serves until it is stopped. Dropping the future stops as well, and closes every connection.
pub(crate) async fn serve(
    listeners: Listeners,
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
) -> io::Result<()> {
    let acceptor = listeners.tls.map(TlsAcceptor::from);
    let keeping = state_file::keep(service.clone());
    let serving = async {
        let Some(second) = listeners.second else {
            return serve_one(listeners.first, acceptor, service, stop).await;
        };
        let first = serve_one(listeners.first, acceptor.clone(), service.clone(), stop.clone());
        let (first, second) = tokio::join!(first, serve_one(second, acceptor, service, stop));
        first.and(second)
    };
    tokio::pin!(keeping, serving);
    let mut is_keeping = true;
    loop {
        tokio::select! {
            served = &mut serving => return served,
            () = &mut keeping, if is_keeping => is_keeping = false,
        }
    }
}

/// Whether the first byte of a connection is that of a TLS handshake. No method of HTTP begins with it, so that one port
/// serves both.
async fn begins_with_tls(stream: &TcpStream) -> bool {
    const HANDSHAKE: u8 = 0x16;
    let mut first = [0];
    matches!(stream.peek(&mut first).await, Ok(1)) && first[0] == HANDSHAKE
}

async fn serve_connection<S>(
    stream: S,
    scheme: &'static str,
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>>
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handler = service_fn(move |request| handle(service.clone(), stop.clone(), scheme, request));
    auto::Builder::new(TokioExecutor::new())
        .serve_connection(TokioIo::new(stream), handler)
        .await
}

async fn serve_one(
    listener: TcpListener,
    acceptor: Option<TlsAcceptor>,
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
) -> io::Result<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    let mut stopping = stop.subscribe();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            _ = stopping.wait_for(|stop| *stop) => break,
            accepted = listener.accept() => accepted,
            // Finished connections are let go of, so that the set does not grow.
            Some(_) = connections.join_next() => continue,
        };
        let (stream, _) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                continue;
            }
        };
        // Answers are small and a test waits for each: no delay for the sake of fuller packets.
        let _ = stream.set_nodelay(true);
        let (service, stop, acceptor) = (service.clone(), stop.clone(), acceptor.clone());
        connections.spawn(async move {
            let served = match acceptor {
                Some(acceptor) if begins_with_tls(&stream).await => match acceptor.accept(stream).await {
                    Ok(stream) => serve_connection(stream, "https", service, stop).await,
                    Err(error) => Err(error.into()),
                },
                _ => serve_connection(stream, "http", service, stop).await,
            };
            if let Err(error) = served {
                tracing::debug!(error, "a connection ended");
            }
        });
    }
    // The answer to the request that asked for the stop may still be on its way.
    sleep(Duration::from_millis(5)).await;
    connections.shutdown().await;
    Ok(())
}

/// Where the control endpoints are.
const CONTROL: &str = "/__emulator";

/// Bytes of a request's body; Graph takes no more.
const LONGEST_BODY: usize = 4 << 20;
/// Bytes of a state that replaces the present one.
const LONGEST_STATE: usize = 512 << 20;

/// Reads a body; nothing if it is longer than the limit. A longer one is read to its end all the same and forgotten, as most
/// clients look at no answer before they have sent everything.
async fn read_body(mut body: Incoming, limit: usize) -> io::Result<Option<Bytes>> {
    let mut whole = BytesMut::new();
    let mut is_too_long = false;
    while let Some(frame) = body.frame().await {
        let Ok(piece) = frame.map_err(io::Error::other)?.into_data() else {
            continue;
        };
        is_too_long = is_too_long || whole.len() + piece.len() > limit;
        if is_too_long {
            whole = BytesMut::new();
        } else {
            whole.extend_from_slice(&piece);
        }
    }
    Ok((!is_too_long).then(|| whole.freeze()))
}

fn too_long(limit: usize) -> Reply {
    let message = format!("The body of the request is longer than {} MB.", limit >> 20);
    Reply::json(
        413,
        json!({ "error": { "code": "RequestEntityTooLarge", "message": message } }),
    )
}

/// An error makes hyper close the connection without an answer, which is what a dropped request looks like.
async fn handle(
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
    scheme: &'static str,
    request: http::Request<Incoming>,
) -> Result<Response<Answer>, io::Error> {
    let (parts, body) = request.into_parts();
    let is_control = parts.uri.path().starts_with(CONTROL);
    let limit = if is_control { LONGEST_STATE } else { LONGEST_BODY };
    let Some(body) = read_body(body, limit).await? else {
        return Ok(response(Outcome::whole(too_long(limit)), &service.clock));
    };
    // HTTP/2 and requests through a proxy write the name into the address; it then counts before the header.
    let authority = parts.uri.authority().map(|authority| authority.as_str().to_owned());
    // Two of them would leave open which counts; the comma that joins them is in no name, so that both are refused.
    let host = authority.or_else(|| {
        let hosts = parts.headers.get_all(HOST).iter();
        let texts: Vec<_> = hosts.map(|value| String::from_utf8_lossy(value.as_bytes())).collect();
        (!texts.is_empty()).then(|| texts.join(","))
    });
    let host = host.unwrap_or_else(|| host_of(&service.root).unwrap_or_default().to_owned());
    let public_url = service.settings.public_url.clone();
    let request = Request {
        root: public_url.unwrap_or_else(|| format!("{scheme}://{host}")),
        host,
        method: parts.method.as_str().to_owned(),
        path: parts.uri.path().to_owned(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        headers: parts.headers,
        body,
        batch_item: None,
    };
    let outcome = match request.path.strip_prefix(CONTROL) {
        Some(rest) if service.stranger(&request).is_none() => Outcome::whole(control::answer(&service, rest, &request)),
        _ => service.answer(&request),
    };
    if outcome.delay_milliseconds > 0 {
        let delay = Duration::from_millis(outcome.delay_milliseconds);
        sleep(service.clock.real(delay)).await;
    }
    if control::is_shutdown(&service, &request) {
        stop.send_replace(true);
    }
    if outcome.delivery == Delivery::Drop {
        return Err(io::Error::new(io::ErrorKind::ConnectionAborted, "dropped on request"));
    }
    Ok(response(outcome, &service.clock))
}

fn response(outcome: Outcome, clock: &Clock) -> Response<Answer> {
    let (content_type, bytes) = match outcome.reply.content {
        Content::Empty => (None, Vec::new()),
        Content::Json(body) => (Some("application/json".to_owned()), body.to_string().into_bytes()),
        Content::Raw { content_type, bytes } => (Some(content_type), bytes),
    };
    let bytes = Bytes::from(bytes);
    let mut response = Response::new(Answer::new(bytes.clone(), outcome.delivery, clock));
    *response.status_mut() = http::StatusCode::from_u16(outcome.reply.status).unwrap_or_default();
    let headers = response.headers_mut();
    for (name, value) in outcome.reply.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(&value)) {
            headers.append(name, value);
        }
    }
    if let Some(content_type) = content_type.and_then(|text| HeaderValue::from_str(&text).ok())
        && !headers.contains_key(CONTENT_TYPE)
    {
        headers.insert(CONTENT_TYPE, content_type);
    }
    // The whole length is announced even if only a part will follow. 204 and 304 have no length at all.
    if !matches!(outcome.reply.status, 204 | 304) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    }
    response
}

/// A body that can stop half way or take its time.
struct Answer {
    bytes: Bytes,
    /// Position at which the body breaks off with an error.
    end: Option<usize>,
    sent: usize,
    chunk: usize,
    pause: Option<(Duration, Pin<Box<Sleep>>)>,
    /// Whether what was sent before a break has had its chance to leave.
    flushed: bool,
}

impl Answer {
    fn new(bytes: Bytes, delivery: Delivery, clock: &Clock) -> Self {
        let length = bytes.len();
        let mut answer = Self {
            bytes,
            end: None,
            sent: 0,
            chunk: length.max(1),
            pause: None,
            flushed: false,
        };
        match delivery {
            Delivery::Cut(after) => answer.end = Some(after.unwrap_or(length / 2).min(length)),
            Delivery::Slow { chunk, milliseconds } => {
                let pause = clock.real(Duration::from_millis(milliseconds));
                answer.chunk = chunk;
                answer.pause = Some((pause, Box::pin(sleep(Duration::ZERO))));
            }
            Delivery::Whole | Delivery::Drop => {}
        }
        answer
    }
}

impl Body for Answer {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let limit = self.end.unwrap_or(self.bytes.len());
        if self.sent >= limit {
            if self.end.is_some() {
                if !self.flushed {
                    // hyper writes out what it holds whenever a body has nothing for the moment. Without this the head
                    // and the first part would go down with the connection.
                    self.flushed = true;
                    context.waker().wake_by_ref();
                    return Poll::Pending;
                }
                // Sent once; afterwards the body is over whoever asks.
                self.end = None;
                self.sent = self.bytes.len();
                let error = io::Error::new(io::ErrorKind::ConnectionAborted, "cut on request");
                return Poll::Ready(Some(Err(error)));
            }
            return Poll::Ready(None);
        }
        if let Some((pause, timer)) = self.pause.as_mut() {
            if timer.as_mut().poll(context).is_pending() {
                return Poll::Pending;
            }
            let next = Instant::now() + *pause;
            timer.as_mut().reset(next);
        }
        let end = (self.sent + self.chunk).min(limit);
        let piece = self.bytes.slice(self.sent..end);
        self.sent = end;
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn is_end_stream(&self) -> bool {
        self.end.is_none() && self.sent >= self.bytes.len()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact((self.bytes.len() - self.sent) as u64)
    }
}

/// Runs the server on a separate thread.
pub(crate) fn serve_blocking(
    listeners: Listeners,
    service: Arc<Service>,
    stop: Arc<watch::Sender<bool>>,
) -> io::Result<std::thread::JoinHandle<()>> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_io()
        .enable_time()
        .build()?;
    std::thread::Builder::new()
        .name("trunkline-emulator".to_owned())
        .spawn(move || {
            if let Err(error) = runtime.block_on(serve(listeners, service, stop)) {
                tracing::error!(%error, "the emulator stopped");
            }
        })
}
