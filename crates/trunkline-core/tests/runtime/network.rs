//! Faults of the network: a server of raw sockets, and the real transport.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::Value;
use trunkline_core::clock::TestClock;
use trunkline_core::retry::RetryPolicy;
use trunkline_core::*;

use crate::scripted::{assign, update};

/// Answers the n-th request with the n-th of `answers`, written as it is; then the connection is closed, unless the
/// answer says that it stays.
pub(crate) struct Server {
    pub(crate) root: url::Url,
    pub(crate) connections: Arc<AtomicUsize>,
    requests: Arc<AtomicUsize>,
    /// The heads of the requests, in lower case.
    heads: Arc<Mutex<Vec<String>>>,
    /// One word for each connection that the server has closed.
    closed: Receiver<()>,
    /// One word for each connection that the client has closed.
    pub(crate) left: Receiver<()>,
}

pub(crate) fn serve(answers: Vec<Vec<u8>>) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = url::Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let (connections, requests) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (closing, closed) = channel();
    let (leaving, left) = channel();
    let server = Server {
        root,
        closed,
        left,
        connections: connections.clone(),
        requests: requests.clone(),
        heads: Arc::default(),
    };
    let heads = server.heads.clone();
    let answers = Arc::new(answers);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { return };
            connections.fetch_add(1, Ordering::SeqCst);
            let (answers, requests, heads) = (answers.clone(), requests.clone(), heads.clone());
            let (closing, leaving) = (closing.clone(), leaving.clone());
            std::thread::spawn(move || {
                while let Some(head) = read_request(&mut stream) {
                    heads.lock().unwrap().push(head);
                    let index = requests.fetch_add(1, Ordering::SeqCst);
                    let Some(answer) = answers.get(index) else { return };
                    if stream.write_all(answer).is_err() {
                        return;
                    }
                    if !answer.windows(10).any(|part| part.eq_ignore_ascii_case(b"keep-alive")) {
                        let _ = stream.shutdown(Shutdown::Both);
                        // The test may be over.
                        let _ = closing.send(());
                        return;
                    }
                }
                let _ = leaving.send(());
            });
        }
    });
    server
}

/// Reads one whole request and gives its head; `None`: the other side is gone.
pub(crate) fn read_request(stream: &mut TcpStream) -> Option<String> {
    let mut text = Vec::new();
    let mut byte = [0];
    while !text.ends_with(b"\r\n\r\n") {
        match stream.read(&mut byte) {
            Ok(1) => text.push(byte[0]),
            _ => return None,
        }
    }
    let head = String::from_utf8_lossy(&text).to_ascii_lowercase();
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.split("\r\n").next()?.parse().ok())
        .unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).is_ok().then_some(head)
}

fn raw(head: &str, body: &[u8]) -> Vec<u8> {
    // Unless it is said, the client may send its next request into a connection that is just being closed.
    let close = if head.contains("keep-alive") {
        ""
    } else {
        "Connection: close\r\n"
    };
    let mut answer = format!("HTTP/1.1 {head}\r\n{close}Content-Length: {}\r\n\r\n", body.len()).into_bytes();
    answer.extend_from_slice(body);
    answer
}

pub(crate) fn json(status: &str, body: &str) -> Vec<u8> {
    raw(
        &format!("{status}\r\nContent-Type: application/json\r\nConnection: keep-alive"),
        body.as_bytes(),
    )
}

fn client(server: &Server) -> Client {
    client_with(server, |builder| builder)
}

fn client_with(server: &Server, change: impl FnOnce(ClientBuilder) -> ClientBuilder) -> Client {
    let builder = Client::builder()
        .set_root(server.root.clone())
        .with_no_proxy()
        .with_operations(crate::scripted::TABLE)
        .with_clock(Arc::new(TestClock::default()));
    change(builder).build().unwrap()
}

async fn fails(answers: Vec<Vec<u8>>, operation: Operation) -> Error {
    let server = serve(answers);
    client(&server).request::<Value>(operation).send().await.unwrap_err()
}

