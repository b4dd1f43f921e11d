//! Files that are too large, or no files of ours at all.

use trunkline_bulk::input::{self, InputError, InputOptions, Limits, Severity};

use super::error;

fn limited(change: impl FnOnce(&mut Limits)) -> InputOptions {
    let mut options = InputOptions::default();
    change(&mut options.limits);
    options
}

fn error_with(text: impl AsRef<[u8]>, options: &InputOptions) -> InputError {
    input::read(text.as_ref(), options).expect_err("it cannot be read")
}

const FILE: &str = "number,user\n+12065550100,ana@contoso.example\n+12065550101,bo@contoso.example\n";

#[test]
fn what_is_no_file_of_rows_is_named() {
    assert!(matches!(error(""), InputError::Empty));
    assert!(matches!(error("\n\n"), InputError::Empty));
    assert!(matches!(error("[{}"), InputError::BadArray { element: 1, .. }));
    assert!(matches!(error("<table>"), InputError::UnknownFormat(_)));
    assert!(matches!(error(b"%PDF-1.7"), InputError::UnknownFormat("a PDF")));
    assert!(matches!(
        error(b"\x1f\x8b\x08"),
        InputError::UnknownFormat("compressed")
    ));
    assert!(matches!(
        error(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1rest"),
        InputError::Protected
    ));
    let InputError::NoKnownColumn { found } = error("+12065550100,ana@contoso.example\n") else {
        panic!("there is no header");
    };
    assert_eq!(found, "+***00, a***@contoso.example");
    let options = InputOptions {
        delimiter: Some(b'1'),
        ..InputOptions::default()
    };
    assert!(matches!(error_with(FILE, &options), InputError::BadDelimiter(b'1')));
}

#[test]
fn every_limit_holds() {
    for (options, expected) in [
        (limited(|limits| limits.bytes = 20), "the file has more than 20 bytes"),
        (limited(|limits| limits.rows = 1), "the file has more than 1 rows"),
        (
            limited(|limits| limits.columns = 1),
            "the header has more than 1 columns",
        ),
        (
            limited(|limits| limits.cell_bytes = 15),
            "row 2 is longer than 15 bytes, or a cell in it is",
        ),
    ] {
        assert_eq!(error_with(FILE, &options).to_string(), expected);
    }
    assert!(input::read(FILE.as_bytes(), &limited(|limits| limits.rows = 2)).is_ok());
    let long = format!("number,user\n\"{}", "x\n".repeat(1 << 20));
    assert!(matches!(error(&long), InputError::TooLong { row: 2, .. }));
    let long = format!("{{\"user\": \"{}\"}}", "x".repeat(2 << 20));
    assert!(matches!(error(&long), InputError::TooLong { row: 1, .. }));
    let many: String = (0..300).map(|index| format!("{{\"key{index}\": 1}}\n")).collect();
    assert!(matches!(error(many), InputError::TooManyColumns { limit: 256 }));
    let wide = format!("number,user{}\n", ",x".repeat(300));
    assert!(matches!(error(wide), InputError::TooManyColumns { limit: 256 }));
    let commas = format!("number,user\n{}", ",".repeat(2 << 20));
    assert!(matches!(error(commas), InputError::TooLong { .. }));
}

#[test]
fn a_million_problems_are_counted_and_not_kept() {
    let mut text = "number,user\n".to_owned();
    for index in 0..500 {
        text.push_str(&format!("1206555{index:04},ana@contoso.example\n"));
    }
    let input = input::read(text.as_bytes(), &limited(|limits| limits.problems = 10)).unwrap();
    assert_eq!(input.problems().count(Severity::Error), 500);
    assert_eq!(input.problems().iter().count(), 10);
    assert_eq!(input.problems().left_out(), 491, "and one note");
}

#[test]
fn only_files_are_opened() {
    let folder = tempfile::tempdir().unwrap();
    let options = InputOptions::default();
    assert!(matches!(
        input::read_file(folder.path(), &options),
        Err(InputError::NotAFile)
    ));
    let missing = folder.path().join("missing.csv");
    assert!(matches!(input::read_file(&missing, &options), Err(InputError::Io(_))));
    let file = folder.path().join("rows.csv");
    std::fs::write(&file, FILE).unwrap();
    assert_eq!(input::read_file(&file, &options).unwrap().len(), 2);
    #[cfg(unix)]
    {
        let link = folder.path().join("link.csv");
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(input::read_file(&link, &options).unwrap().len(), 2);
        assert!(matches!(
            input::read_file("/dev/null", &options),
            Err(InputError::NotAFile)
        ));
    }
}

#[test]
fn the_digest_is_that_of_the_bytes() {
    let digest = |text: &str| input::read(text.as_bytes(), &InputOptions::default()).unwrap().digest();
    assert_eq!(digest(FILE), digest(FILE));
    assert_ne!(digest(FILE), digest(&FILE.replace("0101", "0102")));
    assert_ne!(digest(FILE), digest(&format!("\u{feff}{FILE}")));
    let expected = "the SHA-256 as other programs print it";
    let hex: String = digest("user,number\n")
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    assert_eq!(
        hex, "0be715ccfd5b98947b5b7a57913df906b4973f7ffd9b7899bc1b435e73945205",
        "{expected}"
    );
}
