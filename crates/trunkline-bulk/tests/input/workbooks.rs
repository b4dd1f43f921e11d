//! Workbooks: cells that look right and are not, and archives that are made to harm.

use std::io::{Cursor, Write};

use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{self, Format, InputError, InputOptions};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::workbook::{text, workbook};
use super::{complaints, error, pair, read, read_with};

const ANA: &str = "ana@contoso.example";

fn file(rows: Vec<Vec<String>>) -> Vec<u8> {
    let header = vec![text("Number"), text("User")];
    workbook([("Numbers", std::iter::once(header).chain(rows))])
}

#[test]
fn cells_of_text_are_read_and_all_others_are_problems() {
    for (cell, kind) in [
        (text("+12065550100"), None),
        (String::from("<c><v>12065550100</v></c>"), Some(Kind::StoredAsNumber)),
        (String::from("<c><v>1.20656E+10</v></c>"), Some(Kind::StoredAsNumber)),
        (
            String::from("<c t=\"str\"><f>A1&amp;B1</f><v>+12065550100</v></c>"),
            Some(Kind::Formula),
        ),
        (String::from("<c><f>SUM(A1:A2)</f><v>1</v></c>"), Some(Kind::Formula)),
        (String::from("<c t=\"b\"><v>1</v></c>"), Some(Kind::WrongKind)),
        (String::from("<c t=\"e\"><v>#REF!</v></c>"), Some(Kind::WrongKind)),
        (text("1.20656E+10"), Some(Kind::ScientificNumber)),
        (text("12065550100"), Some(Kind::NoPlus)),
        (String::from("<c/>"), Some(Kind::EmptyCell)),
    ] {
        let input = read(file(vec![vec![cell.clone(), text(ANA)]]));
        assert_eq!(input.format(), Format::Xlsx);
        let expected: Vec<_> = kind.map(|kind| (2, "number", kind)).into_iter().collect();
        assert_eq!(complaints(&input), expected, "{cell}");
        if kind.is_none() {
            assert_eq!(pair(&input.rows()[0]), ("+12065550100".to_owned(), ANA.to_owned()));
        }
    }
}

#[test]
fn rows_have_the_numbers_of_the_sheet() {
    let input = read(file(vec![
        vec![],
        vec![text("+12065550100"), text(ANA)],
        vec![text(" "), text("")],
        vec![text("+12065550101"), text("bo@contoso.example"), text("a note")],
        vec![text("+12065550102"), text("cy@contoso.example")],
    ]));
    assert_eq!(input.rows().iter().map(|row| row.row).collect::<Vec<_>>(), [3, 6]);
    assert_eq!(complaints(&input), [(5, "", Kind::ExtraCells)]);
}

#[test]
fn the_sheet_can_be_named() {
    let rows = |number: &str| vec![vec![text("number"), text("user")], vec![text(number), text(ANA)]];
    let bytes = workbook([("First", rows("+12065550100")), ("Second", rows("+12065550101"))]);
    assert_eq!(pair(&read(&bytes).rows()[0]).0, "+12065550100");
    let mut options = InputOptions {
        sheet: Some("second".to_owned()),
        ..InputOptions::default()
    };
    assert_eq!(pair(&read_with(&bytes, &options).rows()[0]).0, "+12065550101");
    options.sheet = Some("Third".to_owned());
    let error = input::read(&*bytes, &options).unwrap_err();
    assert_eq!(
        error.to_string(),
        "the workbook has no sheet \"Third\" (it has: First, Second)"
    );
    assert_eq!(complaints(&read(&bytes)), [(1, "", Kind::UnreadSheet)]);
}

#[test]
fn broken_workbooks_are_refused() {
    let good = file(vec![vec![text("+12065550100"), text(ANA)]]);
    for length in (4..good.len()).step_by(7) {
        assert!(input::read(&good[..length], &InputOptions::default()).is_err());
    }
    let mut zeroed = good.clone();
    for place in (30..good.len()).step_by(11) {
        // Whatever comes out, it comes out.
        zeroed[place] ^= 0x55;
        let _ = input::read(&*zeroed, &InputOptions::default());
    }
    assert!(matches!(
        error(b"PK\x03\x04 and nothing else"),
        InputError::BrokenWorkbook(_)
    ));
    assert!(matches!(error(workbook([("Empty", vec![])])), InputError::Empty));
}

#[test]
fn bombs_are_not_unpacked() {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive
        .start_file("xl/worksheets/sheet1.xml", SimpleFileOptions::default())
        .unwrap();
    for _ in 0..64 {
        archive.write_all(&[b' '; 1 << 16]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 100 << 10);
    let mut options = InputOptions::default();
    options.limits.unpacked_bytes = 1 << 20;
    assert!(matches!(
        input::read(&*bytes, &options),
        Err(InputError::Bomb { limit: 1_048_576 })
    ));
    options.limits.workbook_bytes = 1 << 10;
    assert!(matches!(
        input::read(&*bytes, &options),
        Err(InputError::TooLarge { .. })
    ));
}

#[test]
fn archives_that_say_too_little_are_refused() {
    let rows = (0..60_000).map(|_| vec![text("+12065550100"), text(ANA)]);
    let mut bytes = file(rows.collect());
    let mut options = InputOptions::default();
    options.limits.unpacked_bytes = 1 << 20;
    assert!(matches!(
        input::read(&*bytes, &options),
        Err(InputError::Bomb { limit: 1_048_576 })
    ));
    // The directory at the end of the archive says how large each part is: a hundred bytes.
    let entries: Vec<_> = (0..bytes.len() - 4)
        .filter(|place| bytes[*place..].starts_with(b"PK\x01\x02"))
        .collect();
    assert_eq!(entries.len(), 4);
    for entry in entries {
        bytes[entry + 24..entry + 28].copy_from_slice(&100_u32.to_le_bytes());
    }
    let error = input::read(&*bytes, &options).unwrap_err();
    assert!(matches!(error, InputError::BrokenWorkbook(_)), "{error:?}");
}

#[test]
fn a_cell_is_no_longer_than_a_cell_can_be() {
    for (length, fits) in [(100 << 10, true), (200 << 10, false), (4 << 20, false)] {
        let bytes = file(vec![vec![text("+12065550100"), text(ANA), text(&"x".repeat(length))]]);
        let found = input::read(&*bytes, &InputOptions::default());
        assert_eq!(found.is_ok(), fits, "{length}");
    }
}

#[test]
fn a_table_of_texts_that_claims_too_much_is_not_believed() {
    for (table, broken) in [
        (
            "<sst uniqueCount=\"4000000000000000000\"><si><t>a</t></si></sst>",
            false,
        ),
        ("<sst uniqueCount = '99999'><si><t>a</t></si></sst>", false),
        ("<!-- a comment without an end", true),
        ("<sst uniqueCount=\"1\"><si><t>a</t></si></sst>", false),
    ] {
        let good = file(vec![vec![text("+12065550100"), text(ANA)]]);
        let mut archive = ZipWriter::new_append(Cursor::new(good)).unwrap();
        archive
            .start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
            .unwrap();
        archive.write_all(table.as_bytes()).unwrap();
        let bytes = archive.finish().unwrap().into_inner();
        let found = input::read(&*bytes, &InputOptions::default());
        assert_eq!(matches!(found, Err(InputError::BrokenWorkbook(_))), broken, "{table}");
    }
}
