//! `trunkline emulator`.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};

use serde_json::{Value, json};

use super::harness::{Outcome, binary, file, run};

/// An emulator in a process of its own. It is ended when the test ends, however it ends.
struct Served {
    child: Child,
    ready: Value,
}

impl Served {
    fn start(arguments: &[&str]) -> Self {
        let mut all = vec!["emulator"];
        all.extend(arguments);
        let mut child = binary(&all)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().expect("a pipe"))
            .read_line(&mut line)
            .expect("a line");
        let ready = serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        Self { child, ready }
    }

    fn url(&self) -> &str {
        self.ready["url"].as_str().expect("an address")
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill")
            .args([name, &self.child.id().to_string()])
            .status()
            .expect("kill");
        assert!(sent.success());
    }

    /// Waits for its end, and tells the exit code.
    fn ended(mut self) -> Option<i32> {
        self.child.wait().expect("it ends").code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn post(url: &str, path: &str) -> String {
    let address = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST {path} HTTP/1.1\r\nhost: {address}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The answer to a request with nothing but its token.
fn get(served: &Served, path: &str) -> String {
    get_as(served, served.url().trim_start_matches("http://"), path)
}

/// The answer to a request that calls the emulator by this host.
fn get_as(served: &Served, host: &str, path: &str) -> String {
    let address = served.url().trim_start_matches("http://");
    let token = served.ready["token"].as_str().expect("a token");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nhost: {host}\r\nauthorization: Bearer {token}\r\nconnection: close\r\n\r\n"
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

/// The numbers of the seed, of which the first page lacks one.
#[test]
fn a_list_that_may_not_be_whole_says_so() {
    let faults = json!([{"name": "short", "method": "GET", "path": "*/numberAssignments", "nth": 1, "times": 1,
        "effect": {"kind": "remove", "pointer": "/value/0"}}]);
    let served = Served::start(&["--print-token"]);
    let body = faults.to_string();
    let address = served.url().trim_start_matches("http://");
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(
        stream,
        "POST /__emulator/faults HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .expect("a request");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 2"), "{answer}");
    let list = run_against(&served, &["numbers", "list"]);
    assert_eq!(list.document().as_array().map(Vec::len), Some(19), "{list}");
    assert!(
        list.stderr
            .contains("may be incomplete: the service sent one item twice"),
        "{list}"
    );
}

#[test]
fn it_is_ready_and_serves_the_command_line() {
    let seed =
        file(&json!({"numbers": [{"telephoneNumber": "+12065550199", "numberType": "directRouting"}]}).to_string());
    let served = Served::start(&[
        "--print-token",
        "--seed",
        seed.path().to_str().expect("UTF-8"),
        "--stage-duration",
        "0",
    ]);
    assert_eq!(served.ready["kind"], "ready");
    let token = served.ready["token"].as_str().expect("a token");
    let list = run(binary(&["numbers", "list", "--endpoint", served.url(), "-o", "json"])
        .env("TRUNKLINE_TENANT", served.ready["tenant"].as_str().expect("a tenant"))
        .env("TRUNKLINE_TOKEN", token));
    assert_eq!(list.document()[0]["telephoneNumber"], "+12065550199");
    assert!(post(served.url(), "/__emulator/shutdown").starts_with("HTTP/1.1 202"));
    assert_eq!(served.ended(), Some(0));
}

#[test]
fn the_token_is_printed_on_request_only() {
    let served = Served::start(&["--cloud", "china", "--requests-per-second", "30"]);
    let members: Vec<&String> = served.ready.as_object().expect("an object").keys().collect();
    assert_eq!(members, ["kind", "tenant", "url"]);
}

/// The command line against an emulator of another process.
fn run_against(served: &Served, arguments: &[&str]) -> Outcome {
    run(binary(arguments)
        .env("TRUNKLINE_ENDPOINT", served.url())
        .env("TRUNKLINE_TENANT", "contoso.example")
        .env("TRUNKLINE_TOKEN", served.ready["token"].as_str().expect("a token"))
        .env("TRUNKLINE_OUTPUT", "json"))
}

#[test]
fn its_settings_can_be_chosen() {
    let served = Served::start(&[
        "--print-token",
        "--page-size",
        "7",
        "--next-links",
        "--advance-per-poll",
    ]);
    let all = run_against(&served, &["numbers", "list"]);
    assert_eq!(all.document().as_array().map(Vec::len), Some(20));
    // The command asks for pages as large as they can be; who asks for none gets seven and a link.
    let page = get(&served, "/v1.0/admin/teams/telephoneNumberManagement/numberAssignments");
    assert_eq!(page.matches("\"telephoneNumber\"").count(), 7, "{page}");
    assert!(page.contains("@odata.nextLink"), "{page}");
    let placed = run_against(
        &served,
        &["numbers", "assign", "+12065550101", "ana@contoso.example", "--no-wait"],
    )
    .document();
    let token = placed["resumeToken"].as_str().expect("a token");
    // Every look moves it on; whoever placed it may have looked once.
    let look = || run_against(&served, &["numbers", "follow", token, "--no-wait"]).document()["status"].clone();
    let seen = [look(), look(), look()];
    assert!(seen.contains(&"running".into()), "{seen:?}");
    assert_eq!(seen[2], "succeeded");
}

#[test]
fn its_checks_can_be_chosen() {
    let carla = ["numbers", "assign", "+12065550101", "carla@contoso.example"];
    let served = Served::start(&["--print-token", "--immediate-checks", "--realistic"]);
    assert_eq!(run_against(&served, &carla).error()["status"], 403);
    assert!(!post(served.url(), "/v1.0/nothing").starts_with("HTTP/1.1 200"));

    let ana = [
        "numbers",
        "assign",
        "+12065550101",
        "ana@contoso.example",
        "--timeout",
        "2s",
    ];
    let served = Served::start(&[
        "--print-token",
        "--lenient",
        "--no-permission-checks",
        "--stage-duration",
        "0",
        "--activation-delay",
        "10m",
    ]);
    let pending = run_against(&served, &ana);
    assert_eq!(pending.error()["kind"], "timeout", "{pending}");
    let number = run_against(&served, &["numbers", "get", "+12065550101"]).document();
    assert_eq!(number["activationState"], "assignmentPending");
    let none = run(&mut binary(&["emulator", "--page-size", "0"]));
    assert_eq!(none.code, Some(1), "{none}");
}

#[test]
fn it_answers_to_names_of_this_computer_and_allowed_ones() {
    let served = Served::start(&["--print-token", "--allow-host", "emulator.example"]);
    for host in ["localhost:8400", "emulator.example", "emulator.example:8400"] {
        let answer = get_as(&served, host, "/v1.0/organization");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert!(answer.contains(&format!("http://{host}/v1.0/$metadata")), "{answer}");
    }
    for path in ["/v1.0/organization", "/__emulator/state"] {
        let answer = get_as(&served, "contoso.example", path);
        assert!(
            answer.starts_with("HTTP/1.1 403") && answer.contains("HostNotAllowed"),
            "{answer}"
        );
    }
    let wrong = run(&mut binary(&["emulator", "--allow-host", "http://emulator.example"]));
    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert!(wrong.stderr.contains("'http://emulator.example' is no host"), "{wrong}");
}

#[test]
fn https_is_served_with_an_authority_of_its_own() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority");
    let authority = authority.to_str().expect("UTF-8");
    let tls = ["--print-token", "--tls", "--tls-folder", authority];
    let served = Served::start(&tls);
    assert!(served.url().starts_with("https://localhost:"), "{}", served.ready);
    let certificate = served.ready["certificateFile"].as_str().expect("a file");
    let asked = |certificate: Option<&str>| {
        let mut command = binary(&[
            "numbers",
            "get",
            "+12065550101",
            "--endpoint",
            served.url(),
            "-o",
            "json",
        ]);
        command
            .env("TRUNKLINE_TENANT", "contoso.example")
            .env("TRUNKLINE_TOKEN", served.ready["token"].as_str().expect("a token"));
        if let Some(certificate) = certificate {
            command.env("SSL_CERT_FILE", certificate);
        }
        run(&mut command)
    };
    assert_eq!(asked(Some(certificate)).document()["telephoneNumber"], "+12065550101");
    let distrusted = asked(None);
    assert_eq!(distrusted.code, Some(1), "{distrusted}");
    assert!(distrusted.stderr.contains("certificate"), "{distrusted}");
    let wrong = folder.path().join("file");
    std::fs::write(&wrong, "no folder").expect("written");
    let refused = run(&mut binary(&[
        "emulator",
        "--tls",
        "--tls-folder",
        wrong.to_str().expect("UTF-8"),
    ]));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains(wrong.to_str().expect("UTF-8")), "{refused}");
}