pub(crate) fn read() -> Operation {
    Operation::get("/x")
}

#[tokio::test]
async fn a_connection_is_used_again() {
    let server = serve(vec![json("200 OK", "{\"a\":1}"), json("201 Created", "{\"a\":2}")]);
    let client = client(&server);
    assert_eq!(client.request::<Value>(read()).send().await.unwrap()["a"], 1);
    let posted = client
        .request::<Value>(Operation::post("/x").body("{}"))
        .send()
        .await
        .unwrap();
    assert_eq!((posted["a"].as_i64(), posted.status().as_u16()), (Some(2), 201));
    assert_eq!(server.connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_write_without_a_body_says_so() {
    let server = serve(vec![json("204 No Content", ""); 2]);
    let client = client(&server);
    client
        .request::<()>(Operation::post("/users/ana/enableSmsSignIn"))
        .send()
        .await
        .unwrap();
    client
        .request::<()>(Operation::get("/x").query("$filter", "a eq '+1'"))
        .send()
        .await
        .unwrap();
    let heads = server.heads.lock().unwrap();
    assert!(
        heads[0].contains("content-length: 0\r\n"),
        "gateways answer 411 without it: {}",
        heads[0]
    );
    assert!(
        heads[1].starts_with("get /v1.0/x?$filter=a%20eq%20%27%2b1%27 http/1.1\r\n"),
        "{}",
        heads[1]
    );
    assert!(
        heads[1].contains("accept-encoding: gzip\r\n") && !heads[1].contains("content-length"),
        "{}",
        heads[1]
    );
}

#[tokio::test]
async fn a_dropped_connection_is_repeated_for_reads_and_unknown_for_writes() {
    let server = serve(vec![Vec::new(), json("200 OK", "{}")]);
    client(&server).request::<Value>(read()).send().await.unwrap();
    let server = serve(vec![Vec::new(), json("204 No Content", "")]);
    client(&server).request::<()>(update()).send().await.unwrap();
    let server = serve(vec![Vec::new(), json("202 Accepted", "")]);
    let error = client(&server).request::<()>(assign()).send().await.unwrap_err();
    assert!(error.is_unknown_outcome() && error.may_have_reached_service());
    assert_eq!(server.requests.load(Ordering::SeqCst), 1, "no replay");
}

#[test]
fn a_connection_that_was_closed_in_the_meantime_is_no_unknown_outcome() {
    // Says nothing about closing, and closes.
    let silent = || b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec();
    let server = serve((0..20).map(|_| silent()).collect());
    let client = client(&server);
    for _ in 0..20 {
        client
            .request::<Value>(Operation::post("/x").body("{}"))
            .send_blocking()
            .unwrap();
        // The end of the connection is there; nobody polls it meanwhile, as in a thread that does other work.
        server.closed.recv().unwrap();
    }
    assert_eq!(server.requests.load(Ordering::SeqCst), 20);
}

#[tokio::test]
async fn a_cut_body_is_repeated_for_reads_and_unknown_for_writes() {
    let cut = || b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"a\":".to_vec();
    let server = serve(vec![cut(), json("200 OK", "{}")]);
    client(&server).request::<Value>(read()).send().await.unwrap();
    let server = serve(vec![cut()]);
    let error = client(&server).request::<Value>(assign()).send().await.unwrap_err();
    assert!(error.is_unknown_outcome(), "{error}");
    assert!(error.message().contains("cut off"));
}

#[tokio::test]
async fn nobody_there_is_never_sent() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let root = url::Url::parse(&format!("http://{free}")).unwrap();
    let clock = TestClock::default();
    let client = Client::builder()
        .set_root(root)
        .with_no_proxy()
        .with_clock(Arc::new(clock.clone()))
        .build()
        .unwrap();
    let error = client.request::<()>(Operation::post("/x")).send().await.unwrap_err();
    assert_eq!(
        (error.kind(), error.may_have_reached_service(), error.attempts()),
        (ErrorKind::Connection, false, 4)
    );
    assert_eq!(clock.waits().len(), 3);
}

#[tokio::test]
async fn silence_is_a_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = url::Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let client = Client::builder()
        .set_root(root)
        .with_no_proxy()
        .with_attempt_timeout(Duration::from_millis(50))
        .with_retry(RetryPolicy::never())
        .build()
        .unwrap();
    let error = client.request::<Value>(read()).send().await.unwrap_err();
    assert!(error.is_timeout() && error.may_have_reached_service());
    let error = client
        .request::<Value>(Operation::post("/x").body("{}"))
        .send()
        .await
        .unwrap_err();
    assert!(error.is_unknown_outcome());
    drop(listener);
}

