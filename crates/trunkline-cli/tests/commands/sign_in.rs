//! `trunkline login`, `logout` and `whoami`, against an emulator that is an authority too.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use trunkline_emulator::{DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET, Emulator, EmulatorBuilder, Fault};

use super::harness::{Outcome, Session, binary, run};

/// Words that stand in tokens and secrets, and never in an output.
const SECRETS: [&str; 4] = ["eyJ", "emulator-refresh", "emulator-device-", DEFAULT_CLIENT_SECRET];

/// An emulator and the settings of one person. Their environment names neither.
struct Desk {
    session: Session,
    folder: TempDir,
}

impl Desk {
    fn new() -> Self {
        Self::of(Emulator::builder())
    }

    fn of(builder: EmulatorBuilder) -> Self {
        Self {
            session: Session::of(builder.device_code_polls(1).device_code_interval(Duration::ZERO)),
            folder: tempfile::tempdir().expect("a folder"),
        }
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = binary(arguments);
        command.env("TRUNKLINE_CONFIG_DIR", self.folder.path());
        command
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        let outcome = run(&mut self.command(arguments));
        for secret in SECRETS {
            assert!(!outcome.everything().contains(secret), "{arguments:?} {outcome}");
        }
        outcome
    }

    fn json(&self, arguments: &[&str]) -> Value {
        self.run(&[arguments, &["-o", "json"]].concat()).document()
    }

    /// Signs in with a device code.
    fn login(&self, more: &[&str]) -> Outcome {
        let endpoint = self.session.emulator.url();
        let base = [
            "login",
            "--tenant",
            "contoso.example",
            "--client-id",
            DEFAULT_CLIENT_ID,
            "--endpoint",
            endpoint,
        ];
        self.run(&[&base, more].concat())
    }

    fn profiles(&self) -> String {
        std::fs::read_to_string(self.folder.path().join("profiles.toml")).expect("profiles")
    }

    /// The files that hold sign-ins.
    fn kept(&self) -> Vec<PathBuf> {
        let Ok(entries) = std::fs::read_dir(self.folder.path().join("sign-ins")) else {
            return Vec::new();
        };
        entries.map(|entry| entry.expect("an entry").path()).collect()
    }

    /// The requests for tokens so far.
    fn sign_ins(&self) -> usize {
        let requests = self.session.emulator.requests();
        requests
            .iter()
            .filter(|request| request.path.contains("/oauth2/"))
            .count()
    }

    fn refuse_sign_ins(&self, error: &str) {
        let fault = json!({"path": "/oauth2/", "effect": {"kind": "signInError", "error": error}});
        let fault: Fault = serde_json::from_value(fault).expect("a fault");
        self.session.emulator.fault(fault);
    }
}

/// Time on the scale of a command that runs so much later.
fn later(by: Duration) -> String {
    let now = jiff::Timestamp::now();
    format!("2@{}", now.checked_sub(by).expect("a moment"))
}

fn text(path: &Path) -> String {
    std::fs::read_to_string(path).expect("a file")
}

#[test]
fn who_signed_in_once_needs_no_options_afterwards() {
    let desk = Desk::new();
    let login = desk.login(&[]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stderr.contains("enter the code EMULATOR"), "{login}");
    assert!(
        login.stderr.contains("kept in a file that only you can read"),
        "{login}"
    );
    for part in [
        "Signed in as ana@contoso.example",
        "contoso.example (",
        "TeamsTelephoneNumber.ReadWrite.All",
        "device-code",
        "profile      contoso",
    ] {
        assert!(login.stdout.contains(part), "{part} {login}");
    }
    let before = desk.sign_ins();
    assert_eq!(
        desk.json(&["numbers", "get", "+12065550101"])["telephoneNumber"],
        "+12065550101"
    );
    let assigned = desk.run(&["numbers", "assign", "+12065550101", "ana@contoso.example"]);
    assert_eq!(assigned.code, Some(0), "{assigned}");
    // The token is kept too. The one question to the authority was which tenant contoso.example is.
    assert_eq!(desk.sign_ins(), before);

    let who = desk.json(&["whoami"]);
    assert_eq!(
        (
            &who["profile"],
            &who["kind"],
            &who["name"],
            &who["tenant"],
            &who["credential"]
        ),
        (
            &json!("contoso"),
            &json!("user"),
            &json!("ana@contoso.example"),
            &json!("contoso.example"),
            &json!("device-code")
        )
    );
    assert!(
        who["tokenExpiresOn"].is_string() && who["tenantId"].is_string(),
        "{who}"
    );
    assert!(who["keptIn"].as_str().expect("a path").contains("sign-ins"), "{who}");
}

