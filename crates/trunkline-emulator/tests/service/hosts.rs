//! The host names to which the emulator answers, and the addresses in its answers.

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use trunkline_emulator::Emulator;

use crate::client::Client;

const NUMBERS: &str = "/admin/teams/telephoneNumberManagement/numberAssignments";

fn port(emulator: &Emulator) -> &str {
    emulator.url().rsplit(':').next().unwrap()
}

#[tokio::test]
async fn links_carry_the_host_that_was_asked() {
    let emulator = Emulator::builder().next_links(true).start().await.unwrap();
    let client = Client::new(&emulator);
    for host in [
        format!("localhost:{}", port(&emulator)),
        "localhost:8080".to_owned(),
        "[::1]:8080".to_owned(),
    ] {
        let root = format!("http://{host}/v1.0/");
        let headers = [("Host", host.as_str())];
        let path = client.url(&format!("{NUMBERS}?$top=2"));
        let page = client.send("GET", &path, &headers, None).await;
        for member in ["@odata.context", "@odata.nextLink"] {
            let link = page.body[member].as_str().unwrap();
            assert!(link.starts_with(&root), "{member}: {link}");
        }
        let body = json!({ "telephoneNumber": "+12065550100", "numberType": "directRouting" });
        let order = client
            .send(
                "POST",
                &client.url(&format!("{NUMBERS}/unassignNumber")),
                &headers,
                Some(body.to_string().into_bytes()),
            )
            .await;
        let location = order.header("location").unwrap_or_else(|| panic!("{}", order.text));
        assert!(location.starts_with(&root), "{location}");
    }
}

/// The first line and the rest of what a request of these lines is answered.
async fn raw(emulator: &Emulator, lines: &[&str]) -> String {
    let mut stream = TcpStream::connect(emulator.url().trim_start_matches("http://"))
        .await
        .unwrap();
    let mut request = lines.join("\r\n");
    let token = emulator.token();
    request.push_str(&format!(
        "\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    ));
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn whatever_names_the_host_is_looked_at() {
    let emulator = Emulator::start().await.unwrap();
    let local = "GET http://localhost:8080/v1.0/organization HTTP/1.1";
    let foreign = "GET http://contoso.example/v1.0/organization HTTP/1.1";
    let path = "GET /v1.0/organization HTTP/1.1";
    for (lines, status) in [
        (&[local, "host: localhost:8080"][..], "200"),
        (&[foreign, "host: localhost:8080"], "403"),
        (&[path, "host: 127.0.0.1"], "200"),
        (&[path, "host: localhost."], "200"),
        (&[path, "host: [::1]:9"], "200"),
        (&[path, "host: LOCALHOST"], "200"),
        (&[path, "host: 192.0.2.1:80"], "403"),
        (&[path, "host: localhost", "host: contoso.example"], "403"),
        (&[path, "host: contoso.example", "host: localhost"], "403"),
        (&[path, "host: localhost", "origin: http://contoso.example"], "403"),
        (
            &[
                path,
                "host: localhost",
                "origin: http://localhost:5173",
                "origin: http://contoso.example",
            ],
            "403",
        ),
        (&["GET /v1.0/organization HTTP/1.0"], "200"),
    ] {
        let answer = raw(&emulator, lines).await;
        // Some of them the HTTP library refuses by itself.
        let refused = status == "403" && answer.split(' ').nth(1) == Some("400");
        assert!(
            refused || answer.split(' ').nth(1) == Some(status),
            "{lines:?}: {answer}"
        );
    }
    let answer = raw(&emulator, &[local, "host: localhost:8080"]).await;
    assert!(
        answer.contains("http://localhost:8080/v1.0/$metadata#organization"),
        "{answer}"
    );
}

#[tokio::test]
async fn both_addresses_of_this_computer_are_served() {
    let emulator = Emulator::start().await.unwrap();
    if std::net::TcpListener::bind("[::1]:0").is_err() {
        // A computer without IPv6: there is nothing to serve.
        return;
    }
    let client = Client {
        root: format!("http://[::1]:{}", port(&emulator)),
        ..Client::new(&emulator)
    };
    let answer = client.get("/organization").await;
    assert_eq!(answer.status, 200, "{}", answer.text);
    let context = answer.body["@odata.context"].as_str().unwrap();
    assert!(context.starts_with(&client.root), "{context}");
}

#[tokio::test]
async fn only_names_can_be_allowed() {
    for wrong in ["", "http://emulator.example", "emulator.example/path", "*"] {
        let error = Emulator::builder().allow_host(wrong).start().await.unwrap_err();
        assert!(error.to_string().contains("is no host to allow"), "{wrong}: {error}");
    }
}

#[tokio::test]
async fn a_token_of_one_name_is_good_under_another() {
    let emulator = Emulator::start().await.unwrap();
    let client = Client::new(&emulator);
    let audience = format!("http://localhost:{}", port(&emulator));
    let token = emulator.issue_token(trunkline_emulator::TokenRequest {
        audience: Some(audience),
        ..Default::default()
    });
    let other = Client {
        token: Some(token),
        ..client
    };
    assert_eq!(other.get("/organization").await.status, 200);
}

#[tokio::test]
async fn strangers_are_refused_everywhere() {
    let emulator = Emulator::builder()
        .allow_host("emulator.example")
        .start()
        .await
        .unwrap();
    let client = Client::new(&emulator);
    let organization = client.url("/organization");
    let stop = format!("{}/__emulator/shutdown", emulator.url());
    for header in [
        ("Host", "contoso.example"),
        ("Host", "contoso.example:80"),
        ("Origin", "https://contoso.example"),
        ("Origin", "null"),
    ] {
        for (method, url) in [("GET", &organization), ("POST", &stop)] {
            let answer = client.send(method, url, &[header], None).await;
            assert_eq!(
                (answer.status, answer.code()),
                (403, "HostNotAllowed"),
                "{header:?} {url}"
            );
        }
    }
    for header in [
        ("Host", "emulator.example"),
        ("Origin", "http://localhost:3000"),
        ("Origin", "http://emulator.example"),
    ] {
        let answer = client.send("GET", &organization, &[header], None).await;
        assert_eq!(answer.status, 200, "{header:?}: {}", answer.text);
    }
}