#[test]
fn a_seed_has_a_schema() {
    let printed = run(&mut binary(&["emulator", "--seed-schema"]));
    let schema = printed.document();
    assert_eq!(
        schema["properties"]["numbers"]["items"]["required"][0],
        "telephoneNumber"
    );
    let seed =
        file(&json!({"$schema": "seed.schema.json", "numbers": [{"telefoneNumber": "+12065550199"}]}).to_string());
    let refused = run(&mut binary(&[
        "emulator",
        "--seed",
        seed.path().to_str().expect("UTF-8"),
    ]));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("/numbers/0/telefoneNumber"), "{refused}");
}

#[test]
fn beyond_this_computer_it_needs_a_secret() {
    let served = Served::start(&["--print-token", "--address", "0.0.0.0"]);
    assert!(served.ready["controlSecret"].is_string(), "{}", served.ready);
    assert!(get(&served, "/__emulator/state").starts_with("HTTP/1.1 401"));
    assert!(get(&served, "/v1.0/organization").starts_with("HTTP/1.1 200"));
}

#[test]
fn links_lead_a_client_back_to_the_name_it_used() {
    let served = Served::start(&[
        "--print-token",
        "--next-links",
        "--page-size",
        "7",
        "--stage-duration",
        "0",
    ]);
    let port = served.url().rsplit(':').next().expect("a port");
    let endpoint = format!("http://localhost:{port}");
    let asked = |arguments: &[&str]| {
        run(binary(arguments)
            .env("TRUNKLINE_ENDPOINT", &endpoint)
            .env("TRUNKLINE_TENANT", "contoso.example")
            .env("TRUNKLINE_TOKEN", served.ready["token"].as_str().expect("a token"))
            .env("TRUNKLINE_OUTPUT", "json"))
    };
    assert_eq!(
        asked(&["numbers", "list"]).document().as_array().map(Vec::len),
        Some(20)
    );
    // An order is followed by the address that the service gave it.
    let assigned = asked(&["numbers", "assign", "+12065550101", "ana@contoso.example"]);
    assert_eq!(assigned.code, Some(0), "{assigned}");
}

#[test]
#[cfg(unix)]
fn signals_end_it() {
    for signal in ["-INT", "-TERM"] {
        let served = Served::start(&[]);
        served.signal(signal);
        assert_eq!(served.ended(), Some(0), "{signal}");
    }
}

#[test]
fn a_port_that_is_taken_is_refused() {
    let served = Served::start(&[]);
    let port = served.url().rsplit(':').next().expect("a port");
    let outcome = run(&mut binary(&["emulator", "--port", port]));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    assert_eq!(outcome.stdout, "");
}
