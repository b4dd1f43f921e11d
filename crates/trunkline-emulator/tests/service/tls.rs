//! HTTPS, and the authority that signs the certificates.

use std::io::ErrorKind;

use serde_json::json;
use tempfile::TempDir;
use trunkline_emulator::{DEFAULT_TENANT_ID, Emulator, EmulatorBuilder};

use crate::client::Client;

fn with_tls(folder: &TempDir) -> EmulatorBuilder {
    Emulator::builder()
        .tls(true)
        .tls_folder(folder.path().join("authority"))
}

/// A client that trusts the emulator's authority and nobody else.
fn trusting(emulator: &Emulator) -> Client {
    let client = Client::new(emulator);
    let pem = std::fs::read(emulator.certificate_file().unwrap()).unwrap();
    let http = reqwest::Client::builder()
        .no_proxy()
        .tls_certs_only([reqwest::Certificate::from_pem(&pem).unwrap()])
        .resolve("emulator.example", "127.0.0.1:0".parse().unwrap())
        .resolve("graph.localhost", "127.0.0.1:0".parse().unwrap())
        .build()
        .unwrap();
    Client { http, ..client }
}

#[tokio::test]
async fn one_port_speaks_both_and_links_say_how_it_was_asked() {
    let folder = TempDir::new().unwrap();
    let builder = with_tls(&folder).next_links(true).page_size(7);
    let emulator = builder.allow_host("emulator.example").start().await.unwrap();
    let client = trusting(&emulator);
    assert!(client.root.starts_with("https://localhost:"), "{}", client.root);
    let port = client.root.rsplit(':').next().unwrap().to_owned();
    for root in [
        format!("https://localhost:{port}"),
        format!("https://127.0.0.1:{port}"),
        format!("https://graph.localhost:{port}"),
        format!("https://emulator.example:{port}"),
        format!("http://127.0.0.1:{port}"),
    ] {
        let client = Client {
            root: root.clone(),
            ..client.clone()
        };
        let page = client
            .get("/admin/teams/telephoneNumberManagement/numberAssignments")
            .await;
        let link = page.body["@odata.nextLink"].as_str().unwrap();
        assert!(link.starts_with(&format!("{root}/v1.0/")), "{link}");
        assert_eq!(client.get_absolute(link).await.items().len(), 7);
        let configuration = format!("{root}/{DEFAULT_TENANT_ID}/v2.0/.well-known/openid-configuration");
        let configuration = client.get_absolute(&configuration).await.body;
        assert_eq!(configuration["issuer"], format!("{root}/{DEFAULT_TENANT_ID}/v2.0"));
    }
    // A client that trusts what its system trusts does not get through.
    assert!(Client::new(&emulator).http.get(emulator.url()).send().await.is_err());
}

#[tokio::test]
async fn an_authority_is_made_once() {
    let folder = TempDir::new().unwrap();
    let read = |emulator: &Emulator| std::fs::read(emulator.certificate_file().unwrap()).unwrap();
    let (first, second) = tokio::join!(with_tls(&folder).start(), with_tls(&folder).start());
    let (first, second) = (first.unwrap(), second.unwrap());
    assert_eq!(read(&first), read(&second));
    let client = trusting(&first);
    drop(first);
    let third = with_tls(&folder).start().await.unwrap();
    let client = Client {
        root: third.url().to_owned(),
        ..client
    };
    assert_eq!(client.get("/organization").await.status, 200);
    // A certificate that was deleted is made anew, of the same key.
    std::fs::remove_file(third.certificate_file().unwrap()).unwrap();
    let fourth = with_tls(&folder).start().await.unwrap();
    assert_eq!(trusting(&fourth).get("/organization").await.status, 200);
    let left: Vec<_> = folder.path().read_dir().unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "{left:?}");
}

#[cfg(unix)]
#[tokio::test]
async fn an_authority_that_others_can_read_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = TempDir::new().unwrap();
    drop(with_tls(&folder).start().await.unwrap());
    let (own, key) = (
        folder.path().join("authority"),
        folder.path().join("authority/authority-key.pem"),
    );
    let allow = |path: &std::path::Path, mode| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    for (path, private, open, advice) in [(&own, 0o700, 0o750, "chmod 700"), (&key, 0o600, 0o644, "chmod 600")] {
        allow(path, open);
        let error = with_tls(&folder).start().await.unwrap_err().to_string();
        assert!(
            error.contains(advice) && error.contains(&path.display().to_string()),
            "{error}"
        );
        allow(path, private);
    }
    std::fs::write(&key, "no key").unwrap();
    let error = with_tls(&folder).start().await.unwrap_err().to_string();
    assert!(error.contains("is not the key of an authority"), "{error}");
}

#[tokio::test]
async fn a_public_address_is_in_every_link() {
    let emulator = Emulator::builder()
        .public_url("https://emulator.example:8443/")
        .next_links(true)
        .page_size(7)
        .start()
        .await;
    let emulator = emulator.unwrap();
    assert_eq!(emulator.url(), "https://emulator.example:8443");
    let client = Client {
        root: emulator.plain_url(),
        ..Client::new(&emulator)
    };
    let page = client
        .get("/admin/teams/telephoneNumberManagement/numberAssignments")
        .await;
    let link = page.body["@odata.nextLink"].as_str().unwrap();
    assert!(link.starts_with("https://emulator.example:8443/v1.0/"), "{link}");
    let body = json!({ "telephoneNumber": "+12061234567", "assignmentTargetId": "a0000000-0000-4000-8000-000000000001",
        "numberType": "callingPlan", "assignmentCategory": "primary" });
    let order = "/admin/teams/telephoneNumberManagement/numberAssignments/assignNumber";
    let answer = client.post(order, &body).await;
    assert!(
        answer
            .header("location")
            .unwrap()
            .starts_with("https://emulator.example:8443/v1.0/"),
        "{answer:?}"
    );
    // The public name is answered to.
    let headers = [("Host", "emulator.example:8443")];
    assert_eq!(
        client
            .send("GET", &client.url("/organization"), &headers, None)
            .await
            .status,
        200
    );
    for wrong in [
        "emulator.example",
        "https://emulator.example/base",
        "https://a@b",
        "ftp://x",
    ] {
        let error = Emulator::builder().public_url(wrong).start().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidInput);
        assert!(error.to_string().contains(wrong), "{error}");
    }
}
