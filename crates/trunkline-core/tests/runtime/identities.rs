//! A client that identifies itself: by a certificate to a service that asks for one, by a password to a proxy.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::WebPkiClientVerifier;
use serde_json::Value;
use trunkline_core::clock::TestClock;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::*;

use crate::canary::listen;
use crate::network::read_request;

const AUTHORITY: &str = include_str!("certificates/authority.pem");
const SERVER: &str = include_str!("certificates/server.pem");
const KEY: &str = include_str!("certificates/server.key");
const CLIENT_AUTHORITY: &str = include_str!("certificates/client_authority.pem");
const CLIENT: &str = include_str!("certificates/client.pem");
const STRANGER: &str = include_str!("certificates/stranger.pem");

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}";

/// A server that asks for a client certificate in a version of TLS, and sends for each connection whether it got one.
fn serve(version: &'static rustls::SupportedProtocolVersion) -> (u16, Receiver<bool>) {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut roots = rustls::RootCertStore::empty();
    roots
        .add(CertificateDer::from_pem_slice(CLIENT_AUTHORITY.as_bytes()).unwrap())
        .unwrap();
    let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider.clone());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(SERVER.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(KEY.as_bytes()).unwrap(),
        )
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, seen) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let (mut text, mut byte) = (Vec::new(), [0]);
            while !text.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                text.push(byte[0]);
            }
            // The test may be over.
            let _ = sender.send(stream.conn.peer_certificates().is_some());
            let _ = stream.write_all(ANSWER);
            stream.conn.send_close_notify();
            let _ = stream.flush();
            // The client's bytes are read to their end: a connection that is reset loses the alert.
            let _ = stream.sock.shutdown(std::net::Shutdown::Write);
            let _ = stream.sock.read_to_end(&mut Vec::new());
        }
    });
    (port, seen)
}

fn builder(port: u16) -> ClientBuilder {
    Client::builder()
        .set_root(url::Url::parse(&format!("https://localhost:{port}")).unwrap())
        .with_authorities(AUTHORITY)
        .with_retry(RetryPolicy::never())
        .with_clock(Arc::new(TestClock::default()))
}

fn certificate(name: &str) -> Pem {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/runtime/certificates");
    Pem::file(folder.join(name))
}

async fn send(client: &Client) -> Result<Value> {
    let response = client.request::<Value>(Operation::post("/x").body("{}")).send().await;
    response.map(Response::into_value)
}

const VERSIONS: [&rustls::SupportedProtocolVersion; 2] = [&rustls::version::TLS12, &rustls::version::TLS13];

#[tokio::test]
async fn the_service_is_shown_the_certificate_that_it_asks_for() {
    for version in VERSIONS {
        for pem in [
            Pem::from(CLIENT),
            Pem::from(CLIENT.as_bytes()),
            certificate("client.pem"),
        ] {
            let (port, seen) = serve(version);
            let client = builder(port).with_client_certificate(pem).build().unwrap();
            assert_eq!(send(&client).await.unwrap()["a"], 1);
            assert!(seen.recv().unwrap());
        }
    }
}

#[tokio::test]
async fn a_service_that_refuses_the_certificate_has_executed_nothing() {
    for version in VERSIONS {
        let (port, _seen) = serve(version);
        let client = builder(port).with_client_certificate(STRANGER).build().unwrap();
        let error = send(&client).await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
        assert!(!error.may_have_reached_service(), "{error:?}");
        assert!(
            error.message().ends_with("it does not accept the client certificate"),
            "{error}"
        );
        assert!(error.next_step().contains("trusts its issuer"), "{error}");
    }
    let (port, _seen) = serve(&rustls::version::TLS13);
    let error = send(&builder(port).build().unwrap()).await.unwrap_err();
    assert!(
        error.message().ends_with("it requires a client certificate"),
        "{error:?}"
    );
    assert!(!error.may_have_reached_service(), "{error:?}");
}

#[test]
fn what_is_wrong_with_a_certificate_is_said_and_its_file_named() {
    let (leaf, key) = CLIENT.split_at(CLIENT.find("-----BEGIN PRIVATE KEY").unwrap());
    let (stranger, _) = STRANGER.split_at(STRANGER.find("-----BEGIN PRIVATE KEY").unwrap());
    let unsupported = key.replace("PRIVATE KEY", "RSA PRIVATE KEY");
    for (pem, words) in [
        (Pem::from(leaf), "client_certificate holds no key"),
        (Pem::from(key), "client_certificate holds no certificate"),
        (Pem::from("canary"), "client_certificate is not PEM"),
        (
            Pem::from(format!("{stranger}{key}")),
            "client_certificate holds a key that does not belong to its first certificate",
        ),
        (
            Pem::from(format!("{leaf}{unsupported}")),
            "client_certificate holds a key of an unsupported kind",
        ),
        (
            certificate("encrypted.pem"),
            "encrypted.pem, which holds a key with a password",
        ),
        (certificate("authority.pem"), "authority.pem, which holds no key"),
        (certificate("nowhere.pem"), "nowhere.pem, which cannot be read: "),
    ] {
        let error = Client::builder().with_client_certificate(pem).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
        assert!(error.message().contains(words), "{words}: {error}");
        let shown = format!("{error} {error:?} {}", error.to_json());
        let secret = key.lines().nth(1).unwrap();
        assert!(!shown.contains(secret) && !shown.contains("canary"), "{shown}");
    }
    for (pem, words) in [
        (certificate("server.key"), "server.key, which holds no certificate"),
        (certificate("nowhere.pem"), "certificate_authorities names"),
    ] {
        let error = Client::builder().with_authorities(pem).build().unwrap_err();
        assert!(error.message().contains(words), "{words}: {error}");
    }
}

