//! TLS: who is trusted, and who is not. The certificates are the test's own; the key of their authority is gone.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::Value;
use trunkline_core::clock::TestClock;
use trunkline_core::*;

const AUTHORITY: &str = include_str!("certificates/authority.pem");
const SERVER: &str = include_str!("certificates/server.pem");
const KEY: &str = include_str!("certificates/server.key");

const PAST_AUTHORITY: &str = include_str!("certificates/past_authority.pem");
const EXPIRED: &str = include_str!("certificates/expired.pem");
const EXPIRED_KEY: &str = include_str!("certificates/expired.key");

/// A server that speaks TLS and answers every request with `{"a":1}`; its port.
fn serve() -> u16 {
    serve_with(SERVER, KEY)
}

fn serve_with(certificate: &'static str, key: &'static str) -> u16 {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(
            vec![CertificateDer::from_pem_slice(certificate.as_bytes()).unwrap()],
            PrivateKeyDer::from_pem_slice(key.as_bytes()).unwrap(),
        )
        .unwrap();
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            let mut text = Vec::new();
            let mut byte = [0];
            while !text.ends_with(b"\r\n\r\n") && matches!(stream.read(&mut byte), Ok(1)) {
                text.push(byte[0]);
            }
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}");
            stream.conn.send_close_notify();
            let _ = stream.flush();
        }
    });
    port
}

fn builder(host: &str, port: u16) -> ClientBuilder {
    Client::builder()
        .set_root(url::Url::parse(&format!("https://{host}:{port}")).unwrap())
        .with_no_proxy()
        .with_clock(Arc::new(TestClock::default()))
}

#[tokio::test]
async fn a_given_authority_is_trusted() {
    let client = builder("localhost", serve())
        .with_authorities(AUTHORITY)
        .build()
        .unwrap();
    assert_eq!(
        client.request::<Value>(Operation::get("/x")).send().await.unwrap()["a"],
        1
    );
}

#[test]
fn a_given_authority_is_trusted_by_threads_too() {
    let client = builder("localhost", serve())
        .with_authorities(AUTHORITY)
        .build()
        .unwrap();
    assert_eq!(
        client.request::<Value>(Operation::get("/x")).send_blocking().unwrap()["a"],
        1
    );
}

#[tokio::test]
async fn strangers_are_not_trusted_and_nothing_is_sent_to_them() {
    let port = serve();
    let unknown_authority = builder("localhost", port);
    let other_name = builder("127.0.0.1", port).with_authorities(AUTHORITY);
    let expired = builder("localhost", serve_with(EXPIRED, EXPIRED_KEY)).with_authorities(PAST_AUTHORITY);
    for (builder, reason) in [
        (unknown_authority, "its issuer is not trusted here"),
        (other_name, "it is for another host: localhost"),
        (expired, "it expired on 2016-01-01"),
    ] {
        let error = builder
            .build()
            .unwrap()
            .request::<Value>(Operation::post("/x"))
            .send()
            .await
            .unwrap_err();
        assert_eq!(
            (error.kind(), error.may_have_reached_service()),
            (ErrorKind::Connection, false),
            "{error:?}"
        );
        assert_eq!(error.attempts(), 1, "another attempt would meet the same certificate");
        assert!(error.message().contains("certificate"), "{error:?}");
        assert!(error.message().contains(reason), "{error}");
        assert!(error.next_step().contains("SSL_CERT_FILE"), "{error}");
    }
}
