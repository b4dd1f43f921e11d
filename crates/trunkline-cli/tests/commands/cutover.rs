//! The workbook of a cutover as people have it, from the file to the end, without editing it by hand.

use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};

use serde_json::{Value, json};
use trunkline_emulator::Emulator;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::harness::{Outcome, Session, run};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// Rows of people, below a header in row 3.
const PEOPLE: u32 = 300;
const FIRST: u32 = 4;

const SEATTLE: &str = "10c00000-0000-4000-8000-000000000001";
const REDMOND: &str = "10c00000-0000-4000-8000-000000000002";

/// `+1206555` and these four digits.
fn digits(person: u32) -> u32 {
    2000 + person
}

fn user(person: u32) -> String {
    format!("user{person:03}@contoso.example")
}

fn text(reference: &str, text: &str) -> String {
    format!("<c r='{reference}' t='inlineStr'><is><t xml:space='preserve'>{text}</t></is></c>")
}

/// Title in row 1, row 2 blank, headers in row 3, a site merged over half of the rows, numbers with spaces and every tenth stored as
/// a number, two hidden rows, a row of totals.
fn workbook() -> Vec<u8> {
    let mut rows = format!("<row r='1'>{}</row>", text("A1", "Cutover Seattle and Redmond, wave 1"));
    let headings = ["Site", "Name", "UPN", "Phone number", "Comment"];
    let header: String = ('A'..)
        .zip(headings)
        .map(|(column, heading)| text(&format!("{column}3"), heading))
        .collect();
    rows.push_str(&format!("<row r='3'>{header}</row>"));
    let half = FIRST + PEOPLE / 2;
    for person in 0..PEOPLE {
        let row = FIRST + person;
        let mut cells = String::new();
        if row == FIRST || row == half {
            cells.push_str(&text(
                &format!("A{row}"),
                if row == FIRST { "Seattle" } else { " redmond" },
            ));
        }
        cells.push_str(&text(&format!("B{row}"), &format!("Person {person}")));
        cells.push_str(&text(&format!("C{row}"), &user(person)));
        let digits = digits(person);
        let number = if person % 10 == 0 {
            format!("<c r='D{row}'><v>1206555{digits}</v></c>")
        } else {
            text(
                &format!("D{row}"),
                &format!("+1 206 555 {} {:02}", digits / 100, digits % 100),
            )
        };
        cells.push_str(&number);
        let hidden = if [10, 11].contains(&person) { " hidden='1'" } else { "" };
        rows.push_str(&format!("<row r='{row}'{hidden}>{cells}</row>"));
    }
    let last = FIRST + PEOPLE - 1;
    let total = FIRST + PEOPLE + 1;
    rows.push_str(&format!(
        "<row r='{total}'>{}<c r='D{total}'><f>COUNTA(D{FIRST}:D{last})</f><v>{PEOPLE}</v></c></row>",
        text(&format!("A{total}"), "Total")
    ));
    let merged = format!(
        "<mergeCells><mergeCell ref='A1:E1'/><mergeCell ref='A{FIRST}:A{}'/><mergeCell ref='A{half}:A{last}'/></mergeCells>",
        half - 1
    );
    let sheet = format!("<worksheet xmlns='{MAIN}'><sheetData>{rows}</sheetData>{merged}</worksheet>");
    let link = |id, kind, target| {
        format!(
            "<Relationships xmlns='{PACKAGE}'><Relationship Id='{id}' Type='{LINKS}/{kind}' Target='{target}'/></Relationships>"
        )
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in [
        ("_rels/.rels", link("r1", "officeDocument", "xl/workbook.xml")),
        (
            "xl/workbook.xml",
            format!(
                "<workbook xmlns='{MAIN}' xmlns:r='{LINKS}'><sheets><sheet name='Wave 1' sheetId='1' r:id='r1'/></sheets></workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            link("r1", "worksheet", "worksheets/sheet1.xml"),
        ),
        ("xl/worksheets/sheet1.xml", sheet),
    ] {
        archive
            .start_file(path, SimpleFileOptions::default())
            .expect("room for it");
        archive.write_all(content.as_bytes()).expect("room for it");
    }
    archive.finish().expect("room for it").into_inner()
}

/// An export of `Get-CsOnlineLisLocation | Export-Csv` with two sites.
fn export() -> String {
    format!(
        "\"CompanyName\",\"CivicAddressId\",\"LocationId\",\"Description\",\"Location\",\"StreetName\",\"City\"\n\
         \"Contoso\",\"c1\",\"{SEATTLE}\",\"Seattle\",\"\",\"Example Way\",\"Seattle\"\n\
         \"Contoso\",\"c2\",\"{REDMOND}\",\"Redmond\",\"\",\"Sample Road\",\"Redmond\"\n"
    )
}

struct Cutover {
    session: Session,
    folder: tempfile::TempDir,
}

impl Cutover {
    fn new() -> Self {
        let builder = Emulator::builder()
            .stage_duration(std::time::Duration::ZERO)
            .seed(seed());
        let cutover = Self {
            session: Session::of(builder),
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (name, content) in files() {
            std::fs::write(cutover.path(name), content).expect("room for it");
        }
        cutover
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self, arguments: &[&str]) -> Outcome {
        run(self.session.command(arguments).current_dir(self.folder.path()))
    }
}

/// 300 licensed people, and as many free numbers.
fn seed() -> Value {
    let users: Vec<Value> = (0..PEOPLE)
        .map(|person| {
            json!({
                "id": format!("a1000000-0000-4000-8000-{person:012}"),
                "userPrincipalName": user(person),
                "displayName": format!("Person {person}"),
                "accountEnabled": true,
                "userType": "Member",
                "usageLocation": "US",
                "licenseDetails": [{
                    "id": "l",
                    "skuId": "06ebc4ee-1bb5-47dd-8120-11324bc54e06",
                    "skuPartNumber": "SPE_E5",
                    "servicePlans": [{
                        "servicePlanId": "4828c8ec-dc2e-4779-b502-87ac9ce28ab7",
                        "servicePlanName": "MCOEV",
                        "provisioningStatus": "Success",
                        "appliesTo": "User",
                    }],
                }],
                "teams": {"accountType": "user"},
            })
        })
        .collect();
    let numbers: Vec<Value> = (0..PEOPLE)
        .map(|person| {
            json!({
                "telephoneNumber": format!("+1206555{}", digits(person)),
                "numberType": "directRouting",
                "activationState": "activated",
                "capabilities": ["userAssignment"],
                "assignmentStatus": "unassigned",
            })
        })
        .collect();
    json!({"users": users, "numbers": numbers})
}

/// The files of a cutover. Those in `tests/cutover` are for the tests of the packages and for readers of `docs/cutover.md`.
fn files() -> [(&'static str, Vec<u8>); 3] {
    let seed = format!("{}\n", seed());
    [
        ("cutover.xlsx", workbook()),
        ("lis.csv", export().into_bytes()),
        ("seed.json", seed.into_bytes()),
    ]
}

#[test]
fn the_files_of_the_guide_are_these() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/cutover");
    for (name, content) in files() {
        let path = folder.join(name);
        if std::env::var_os("TRUNKLINE_UPDATE").is_some() {
            std::fs::create_dir_all(&folder).expect("a folder");
            std::fs::write(path, content).expect("room for it");
        } else {
            let present = std::fs::read(path).expect(name);
            assert!(
                present == content,
                "{name}: TRUNKLINE_UPDATE=1 cargo test -p trunkline-cli cutover"
            );
        }
    }
}

#[test]
fn the_workbook_needs_options_that_messages_name_and_no_editing() {
    let cutover = Cutover::new();
    let plan = ["bulk", "plan", "cutover.xlsx"];
    // Hidden rows first: nobody is planned without being seen.
    let hidden = cutover.run(&plan);
    assert_eq!(hidden.code, Some(1), "{hidden}");
    assert!(hidden.stderr.contains("2 rows with values are hidden"), "{hidden}");
    assert!(hidden.stderr.contains("--hidden skip"), "{hidden}");
    let plan = [&plan[..], &["--hidden", "skip"]].concat();

    let causes = cutover.run(&plan);
    assert_eq!(causes.code, Some(1), "{causes}");
    let out = &causes.stdout;
    assert!(
        out.contains("the header is in row 3; row 1 above it was skipped (Cutover Seattle and Redmond"),
        "{causes}"
    );
    // 29 numbers are stored as numbers, one more is hidden: one entry.
    assert_eq!(out.matches("error: ").count(), 1, "{causes}");
    assert!(out.contains("(column number, 29 cells: D4, D24, D34,"), "{causes}");
    assert!(
        out.contains("suggestion: Add --accept-suggestions to give 29 rows"),
        "{causes}"
    );
    assert!(out.contains("D4    12065552000 is +12065552000"), "{causes}");
    assert!(out.contains("… and 9 more; --details shows them"), "{causes}");
    assert!(out.contains("--locations FILE"), "{causes}");
    assert!(out.contains("skipped (row 305)"), "the row of totals: {causes}");
    assert!(out.lines().count() < 60, "{causes}");

    let names = cutover.run(&["locations", "import", "lis.csv", "--save", "sites.csv"]);
    assert_eq!(names.code, Some(0), "{names}");
    assert!(
        names.stdout.contains("2 names of 2 locations") && names.stdout.contains("--locations sites.csv"),
        "{names}"
    );

    let whole = [
        &plan[..],
        &[
            "--accept-suggestions",
            "--locations",
            "sites.csv",
            "--save",
            "cutover.plan",
        ],
    ]
    .concat();
    let planned = cutover.run(&whole);
    assert_eq!(planned.code, Some(0), "{planned}");
    assert!(planned.stdout.contains("298 rows: 298 to change"), "{}", planned.stderr);
    assert!(
        planned
            .stdout
            .contains("29 numbers are suggested by the digits of a cell"),
        "{}",
        planned.stderr
    );
    let planned = cutover.run(&[&whole[..], &["-o", "json"]].concat()).json();
    let row = |row: u32| {
        let rows = planned["rows"].as_array().expect("rows").iter();
        rows.clone().find(|found| found["row"] == row).expect("the row").clone()
    };
    assert_eq!(row(4)["wanted"]["number"], "+12065552000");
    assert_eq!(row(4)["wanted"]["location"], SEATTLE);
    assert_eq!(row(5)["wanted"]["number"], "+12065552001");
    assert_eq!(row(153)["wanted"]["location"], SEATTLE);
    assert_eq!(row(303)["wanted"]["location"], REDMOND);

    assert_eq!(
        cutover
            .run(&["bulk", "apply", "cutover.plan", "--yes", "-o", "json", "--unlimited"])
            .code,
        Some(0)
    );
    let verified = cutover.run(&["bulk", "verify", "cutover.journal", "-o", "json"]).json();
    assert_eq!(verified["summary"]["hold"], 298);
}

#[test]
fn causes_are_in_every_form_and_in_doctor() {
    let cutover = Cutover::new();
    let plan = ["bulk", "plan", "cutover.xlsx", "--hidden", "include"];
    let all = cutover.run(&[&plan[..], &["-o", "json"]].concat()).json();
    let groups = all["problemGroups"].as_array().expect("groups");
    assert_eq!(
        (&groups[0]["kind"], &groups[0]["count"]),
        (&"storedAsNumber".into(), &30.into())
    );
    assert_eq!(groups[0]["cells"][1], "D14");
    let counts = groups.iter().filter_map(|group| group["count"].as_u64());
    let problems = all["problems"].as_array().map(|problems| problems.len() as u64);
    assert_eq!(problems, Some(counts.sum()));
    assert_eq!(
        all["suggestions"][0],
        json!({"row": 4, "cell": "D4", "text": "12065552000", "number": "+12065552000"})
    );
    let jsonl = cutover.run(&[&plan[..], &["-o", "jsonl"]].concat());
    for kind in ["{\"problemGroup\":", "{\"problem\":", "{\"suggestion\":"] {
        assert!(jsonl.stdout.lines().any(|line| line.starts_with(kind)), "{kind}");
    }
    let details = cutover.run(&[&plan[..], &["--details"]].concat());
    assert_eq!(details.stdout.matches("error: row ").count(), 30, "{details}");
    assert!(details.stdout.contains("error: row 4, number (D4): "), "{details}");

    let doctor = cutover.run(&["doctor", "cutover.xlsx", "--hidden", "include"]);
    assert_eq!(doctor.code, Some(1), "{doctor}");
    assert!(
        doctor.stdout.contains("file: 270 rows can be read; 30 rows cannot"),
        "{doctor}"
    );
    assert!(
        doctor.stdout.contains("(column number, 30 cells: D4, D14,") && doctor.stdout.contains("--accept-suggestions"),
        "{doctor}"
    );

    // A number of a country needs no inventory.
    let country = cutover.run(&[&plan[..], &["--country", "US"]].concat());
    assert_eq!(country.code, Some(0), "{country}");
    // Nobody is signed in: the file is checked all the same.
    let mut signed_out = cutover.session.command(&plan);
    let signed_out = run(signed_out
        .env_remove("TRUNKLINE_TOKEN")
        .current_dir(cutover.folder.path()));
    assert!(
        signed_out.stdout.contains("(column number, 30 cells: D4, D14,"),
        "{signed_out}"
    );
}

#[test]
fn mappings_and_names_that_are_not_there_are_refused_by_name() {
    let cutover = Cutover::new();
    let plan =
        |arguments: &[&str]| cutover.run(&[&["bulk", "plan", "cutover.xlsx", "--hidden", "skip"], arguments].concat());
    for (arguments, words) in [
        (&["--column", "user=Mail"][..], "no column is headed \"Mail\""),
        (&["--column", "user=Mail"], "Site, Name, UPN, Phone number, Comment"),
        (
            &["--column", "mail=UPN"],
            "there is no such field; use one of action, number",
        ),
        (&["--column", "user"], "such as user=Mail"),
        (
            &["--column", "user=UPN", "--column", "number=upn"],
            "is given to two columns",
        ),
        (&["--locations", "nowhere.csv"], "the file of locations cannot be read"),
        (
            &["--locations", "cutover.xlsx"],
            "has no column of names or none of ids",
        ),
    ] {
        let outcome = plan(arguments);
        assert_eq!(outcome.code, Some(1), "{outcome}");
        assert!(outcome.stderr.contains(words), "{words}: {outcome}");
    }
    let mapped = plan(&["--column", "user=Comment", "--column", "category=Name"]);
    assert!(mapped.stdout.contains("another heading was named for user"), "{mapped}");
    let ambiguous = format!("name,locationId\nSeattle,{SEATTLE}\nseattle,{REDMOND}\n");
    std::fs::write(cutover.path("two.csv"), ambiguous).expect("room for it");
    let names = cutover.run(&["locations", "import", "two.csv"]);
    assert_eq!(names.code, Some(0), "{names}");
    assert!(
        names
            .stdout
            .contains("warning: several locations are named \"Seattle\""),
        "{names}"
    );
    let json = cutover.run(&["locations", "import", "two.csv", "-o", "json"]).json();
    assert_eq!(json["ambiguous"][0]["locations"].as_array().map(Vec::len), Some(2));
    let outcome = plan(&["--locations", "two.csv", "--country", "US"]);
    assert!(
        outcome
            .stdout
            .contains("several emergency locations are named \"Seattle\""),
        "{outcome}"
    );
    assert!(
        outcome
            .stdout
            .contains("(column location, 148 cells: A4:A13, A16:A153)"),
        "rows of merged cells count, hidden ones do not: {outcome}"
    );
}
