//! Names of sites and emergency locations.

use std::path::PathBuf;

use trunkline::Change;
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{Column, FoundLocation, InputError, InputOptions, Locations};

use super::workbook::{text, workbook};
use super::{complaints, read, read_with};

const HQ: &str = "10c00000-0000-4000-8000-000000000001";
const FLOOR: &str = "10c00000-0000-4000-8000-000000000002";
const REDMOND: &str = "10c00000-0000-4000-8000-000000000003";

/// An export of `Get-CsOnlineLisLocation | Export-Csv`, without the columns that nobody reads.
fn export() -> String {
    format!(
        "#TYPE Selected.System.Management.Automation.PSCustomObject\r\n\
         \"CompanyName\",\"CivicAddressId\",\"LocationId\",\"Description\",\"Location\",\"HouseNumber\",\"StreetName\",\"City\",\"StateOrProvince\",\"PostalCode\",\"CountryOrRegion\"\r\n\
         \"Contoso\",\"c1\",\"{HQ}\",\"Seattle HQ\",\"\",\"1\",\"Example Way\",\"Seattle\",\"WA\",\"98101\",\"US\"\r\n\
         \"Contoso\",\"c1\",\"{FLOOR}\",\"Seattle HQ\",\"Floor 2\",\"1\",\"Example Way\",\"Seattle\",\"WA\",\"98101\",\"US\"\r\n\
         \"Contoso\",\"c2\",\"{REDMOND}\",\"Redmond\",\"\",\"5\",\"Sample Road\",\"Redmond\",\"WA\",\"98052\",\"US\"\r\n"
    )
}

struct Names {
    folder: tempfile::TempDir,
}

impl Names {
    fn of(content: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        std::fs::write(folder.path().join("names"), content).expect("room for it");
        Self { folder }
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("names")
    }

    fn options(&self) -> InputOptions {
        InputOptions {
            locations: Some(self.path()),
            ..InputOptions::default()
        }
    }
}

fn id(input: &trunkline_bulk::input::Input, row: usize) -> Option<&str> {
    match &input.rows()[row].change {
        Change::Assign { location, .. } => location.as_deref(),
        _ => None,
    }
}

#[test]
fn sites_of_a_file_are_the_locations_of_an_export() {
    let names = Names::of(export());
    let file = format!(
        "Site,UPN,Phone\n redmond ,ana@contoso.example,+12065550101\nSeattle  HQ - floor 2,bo@contoso.example,+12065550102\n\
         Floor 2,cy@contoso.example,+12065550103\n{REDMOND},di@contoso.example,+12065550104\n,ed@contoso.example,+12065550105\n"
    );
    let input = read_with(&file, &names.options());
    assert_eq!(complaints(&input), []);
    let ids: Vec<_> = (0..5).map(|row| id(&input, row)).collect();
    assert_eq!(ids, [Some(REDMOND), Some(FLOOR), Some(FLOOR), Some(REDMOND), None]);
    // Without the file, the column is not read, and the warning names the option.
    let input = read(&file);
    assert_eq!(complaints(&input), [(1, "Site", Kind::UnknownColumn)]);
    let mut warnings = input.problems().iter();
    let warning = warnings
        .find(|problem| problem.kind == Kind::UnknownColumn)
        .expect("the warning");
    assert!(warning.next_step.contains("--locations FILE"), "{warning}");
    // With another heading of the location, a site is only a site.
    let both = "Site,UPN,Phone,Location\nBerlin,ana@contoso.example,+12065550101,Redmond\n";
    let input = read_with(both, &names.options());
    assert_eq!(
        (id(&input, 0), complaints(&input)),
        (Some(REDMOND), vec![(1, "Site", Kind::UnknownColumn)])
    );
    let mapped = names.options().column(Column::Location, "Building");
    let file = "Building,UPN,Phone\nRedmond,ana@contoso.example,+12065550101\n";
    assert_eq!(id(&read_with(file, &mapped), 0), Some(REDMOND));
}