#[tokio::test]
async fn bodies_that_are_not_the_services_are_unexpected() {
    let page = b"<!DOCTYPE html><html>Sign in</html>";
    for answer in [
        raw("200 OK\r\nContent-Type: text/html; charset=utf-8", page),
        raw("200 OK", page),
        raw("200 OK\r\nContent-Type: application/json", b"not json"),
        raw("200 OK\r\nContent-Type: application/json", b"{\"a\":1} trailing"),
        raw("200 OK\r\nContent-Type: application/json", b"{\"a\":\"\xff\"}"),
    ] {
        let error = fails(vec![answer.clone(); 4], read()).await;
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
        assert_eq!(error.status().unwrap().as_u16(), 200);
        assert!(error.body().is_some());
        let error = fails(vec![answer], Operation::post("/x")).await;
        assert!(error.may_have_reached_service());
    }
    let server = serve(vec![raw("200 OK\r\nContent-Type: text/html", page); 4]);
    let error = client(&server).request::<()>(update()).send().await.unwrap_err();
    assert_eq!(
        error.kind(),
        ErrorKind::UnexpectedBody,
        "a sign-in page is no success, even where no body is wanted"
    );
    let bom = raw("200 OK\r\nContent-Type: application/json", b"\xef\xbb\xbf{\"a\":1}");
    assert_eq!(
        client(&serve(vec![bom])).request::<Value>(read()).send().await.unwrap()["a"],
        1
    );
}

#[tokio::test]
async fn failures_without_a_usable_body_keep_their_status() {
    for (answer, status) in [
        (raw("502 Bad Gateway", b""), 502),
        (
            raw("500 Internal Server Error\r\nContent-Type: text/html", b"<h1>Oops</h1>"),
            500,
        ),
        (raw("400 Bad Request", b"\xff\xfe"), 400),
        (raw("404 Not Found", b"\"a string\""), 404),
        (raw("409 Conflict", &vec![b'x'; 10 << 20]), 409),
    ] {
        let server = serve(vec![answer.clone(); 4]);
        let error = client(&server).request::<Value>(read()).send().await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert!(error.body().is_none_or(|body| body.len() <= 4096));
    }
}

#[tokio::test]
async fn large_bodies_are_refused_whatever_they_announce() {
    let huge = vec![b' '; 2 << 20];
    let announced = raw("200 OK", &huge);
    let mut chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    for _ in 0..32 {
        chunked.extend_from_slice(b"10000\r\n");
        chunked.extend_from_slice(&huge[..0x10000]);
        chunked.extend_from_slice(b"\r\n");
    }
    chunked.extend_from_slice(b"0\r\n\r\n");
    for answer in [announced, chunked] {
        let server = serve(vec![answer; 4]);
        let client = client_with(&server, |builder| builder.with_maximum_body(1 << 20));
        let error = client.request::<Value>(read()).send().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedBody, "{error}");
        assert_eq!(server.requests.load(Ordering::SeqCst), 1, "not again");
    }
}

