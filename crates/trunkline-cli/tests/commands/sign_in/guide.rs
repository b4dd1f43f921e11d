//! The guide `docs/sign-in.md`, carried out.

use std::path::Path;
use std::process::Command;

use super::desk::{AppService, Desk};
use crate::harness::run;

/// Every command of the guide `docs/sign-in.md`, in its order, in a folder with the files that it names.
#[test]
fn every_command_of_the_guide_works() {
    let desk = Desk::new();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/sign-in.md");
    let guide = std::fs::read_to_string(path).expect("docs/sign-in.md");
    let folder = tempfile::tempdir().expect("a folder");
    let pem = include_str!("../../../../trunkline/src/credential/testdata/certificate.pem");
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