#[test]
fn a_name_that_several_have_or_nobody_has_is_a_problem_that_lists_them() {
    let names = Names::of(export());
    let input = read_with(
        "Site,UPN,Phone\nSeattle HQ,ana@contoso.example,+12065550101\nRedmont,bo@contoso.example,+12065550102\nTokyo,cy@contoso.example,+12065550103\n",
        &names.options(),
    );
    assert_eq!(
        complaints(&input),
        [
            (2, "location", Kind::AmbiguousLocation),
            (3, "location", Kind::UnknownLocation),
            (4, "location", Kind::UnknownLocation)
        ]
    );
    let words: Vec<String> = input.problems().iter().map(ToString::to_string).collect();
    let find = |kind: &str| {
        words
            .iter()
            .find(|word| word.contains(kind))
            .expect("the problem")
            .clone()
    };
    let several = find("several emergency locations");
    assert!(several.contains(HQ) && several.contains(FLOOR), "{several}");
    assert!(find("\"Redmont\"").contains("the nearest names are Redmond"));
    assert!(!find("\"Tokyo\"").contains("nearest"));
    // Without a file of names, an id is asked for, and the option is named.
    let input = read("location,UPN,Phone\nRedmond,ana@contoso.example,+12065550101\n");
    let problem = input.problems().iter().last().expect("the problem");
    assert!(
        problem.kind == Kind::BadLocation && problem.next_step.contains("--locations FILE"),
        "{problem}"
    );
}

#[test]
fn names_come_from_every_file_that_has_names_and_ids() {
    let found = |content: &[u8], name: &str| {
        let locations = Locations::read(content).unwrap_or_else(|error| panic!("{error}"));
        match locations.find(name) {
            FoundLocation::One(location) => location.id.clone(),
            other => panic!("{other:?}"),
        }
    };
    let own = format!(
        "Names of our sites;\nname;locationId\nSeattle;{HQ}\nRedmond;{}\n",
        REDMOND.to_uppercase()
    );
    assert_eq!(found(own.as_bytes(), "REDMOND"), REDMOND);
    let addresses = format!(
        "CivicAddressId,DefaultLocationId,Description,City\n\
         c1000000-0000-4000-8000-000000000001,{HQ},Seattle HQ,Seattle\nc1,00000000-0000-0000-0000-000000000000,Nowhere,\n"
    );
    assert_eq!(found(addresses.as_bytes(), "seattle hq"), HQ);
    assert_eq!(Locations::read(addresses.as_bytes()).expect("names").len(), 1);
    let rows = [["Standort", "LocationId"], ["Berlin", REDMOND]].map(|row| row.map(text).to_vec());
    assert_eq!(found(&workbook([("Sites", rows.to_vec())]), "berlin"), REDMOND);
}

#[test]
fn what_was_read_is_written_and_reads_back_as_the_same() {
    let locations = Locations::read(export().as_bytes()).expect("names");
    assert_eq!((locations.len(), locations.name_count()), (3, 5));
    let ambiguous = locations.ambiguous();
    assert_eq!(ambiguous.len(), 1);
    assert_eq!((ambiguous[0].0.as_str(), ambiguous[0].1.len()), ("Seattle HQ", 2));
    let mut csv = Vec::new();
    locations.write_csv(&mut csv).expect("memory");
    let text = String::from_utf8(csv).expect("UTF-8");
    assert!(text.starts_with("name,locationId,address\n"), "{text}");
    assert!(
        text.contains(&format!(
            "Redmond,{REDMOND},Contoso 5 Sample Road Redmond WA 98052 US\n"
        )),
        "{text}"
    );
    let again = Locations::read(text.as_bytes()).expect("names");
    assert!(again.iter().eq(locations.iter()), "{text}");
}

#[test]
fn a_file_of_names_that_has_none_is_refused_as_that() {
    for (content, words) in [
        ("a,b\n1,2\n", "the first row has: a, b"),
        ("name,city\nSeattle,Seattle\n", "the first row has: name, city"),
        ("", "the file is empty"),
    ] {
        let names = Names::of(content);
        let refused = trunkline_bulk::input::read(&b"number,user\n"[..], &names.options()).expect_err("refused");
        assert!(refused.to_string().contains("the file of locations"), "{refused}");
        assert!(refused.to_string().contains(words), "{refused}");
    }
    let options = InputOptions {
        locations: Some("nowhere.csv".into()),
        ..InputOptions::default()
    };
    let refused = trunkline_bulk::input::read(&b"number,user\n"[..], &options).expect_err("refused");
    assert!(matches!(refused, InputError::Locations(_)), "{refused}");
}
