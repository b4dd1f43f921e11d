//! Under which names the emulator answers, and what it calls itself then.

use serde_json::json;
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
