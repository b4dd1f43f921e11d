//! HTTP/2, with and without TLS, and proxies.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncWrite};
use trunkline_core::clock::TestClock;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::*;

const AUTHORITY: &str = include_str!("certificates/authority.pem");
const SERVER: &str = include_str!("certificates/server.pem");
const KEY: &str = include_str!("certificates/server.key");

#[derive(Clone, Default)]
struct Seen {
    connections: Arc<AtomicUsize>,
    /// Version, method, address and length of the body of each request.
    requests: Arc<Mutex<Vec<String>>>,
}

/// Answers every request on the connection with `{"a":1}`; speaks HTTP/2 and nothing else.
async fn speak(stream: impl AsyncRead + AsyncWrite + Unpin, seen: Seen) {
    seen.connections.fetch_add(1, Ordering::SeqCst);
    let Ok(mut connection) = h2::server::handshake(stream).await else {
        return;
    };
    while let Some(Ok((request, mut respond))) = connection.accept().await {
        let (head, mut body) = request.into_parts();
        let seen = seen.clone();
        tokio::spawn(async move {
            let mut length = 0;
            while let Some(Ok(part)) = body.data().await {
                length += part.len();
                let _ = body.flow_control().release_capacity(part.len());
            }
            let line = format!("{:?} {} {} {length}", head.version, head.method, head.uri.path());
            seen.requests.lock().unwrap().push(line);
            let answer = http::Response::builder().header("content-type", "application/json");
            let mut stream = respond.send_response(answer.body(()).unwrap(), false).unwrap();
            stream.send_data(bytes::Bytes::from_static(b"{\"a\":1}"), true).unwrap();
        });
    }
}

async fn listen() -> (tokio::net::TcpListener, u16) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    (listener, port)
}

/// Eight requests at once, one of them with a body.
async fn eight(client: &Client) {
    let reads = (0..7).map(|_| client.request::<Value>(Operation::get("/x")).send());
    let write = client.request::<Value>(Operation::post("/x").body("{\"b\":2}")).send();
    let (reads, write) = tokio::join!(futures_util::future::try_join_all(reads), write);
    assert!(reads.unwrap().iter().all(|answer| answer["a"] == 1));
    assert_eq!(write.unwrap()["a"], 1);
}

#[tokio::test]
async fn http2_without_tls_carries_requests_side_by_side() {
    let (listener, port) = listen().await;
    let seen = Seen::default();
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(speak(stream, log.clone()));
        }
    });
    let client = Client::builder()
        .set_root(url::Url::parse(&format!("http://127.0.0.1:{port}")).unwrap())
        .with_http_version(HttpVersion::Http2)
        .with_clock(Arc::new(TestClock::default()))
        .build()
        .unwrap();
    // The first opens the connection that the others share.
    client.request::<Value>(Operation::get("/x")).send().await.unwrap();
    eight(&client).await;
    let requests = seen.requests.lock().unwrap();
    assert_eq!(requests.len(), 9);
    assert!(
        requests.iter().all(|line| line.starts_with("HTTP/2.0 ")),
        "{requests:?}"
    );
    assert!(requests.contains(&"HTTP/2.0 POST /v1.0/x 7".to_owned()), "{requests:?}");
    assert_eq!(seen.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn http2_is_negotiated_where_both_can_and_http1_where_it_is_asked_for() {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(SERVER.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"h2".to_vec()];
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let (listener, port) = listen().await;
    let seen = Seen::default();
    let log = seen.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            if let Ok(stream) = acceptor.accept(stream).await {
                tokio::spawn(speak(stream, log.clone()));
            }
        }
    });
    let builder = || {
        Client::builder()
            .set_root(url::Url::parse(&format!("https://localhost:{port}")).unwrap())
            .with_authorities(AUTHORITY)
            .with_retry(RetryPolicy::never())
            .with_clock(Arc::new(TestClock::default()))
    };
    for version in [HttpVersion::Automatic, HttpVersion::Http2] {
        let client = builder().with_http_version(version).build().unwrap();
        client.request::<Value>(Operation::get("/x")).send().await.unwrap();
        eight(&client).await;
    }
    assert_eq!(seen.requests.lock().unwrap().len(), 18);
    assert_eq!(seen.connections.load(Ordering::SeqCst), 2);
    let old = builder().with_http_version(HttpVersion::Http1).build().unwrap();
    let error = old.request::<Value>(Operation::get("/x")).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.may_have_reached_service()),
        (ErrorKind::Connection, false),
        "{error:?}"
    );
    assert!(error.message().ends_with(": TLS failed"), "{error:?}");
}

