//! Connections: how old they may be, how many there are, when they are closed, and through which proxy they go.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, channel};

use serde_json::Value;
use trunkline_core::clock::TestClock;
use trunkline_core::*;

use crate::network::{Server, json, read, read_request, serve};
use crate::scripted::{seconds, update};

fn answers(count: usize) -> Vec<Vec<u8>> {
    vec![json("200 OK", "{\"a\":1}"); count]
}

fn builder(server: &Server, clock: &TestClock) -> ClientBuilder {
    Client::builder()
        .set_root(server.root.clone())
        .with_no_proxy()
        .with_clock(Arc::new(clock.clone()))
}

async fn send(client: &Client, operation: Operation) {
    client.request::<Option<Value>>(operation).send().await.unwrap();
}

#[tokio::test]
async fn nothing_goes_on_a_connection_that_was_idle_for_long_and_a_write_less_so() {
    let (server, clock) = (serve(answers(20)), TestClock::default());
    let client = builder(&server, &clock).build().unwrap();
    let write = || Operation::post("/x").body("{}");
    let mut expected = 1;
    for (idle, operation, is_new) in [
        (0, read(), false),
        (1, write(), false),
        (1, write(), false),
        (2, write(), true),
        (19, read(), false),
        (19, update(), false),
        (20, read(), true),
        (20, update(), true),
        (3, write(), true),
        (1, read(), false),
        (1, write(), false),
    ] {
        clock.advance(seconds(idle));
        let about = format!("{} after {idle} s", operation.method());
        send(&client, operation).await;
        expected += usize::from(is_new);
        assert_eq!(server.connections.load(Ordering::SeqCst), expected, "{about}");
    }
}

#[test]
fn threads_keep_the_same_rule() {
    let (server, clock) = (serve(answers(3)), TestClock::default());
    let client = builder(&server, &clock).build().unwrap();
    let post = || client.request::<Value>(Operation::post("/x")).send_blocking().unwrap();
    post();
    post();
    clock.advance(seconds(2));
    post();
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn no_more_connections_than_are_allowed_and_the_rest_waits() {
    let (server, clock) = (serve(answers(300)), TestClock::default());
    let client = builder(&server, &clock).with_maximum_connections(8).build().unwrap();
    let all = (0..300).map(|_| client.request::<Value>(read()).send());
    let all = futures_util::future::join_all(all).await;
    assert!(all.iter().all(Result::is_ok));
    let connections = server.connections.load(Ordering::SeqCst);
    assert!((1..=8).contains(&connections), "{connections}");
}

#[tokio::test]
async fn a_deadline_ends_the_wait_for_a_turn_and_nothing_was_sent() {
    // A server that never answers.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let root = url::Url::parse(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let client = Client::builder()
        .set_root(root)
        .with_maximum_connections(1)
        .build()
        .unwrap();
    let stuck = client.request::<Value>(read()).send();
    let waiting = async {
        tokio::task::yield_now().await;
        let request = client.request::<Value>(Operation::post("/x"));
        request.with_timeout(std::time::Duration::from_millis(20)).send().await
    };
    let error = tokio::select! {
        biased;
        _ = stuck => unreachable!("nobody answers"),
        outcome = waiting => outcome.unwrap_err(),
    };
    assert!(error.is_timeout() && !error.may_have_reached_service(), "{error}");
    assert!(error.next_step().contains("fewer requests at once"), "{error}");
}

#[test]
fn closing_closes_connections_and_later_requests_open_new_ones() {
    let (server, clock) = (serve(answers(2)), TestClock::default());
    let client = builder(&server, &clock).build().unwrap();
    client.request::<Value>(read()).send_blocking().unwrap();
    assert!(server.left.try_recv().is_err(), "it is kept");
    client.close();
    server.left.recv_timeout(seconds(10)).expect("it was closed");
    client.request::<Value>(read()).send_blocking().unwrap();
    assert_eq!(server.connections.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn closing_closes_connections_of_an_async_program() {
    let (server, clock) = (serve(answers(1)), TestClock::default());
    let client = builder(&server, &clock).build().unwrap();
    send(&client, read()).await;
    client.close();
    let left = server.left;
    let closed = tokio::task::spawn_blocking(move || left.recv_timeout(seconds(10)));
    closed.await.unwrap().expect("it was closed");
}

/// A proxy that speaks SOCKS 5 and is the server as well; where it was to connect to.
fn socks() -> (String, Receiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let (sender, targets) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let target = speak_socks(stream).unwrap_or_else(|error| error.to_string());
            // The test may be over.
            let _ = sender.send(target);
        }
    });
    (address, targets)
}

fn speak_socks(mut stream: TcpStream) -> std::io::Result<String> {
    let read = |count: usize, stream: &mut TcpStream| -> std::io::Result<Vec<u8>> {
        let mut bytes = vec![0; count];
        stream.read_exact(&mut bytes).map(|()| bytes)
    };
    let greeting = read(2, &mut stream)?;
    if greeting[0] != 5 {
        return Ok(format!("not SOCKS 5: {greeting:?}"));
    }
    read(greeting[1].into(), &mut stream)?;
    stream.write_all(&[5, 0])?;
    let kind = read(4, &mut stream)?[3];
    let host = if kind == 3 {
        let length = read(1, &mut stream)?[0];
        String::from_utf8_lossy(&read(length.into(), &mut stream)?).into_owned()
    } else {
        let bytes = read(4, &mut stream)?;
        bytes.iter().map(u8::to_string).collect::<Vec<_>>().join(".")
    };
    let port = read(2, &mut stream)?;
    stream.write_all(&[5, 0, 0, 1, 0, 0, 0, 0, 0, 0])?;
    read_request(&mut stream);
    stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nConnection: close\r\n\r\n{\"a\":1}")?;
    Ok(format!("{host}:{}", u16::from_be_bytes([port[0], port[1]])))
}

#[tokio::test]
async fn socks_is_supported_and_the_proxy_looks_names_up_when_the_kind_says_so() {
    for (kind, host, target) in [
        ("socks5h", "graph.example", "graph.example:80"),
        ("socks5", "127.0.0.1", "127.0.0.1:80"),
    ] {
        let (proxy, targets) = socks();
        let client = Client::builder()
            .set_root(url::Url::parse(&format!("http://{host}")).unwrap())
            .with_allowed_endpoint()
            .with_proxy(format!("{kind}://{proxy}"))
            .build()
            .unwrap();
        send(&client, read()).await;
        assert_eq!(targets.recv_timeout(seconds(10)).unwrap(), target, "{kind}");
    }
}

#[tokio::test]
async fn a_proxy_of_an_unsupported_kind_is_refused_before_anything_is_sent() {
    for address in ["ftp://host:1", "http://", "socks9://host"] {
        let error = Client::builder().with_proxy(address).build().unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput, "{address}: {error}");
    }
    // A proxy that is none ends in an error that names it.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let _ = stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n");
        }
    });
    let client = Client::builder()
        .set_root(url::Url::parse("http://graph.example").unwrap())
        .with_allowed_endpoint()
        .with_clock(Arc::new(TestClock::default()))
        .with_proxy(format!("socks5h://{address}"))
        .build()
        .unwrap();
    let error = client.request::<Value>(read()).send().await.unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Connection);
    assert!(error.message().contains("the proxy refused the connection"), "{error}");
}