#[test]
fn a_token_near_its_end_is_renewed_and_the_new_refresh_token_kept() {
    let desk = Desk::new();
    desk.login(&["--quiet"]);
    let [file] = &desk.kept()[..] else {
        panic!("{:?}", desk.kept())
    };
    let before = text(file);
    let renewed = run(desk
        .command(&["numbers", "get", "+12065550101"])
        .env("TRUNKLINE_TIME_SCALE", later(Duration::from_secs(3600))));
    assert_eq!(renewed.code, Some(0), "{renewed}");
    assert!(!renewed.stderr.contains("EMULATOR"), "{renewed}");
    let refresh = |text: &str| serde_json::from_str::<Value>(text).expect("JSON")["refreshToken"].clone();
    assert_ne!(refresh(&before), refresh(&text(file)));
    assert_eq!(desk.run(&["whoami"]).code, Some(0));
}

#[cfg(unix)]
#[test]
fn files_are_for_their_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let desk = Desk::new();
    desk.login(&["--store", "file"]);
    let mode = |path: &Path| std::fs::metadata(path).expect("it exists").permissions().mode() & 0o777;
    let [file] = &desk.kept()[..] else {
        panic!("{:?}", desk.kept())
    };
    assert_eq!(mode(file), 0o600);
    assert_eq!(mode(file.parent().expect("a folder")), 0o700);
    assert_eq!(mode(&desk.folder.path().join("profiles.toml")), 0o600);
    assert!(!desk.profiles().contains("eyJ"), "{}", desk.profiles());

    std::fs::set_permissions(file, PermissionsExt::from_mode(0o644)).expect("changed");
    let refused = desk.run(&["numbers", "list"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("can be read by others"), "{refused}");
    assert!(refused.stderr.contains("chmod 600"), "{refused}");
}

