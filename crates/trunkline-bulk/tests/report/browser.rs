//! The page in a real browser, which `TRUNKLINE_BROWSER` names: `cargo xtask test browser` finds one and runs this.

use std::path::Path;
use std::process::{Command, Stdio};

use trunkline_bulk::report::{Privacy, write_page};

use crate::sample::{report, rows};

/// The document of a page after its script has run.
fn document(browser: &str, page: &Path, profile: &Path, fragment: &str) -> String {
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            "--dump-dom",
        ])
        .arg(format!("--user-data-dir={}", profile.display()))
        .arg(format!("file://{}{fragment}", page.display()))
        .stdin(Stdio::null())
        .stderr(Stdio::null())
        .output()
        .expect("the browser starts");
    assert!(output.status.success(), "the browser ended with {}", output.status);
    String::from_utf8(output.stdout).expect("a document is UTF-8")
}

fn count(text: &str, part: &str) -> usize {
    text.matches(part).count()
}

#[test]
#[ignore = "needs a browser; run: cargo xtask test browser"]
fn a_browser_shows_totals_timeline_causes_and_rows() {
    let browser = std::env::var("TRUNKLINE_BROWSER").expect("TRUNKLINE_BROWSER names a browser");
    let folder = tempfile::tempdir().expect("a folder");
    let page = folder.path().join("report.html");
    let rows = rows(600);
    let report = report(&rows, Privacy::Full);
    let file = std::fs::File::create(&page).expect("a file");
    write_page(&report, rows, std::io::BufWriter::new(file)).expect("written");

    let shown = document(&browser, &page, &folder.path().join("profile"), "");
    assert!(
        shown.contains("<title>Trunkline: bulk run</title>"),
        "a hostile text ran as script"
    );
    assert_eq!(count(&shown, "<img"), 0, "a hostile text became an element");
    for ending in ["done", "already", "failed", "skipped", "pending", "unknown"] {
        assert!(
            shown.contains(&format!("id=\"total-{ending}\">100<")),
            "{ending} is not counted"
        );
    }
    assert!(shown.contains("id=\"total-open\">3<"));
    let body = shown
        .split_once("id=\"table-body\">")
        .and_then(|(_, rest)| rest.split_once("</tbody>"))
        .expect("a table")
        .0;
    assert_eq!(count(body, "<tr>"), 200, "the script draws the first part of the rows");
    assert!(shown.contains("1 to 200 of 600"));
    assert_eq!(count(&shown, "class=\"bar\""), 160, "the time is drawn in equal parts");
    assert_eq!(count(&shown, "class=\"wait\""), 5);
    assert_eq!(
        count(&shown, "card cause"),
        4,
        "one cause for each ending that is not good"
    );
    assert!(shown.contains("Give the holder a Teams Phone licence"));
}