#[test]
fn a_proxy_over_tls_is_not_shown_the_certificate() {
    let builder = |proxy| Client::builder().with_client_certificate(CLIENT).with_proxy(proxy);
    let error = builder("https://user:canary@proxy.example:8443").build().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    let words = "client_certificate is not used through a proxy over https";
    assert!(error.message().starts_with(words), "{error}");
    assert!(!error.to_string().contains("canary"), "{error}");
    builder("http://proxy.example:8080").build().unwrap();
}

/// A proxy that makes tunnels to one port of this computer for whoever shows `credentials`, and the heads
/// of the requests that it got.
fn proxy(credentials: Option<&'static str>, port: u16) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let heads: Arc<Mutex<Vec<String>>> = Arc::default();
    let log = heads.clone();
    let expected =
        credentials.map(|text| format!("proxy-authorization: basic {}", STANDARD.encode(text)).to_lowercase());
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let Some(head) = read_request(&mut stream) else {
                continue;
            };
            log.lock().unwrap().push(head.clone());
            if expected.as_ref().is_some_and(|expected| !head.contains(expected)) {
                let refusal = "HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic realm=\"x\"\r\n\
                               Content-Length: 0\r\nConnection: close\r\n\r\n";
                let _ = stream.write_all(refusal.as_bytes());
                continue;
            }
            if head.starts_with("connect ") {
                let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n");
                join(stream, TcpStream::connect(("127.0.0.1", port)).unwrap());
            } else {
                let _ = stream.write_all(ANSWER);
            }
        }
    });
    (address, heads)
}

/// Copies both ways until one side ends.
fn join(one: TcpStream, other: TcpStream) {
    let copy = |mut from: TcpStream, mut to: TcpStream| {
        std::thread::spawn(move || {
            let _ = std::io::copy(&mut from, &mut to);
            let _ = to.shutdown(std::net::Shutdown::Write);
        })
    };
    copy(one.try_clone().unwrap(), other.try_clone().unwrap());
    copy(other, one);
}

/// Decoded, it is `us er:canary:p@ss`.
const CREDENTIALS: &str = "us%20er:canary%3Ap%40ss";

#[tokio::test]
async fn a_tunnel_gets_the_credentials_of_the_proxy_and_the_service_the_certificate() {
    let (port, seen) = serve(&rustls::version::TLS13);
    let (address, heads) = proxy(Some("us er:canary:p@ss"), port);
    let client = builder(port)
        .with_client_certificate(CLIENT)
        .with_token_source(token::StaticToken::new("opaque"))
        .with_proxy(format!("http://{CREDENTIALS}@{address}"))
        .build()
        .unwrap();
    assert_eq!(send(&client).await.unwrap()["a"], 1);
    assert!(seen.recv().unwrap());
    let heads = heads.lock().unwrap();
    assert!(heads[0].starts_with("connect localhost:"), "{heads:?}");
    assert!(
        !heads.concat().contains("opaque"),
        "the token is not the proxy's business"
    );
}

#[test]
fn a_refused_password_is_said_and_shown_nowhere() {
    let (shown, log) = listen(|| {
        let (address, heads) = proxy(Some("user:right"), 1);
        let mut shown = String::new();
        for root in ["https://graph.example", "http://graph.example"] {
            for credentials in [format!("{CREDENTIALS}@"), String::new()] {
                let builder = Client::builder()
                    .set_root(url::Url::parse(root).unwrap())
                    .with_allowed_endpoint()
                    .with_retry(RetryPolicy::never())
                    .with_clock(Arc::new(TestClock::default()))
                    .with_proxy(format!("http://{credentials}{address}"));
                shown.push_str(&format!("{builder:?}"));
                let client = builder.build().unwrap();
                let error = client
                    .request::<Value>(Operation::post("/x"))
                    .send_blocking()
                    .unwrap_err();
                assert_eq!(error.kind(), ErrorKind::Connection, "{error:?}");
                assert!(!error.may_have_reached_service(), "{error:?}");
                assert!(
                    error.message().contains("requires a user name and a password"),
                    "{error}"
                );
                assert!(error.next_step().contains("http://user:password@host:port"), "{error}");
                shown.push_str(&format!("{client:?} {error} {error:?} {error:#?} {}", error.to_json()));
            }
        }
        assert_eq!(heads.lock().unwrap().len(), 4);
        for address in [
            "",
            "ftp://user:canary@host",
            "http://user:canary@host:port",
            "http://user:canary@",
        ] {
            let error = Client::builder().with_proxy(address).build().unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidInput, "{error}");
            assert!(error.message().starts_with("proxy "), "{error}");
            shown.push_str(&format!("{error} {error:?} {}", error.to_json()));
        }
        shown
    });
    for text in [shown, log] {
        let encoded = STANDARD.encode("us er:canary:p@ss");
        assert!(
            !text.contains("canary") && !text.contains(&encoded) && !text.contains("us er"),
            "{text}"
        );
    }
}