#[test]
fn logout_removes_the_sign_in_and_says_what_stays_valid() {
    let desk = Desk::new();
    desk.login(&[]);
    let out = desk.run(&["logout"]);
    assert_eq!(out.code, Some(0), "{out}");
    assert!(out.stdout.contains("Signed out of the profile contoso"), "{out}");
    assert!(out.stdout.contains("revokeSignInSessions"), "{out}");
    assert!(desk.kept().is_empty());
    let before = desk.sign_ins();
    for command in [&["numbers", "list"][..], &["whoami"]] {
        let refused = desk.run(command);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(
            refused.stderr.contains("not signed in with the profile contoso"),
            "{refused}"
        );
        assert!(
            refused.stderr.contains("trunkline login --profile contoso"),
            "{refused}"
        );
    }
    assert_eq!(desk.sign_ins(), before, "nobody is asked for a code that nobody sees");
    let again = desk.run(&["logout"]);
    assert!(again.stdout.contains("No sign-in was kept"), "{again}");
    // The profile knows the rest.
    assert_eq!(desk.run(&["login"]).code, Some(0));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_sign_in_that_has_ended_is_removed_and_named() {
    let desk = Desk::new();
    desk.login(&[]);
    desk.refuse_sign_ins("expiredRefreshToken");
    let refused = run(desk
        .command(&["numbers", "list"])
        .env("TRUNKLINE_TIME_SCALE", later(Duration::from_secs(3600))));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(desk.kept().is_empty(), "{refused}");
    let next = desk.run(&["numbers", "list"]);
    assert!(next.stderr.contains("not signed in with the profile contoso"), "{next}");
}

#[test]
fn nobody_enters_the_code() {
    let desk = Desk::new();
    desk.login(&[]);
    let kept = text(&desk.kept()[0]);
    for (error, words) in [
        ("expiredCode", "in time"),
        ("declined", "confirm"),
        ("conditionalAccess", "conditional access"),
    ] {
        let desk_error = Desk::new();
        desk_error.refuse_sign_ins(error);
        let refused = desk_error.login(&[]);
        assert_eq!(refused.code, Some(1), "{refused}");
        assert!(refused.stderr.to_lowercase().contains(words), "{words} {refused}");
        assert!(desk_error.kept().is_empty());
        assert!(!desk_error.folder.path().join("profiles.toml").exists());
    }
    // A sign-in that fails leaves the earlier one.
    desk.refuse_sign_ins("expiredCode");
    assert_eq!(desk.login(&[]).code, Some(1));
    assert_eq!(text(&desk.kept()[0]), kept);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_tenant_that_does_not_exist_is_not_remembered() {
    let desk = Desk::new();
    let endpoint = desk.session.emulator.url();
    let refused = desk.run(&[
        "login",
        "--tenant",
        "nowhere.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("AADSTS90002"), "{refused}");
    assert!(!desk.folder.path().join("profiles.toml").exists());
    assert!(desk.kept().is_empty());
}

#[test]
fn two_tenants_have_two_profiles_and_two_sign_ins() {
    let desk = Desk::new();
    desk.login(&[]);
    let endpoint = desk.session.emulator.url();
    let other = desk.run(&[
        "login",
        "--tenant",
        "fabrikam.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(other.code, Some(0), "{other}");
    assert_eq!(desk.kept().len(), 2);
    let list = desk.json(&["profile", "list"]);
    let names: Vec<(&Value, &Value)> = list
        .as_array()
        .expect("a list")
        .iter()
        .map(|profile| (&profile["name"], &profile["inUse"]))
        .collect();
    assert_eq!(
        names,
        [(&json!("contoso"), &json!(false)), (&json!("fabrikam"), &json!(true))]
    );
    assert_eq!(desk.json(&["whoami"])["tenant"], "fabrikam.example");
    assert_eq!(
        desk.json(&["whoami", "--profile", "contoso"])["tenant"],
        "contoso.example"
    );
    // Graph serves one tenant here, and refuses the other's token.
    assert_eq!(desk.run(&["numbers", "list", "--profile", "fabrikam"]).code, Some(1));
    assert_eq!(desk.run(&["numbers", "list", "--profile", "contoso"]).code, Some(0));
    desk.run(&["profile", "use", "contoso"]);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    let removed = desk.run(&["profile", "remove", "fabrikam"]);
    assert!(removed.stdout.contains("and so is its sign-in"), "{removed}");
    assert_eq!(desk.kept().len(), 1);
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_client_secret_comes_from_standard_input_and_is_kept() {
    let desk = Desk::new();
    let endpoint = desk.session.emulator.url();
    let arguments = [
        "login",
        "--credential",
        "client-secret",
        "--tenant",
        "contoso.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        endpoint,
    ];
    let nothing = desk.run(&arguments);
    assert_eq!(nothing.code, Some(1), "{nothing}");
    assert!(
        nothing.stderr.contains("standard input holds no client secret"),
        "{nothing}"
    );

    let with_input = |secret: &str| {
        let mut child = desk
            .command(&arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut input = child.stdin.take().expect("a pipe");
        input.write_all(secret.as_bytes()).expect("written");
        drop(input);
        Outcome::from(child.wait_with_output().expect("it ends"))
    };
    let wrong = with_input("canary-7f3a-not-the-secret\n");
    assert_eq!(wrong.code, Some(1), "{wrong}");
    assert!(
        wrong.stderr.contains("AADSTS7000215") && !wrong.everything().contains("canary"),
        "{wrong}"
    );
    assert!(desk.kept().is_empty());

    let right = with_input(&format!("{DEFAULT_CLIENT_SECRET}\r\n"));
    assert_eq!(right.code, Some(0), "{right}");
    assert!(
        right.stdout.contains(&format!("the application {DEFAULT_CLIENT_ID}")),
        "{right}"
    );
    assert!(!right.everything().contains(DEFAULT_CLIENT_SECRET), "{right}");
    assert!(!desk.profiles().contains(DEFAULT_CLIENT_SECRET));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    desk.run(&["logout"]);
    let out = desk.run(&["numbers", "list"]);
    assert!(out.stderr.contains("no client secret is kept"), "{out}");
}

#[test]
fn a_certificate_needs_a_path_and_nothing_is_kept() {
    let desk = Desk::new();
    let pem = Path::new(env!("CARGO_MANIFEST_DIR")).join("../trunkline/src/credential/testdata/certificate.pem");
    let pem = pem.to_str().expect("UTF-8");
    let missing = desk.login(&["--credential", "certificate"]);
    assert_eq!(missing.code, Some(1), "{missing}");
    assert!(missing.stderr.contains("no certificate is named"), "{missing}");
    let login = desk.login(&["--credential", "certificate", "--certificate", pem]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(
        login.stdout.contains("an application") || login.stdout.contains("the application"),
        "{login}"
    );
    assert!(desk.kept().is_empty());
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
    // Without a profile the variable names the file.
    let other = Desk::new();
    let by_variable = run(other
        .command(&[
            "numbers",
            "list",
            "--credential",
            "certificate",
            "--tenant",
            "contoso.example",
        ])
        .env("TRUNKLINE_ENDPOINT", other.session.emulator.url())
        .env("AZURE_CLIENT_ID", DEFAULT_CLIENT_ID)
        .env("AZURE_CLIENT_CERTIFICATE_PATH", pem));
    assert_eq!(by_variable.code, Some(0), "{by_variable}");
    let absent = desk.login(&[
        "--credential",
        "certificate",
        "--certificate",
        "/nonexistent/application.pem",
    ]);
    assert!(absent.stderr.contains("/nonexistent/application.pem"), "{absent}");
}

#[cfg(not(any(windows, target_os = "macos")))]
#[test]
fn a_keyring_that_is_not_there_is_a_clear_error_before_anybody_signs_in() {
    let desk = Desk::new();
    let refused = desk.login(&["--store", "keyring"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("there is no keyring"), "{refused}");
    assert!(refused.stderr.contains("--store file"), "{refused}");
    assert_eq!(desk.sign_ins(), 0);
    assert!(!desk.folder.path().join("profiles.toml").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let desk = Desk::new();
    let file = desk.folder.path().join("file");
    std::fs::write(&file, "").expect("written");
    let endpoint = desk.session.emulator.url();
    let refused = run(desk
        .command(&[
            "login",
            "--tenant",
            "contoso.example",
            "--client-id",
            DEFAULT_CLIENT_ID,
            "--endpoint",
            endpoint,
        ])
        .env("TRUNKLINE_CONFIG_DIR", &file));
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(
        refused.stderr.contains("sign-ins") && refused.stderr.contains("TRUNKLINE_CONFIG_DIR"),
        "{refused}"
    );
}

#[test]
fn a_file_that_is_damaged_does_not_keep_anybody_from_signing_in_again() {
    let desk = Desk::new();
    desk.login(&[]);
    std::fs::write(&desk.kept()[0], "{").expect("written");
    let refused = desk.run(&["numbers", "list"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("the kept sign-in cannot be read"), "{refused}");
    assert!(refused.stderr.contains("trunkline login"), "{refused}");
    assert_eq!(desk.login(&[]).code, Some(0));
    assert_eq!(desk.run(&["numbers", "list"]).code, Some(0));
}

#[test]
fn a_variable_that_hides_the_sign_in_is_named() {
    let desk = Desk::new();
    let endpoint = desk.session.emulator.url();
    let login = run(desk
        .command(&[
            "login",
            "--tenant",
            "contoso.example",
            "--client-id",
            DEFAULT_CLIENT_ID,
            "--endpoint",
            endpoint,
        ])
        .env("TRUNKLINE_TOKEN", "x"));
    assert_eq!(login.code, Some(0), "{login}");
    assert!(login.stderr.contains("TRUNKLINE_TOKEN is set"), "{login}");
    assert!(login.stdout.contains("ana@contoso.example"), "{login}");
}

#[test]
fn commands_at_the_same_time_share_a_sign_in() {
    let desk = Desk::new();
    desk.login(&[]);
    let scale = later(Duration::from_secs(3600));
    let children: Vec<_> = (0..6)
        .map(|_| {
            desk.command(&["numbers", "get", "+12065550101"])
                .env("TRUNKLINE_TIME_SCALE", &scale)
                .stdout(Stdio::piped())
                .stderr(Stdio::piped())
                .spawn()
                .expect("the binary starts")
        })
        .collect();
    for child in children {
        let outcome = Outcome::from(child.wait_with_output().expect("it ends"));
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
    assert_eq!(desk.kept().len(), 1, "{:?}", desk.kept());
    assert_eq!(desk.run(&["whoami"]).code, Some(0));
}

#[test]
fn the_most_talkative_command_shows_no_token() {
    let desk = Desk::new();
    let login = desk.login(&["--verbose", "--show-pii"]);
    assert_eq!(login.code, Some(0), "{login}");
    for form in ["table", "json", "csv", "jsonl"] {
        for command in ["whoami", "logout"] {
            desk.run(&[command, "--verbose", "--show-pii", "-o", form]);
        }
    }
}

/// Every command of the guide `docs/sign-in.md`, in its order, in a folder with the files that it names.
#[cfg(unix)]
#[test]
fn every_command_of_the_guide_works() {
    let desk = Desk::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sign-in.md");
    let guide = std::fs::read_to_string(path).expect("docs/sign-in.md");
    let folder = tempfile::tempdir().expect("a folder");
    let pem = include_str!("../../../trunkline/src/credential/testdata/certificate.pem");
    std::fs::write(folder.path().join("application.pem"), pem).expect("written");
    std::fs::write(folder.path().join("secret.txt"), "a secret of the portal\n").expect("written");
    let identity = AppService::serve(desk.session.emulator.token());
    let own = Path::new(env!("CARGO_BIN_EXE_trunkline")).parent().expect("a folder");
    let blocks = guide.split("```sh\n").skip(1);
    let lines: Vec<&str> = blocks
        .flat_map(|block| block.split("```").next().unwrap_or_default().lines())
        .collect();
    assert!(lines.len() > 15, "{lines:?}");
    for line in lines {
        let outcome = run(Command::new("sh")
            .args(["-eu", "-c", line])
            .env_clear()
            .current_dir(folder.path())
            .env("PATH", format!("{}:/usr/bin:/bin", own.display()))
            .env("TRUNKLINE_CONFIG_DIR", desk.folder.path())
            .env("TRUNKLINE_ENDPOINT", desk.session.emulator.url())
            .env("IDENTITY_ENDPOINT", &identity.address)
            .env("IDENTITY_HEADER", "x"));
        assert_eq!(outcome.code, Some(0), "{line}\n{outcome}");
    }
    // The table of features is the one of the spec.
    for feature in trunkline::Feature::ALL {
        assert!(
            guide.contains(&format!("| `{}` | {} |", feature.name, feature.title)),
            "{feature:?}"
        );
    }
    // The file that the guide shows is one that is read.
    let toml = guide
        .split("```toml\n")
        .nth(1)
        .and_then(|rest| rest.split("```").next())
        .expect("a file");
    std::fs::write(desk.folder.path().join("profiles.toml"), toml).expect("written");
    let shown = desk.run(&["profile", "show"]);
    assert!(shown.stdout.contains("columns.user"), "{shown}");
}

#[test]
fn signing_in_by_https_needs_a_trusted_authority() {
    let folder = tempfile::tempdir().expect("a folder");
    let authority = folder.path().join("authority");
    let desk = Desk::of(Emulator::builder().tls(true).tls_folder(&authority));
    let url = desk.session.emulator.url().to_owned();
    assert!(url.starts_with("https://"), "{url}");
    let certificate = desk.session.emulator.certificate_file().expect("a file").to_owned();
    let login = [
        "login",
        "--tenant",
        "contoso.example",
        "--client-id",
        DEFAULT_CLIENT_ID,
        "--endpoint",
        &url,
    ];
    let distrusted = desk.run(&login);
    assert_eq!(distrusted.code, Some(1), "{distrusted}");
    assert!(distrusted.stderr.contains("certificate"), "{distrusted}");
    for arguments in [&login[..], &["whoami"], &["numbers", "list"]] {
        let outcome = run(desk.command(arguments).env("SSL_CERT_FILE", &certificate));
        assert_eq!(outcome.code, Some(0), "{outcome}");
    }
}

#[test]
fn a_managed_identity_is_remembered_without_anything_that_is_kept() {
    let desk = Desk::new();
    let refused = desk.run(&["login", "--credential", "token", "--tenant", "contoso.example"]);
    assert_eq!(refused.code, Some(1), "{refused}");
    assert!(refused.stderr.contains("nothing to sign in"), "{refused}");
    let endpoint = desk.session.emulator.url();
    let identity = AppService::serve(desk.session.emulator.token());
    let of_service = |arguments: &[&str]| {
        run(desk
            .command(arguments)
            .env("IDENTITY_ENDPOINT", &identity.address)
            .env("IDENTITY_HEADER", "x"))
    };
    let login = of_service(&[
        "login",
        "--credential",
        "managed-identity",
        "--tenant",
        "contoso.example",
        "--endpoint",
        endpoint,
    ]);
    assert_eq!(login.code, Some(0), "{login}");
    assert!(desk.profiles().contains("managed-identity"), "{}", desk.profiles());
    assert!(desk.kept().is_empty());
    let list = of_service(&["numbers", "list"]);
    assert_eq!(list.code, Some(0), "{list}");
}

/// The endpoint at which Azure's App Service offers its managed identity.
struct AppService {
    address: String,
}

impl AppService {
    /// Answers every request with the token, until the test ends.
    fn serve(token: String) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a free port");
        let address = format!("http://{}/msi/token", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                let mut request = [0; 4096];
                let _ = stream.read(&mut request);
                let end = jiff::Timestamp::now().as_second() + 3600;
                let body = json!({"access_token": token, "expires_on": end.to_string(), "resource": "x", "token_type": "Bearer"});
                let body = body.to_string();
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: {}\r\n\r\n",
                    body.len()
                );
                let _ = stream.write_all(format!("{head}{body}").as_bytes());
            }
        });
        Self { address }
    }
}