#[tokio::test]
async fn gzip_is_read_and_its_bombs_are_defused() {
    // 3 bytes of JSON, and 64 MiB of zeros, both packed by gzip.
    const SMALL: &[u8] = &[
        0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 0xab, 0xae, 0x05, 0, 0x43, 0xbf, 0xa6, 0xa3, 2, 0, 0, 0,
    ];
    let server = serve(vec![raw("200 OK\r\nContent-Encoding: gzip", SMALL)]);
    let value = client(&server).request::<Value>(read()).send().await.unwrap();
    assert_eq!(*value, serde_json::json!({}));
    let bomb = bomb();
    assert!(bomb.len() < 500_000, "{}", bomb.len());
    let server = serve(vec![raw("200 OK\r\nContent-Encoding: gzip", &bomb)]);
    let error = client(&server).request::<Value>(read()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::UnexpectedBody);
    assert!(error.message().contains("larger"), "{error}");
}

/// A gzip stream of about 64 MiB of zeros, put together by hand: one deflate block with fixed codes that repeats the
/// longest match. Bits are written from the lowest up, codes from their highest bit down.
fn bomb() -> Vec<u8> {
    let mut stream = vec![0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3];
    let (mut bits, mut count) = (0_u32, 0);
    let mut push = |value: u32, length: u32, stream: &mut Vec<u8>| {
        bits |= value << count;
        count += length;
        while count >= 8 {
            stream.push(bits as u8);
            bits >>= 8;
            count -= 8;
        }
    };
    push(1, 1, &mut stream); // last block
    push(1, 2, &mut stream); // fixed codes
    push(0b0000_1100, 8, &mut stream); // literal 0: code 00110000, reversed
    for _ in 0..(64 << 20) / 258 {
        push(0b1010_0011, 8, &mut stream); // length 258: code 11000101, reversed
        push(0, 5, &mut stream); // distance 1
    }
    push(0, 7, &mut stream); // end of block
    push(0, 7, &mut stream);
    stream.extend_from_slice(&[0; 8]); // checksum and size: never reached
    stream
}

#[tokio::test]
async fn redirects_are_named_and_not_followed() {
    let elsewhere = serve(vec![json("200 OK", "{}")]);
    for status in [
        "301 Moved",
        "302 Found",
        "307 Temporary Redirect",
        "308 Permanent Redirect",
    ] {
        let location = format!("{status}\r\nLocation: {}v1.0/x?token=secret", elsewhere.root);
        let written = fails(vec![raw(&location, b"")], Operation::post("/x").body("{}")).await;
        assert_eq!(written.kind(), ErrorKind::UnknownOutcome, "{written}");
        let read = fails(vec![raw(&location, b""); 4], read()).await;
        assert_eq!(read.kind(), ErrorKind::Redirected, "{read}");
        for error in [written, read] {
            assert!(
                error.message().contains("127.0.0.1") && !error.to_string().contains("secret"),
                "{error}"
            );
        }
    }
    assert_eq!(elsewhere.connections.load(Ordering::SeqCst), 0);
}

#[test]
fn threads_block_with_connections_of_their_own() {
    let server = serve((0..40).map(|_| json("200 OK", "{\"a\":1}")).collect());
    let client = client(&server);
    std::thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..10 {
                    assert_eq!(client.request::<Value>(read()).send_blocking().unwrap()["a"], 1);
                }
            });
        }
    });
    assert!(server.connections.load(Ordering::SeqCst) <= 4);
}

#[tokio::test]
async fn blocking_inside_a_runtime_is_an_error() {
    let server = serve(vec![]);
    let error = client(&server).request::<Value>(read()).send_blocking().unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(error.next_step().contains("async form"));
}

#[test]
fn an_async_call_without_a_runtime_is_an_error() {
    let server = serve(vec![]);
    let client = client(&server);
    let future = client.request::<Value>(read()).send();
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    let std::task::Poll::Ready(result) = std::future::Future::poll(future.as_mut(), &mut context) else {
        panic!("it waits for a runtime that is not there")
    };
    assert!(result.unwrap_err().message().contains("runtime"));
}