/// Answers one request after the other with `answer`, and keeps their heads.
fn listen_plainly(answer: &'static str) -> (u16, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = heads.clone();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let (mut head, mut byte) = (Vec::new(), [0]);
            while !head.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                head.push(byte[0]);
            }
            log.lock().unwrap().push(String::from_utf8_lossy(&head).into_owned());
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    (port, heads)
}

const CHILD: &str = "TRUNKLINE_TEST_LOCAL_SERVICE";
const JSON: &str = "HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}";

/// Runs itself again, with proxies in the environment: they are read from there by whoever sends.
#[test]
fn a_proxy_of_the_environment_is_used_but_not_for_this_computer() {
    if let Ok(local) = std::env::var(CHILD) {
        return through_the_proxy(&local);
    }
    let (proxy, at_proxy) = listen_plainly(JSON);
    let (local, at_local) = listen_plainly(JSON);
    let (closed, at_closed) = listen_plainly("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
    let mut child = std::process::Command::new(std::env::current_exe().unwrap());
    for name in [
        "NO_PROXY",
        "no_proxy",
        "http_proxy",
        "https_proxy",
        "ALL_PROXY",
        "all_proxy",
    ] {
        child.env_remove(name);
    }
    let output = child
        .args([
            "--exact",
            "protocols::a_proxy_of_the_environment_is_used_but_not_for_this_computer",
        ])
        .args(["--nocapture", "--test-threads", "1"])
        .env(CHILD, format!("http://127.0.0.1:{local}"))
        .env("HTTP_PROXY", format!("http://127.0.0.1:{proxy}"))
        .env("HTTPS_PROXY", format!("http://127.0.0.1:{closed}"))
        .output()
        .unwrap();
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    let lines = |heads: &Mutex<Vec<String>>| -> Vec<String> {
        let heads = heads.lock().unwrap();
        heads
            .iter()
            .filter_map(|head| head.lines().next())
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(lines(&at_proxy), ["GET http://graph.example/v1.0/x HTTP/1.1"]);
    assert_eq!(lines(&at_local), ["GET /v1.0/x HTTP/1.1"]);
    assert_eq!(lines(&at_closed), ["CONNECT graph.example:443 HTTP/1.1"]);
    assert!(
        !at_closed.lock().unwrap()[0].contains("opaque"),
        "the token is not a proxy's business"
    );
}

fn through_the_proxy(local: &str) {
    let send = |root: &str| {
        let client = Client::builder()
            .set_root(url::Url::parse(root).unwrap())
            .with_allowed_endpoint()
            .with_retry(RetryPolicy::never())
            .with_token_source(token::StaticToken::new("opaque"))
            .build()
            .unwrap();
        client.request::<Value>(Operation::get("/x")).send_blocking()
    };
    assert_eq!(send("http://graph.example").unwrap()["a"], 1);
    assert_eq!(send(local).unwrap()["a"], 1);
    let error = send("https://graph.example").unwrap_err();
    assert!(!error.may_have_reached_service());
    assert_eq!(
        error.message(),
        "no connection to https://graph.example (HTTPS_PROXY is set): the proxy requires a user name and a password, or did not \
         accept them",
        "{error:?}"
    );
}
