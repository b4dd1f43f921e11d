//! Sheets as people have them: merged, hidden, filtered, several in a workbook; and workbooks in which something is wrong.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _, Write as _};

use trunkline::Change;
use trunkline_bulk::input::ProblemKind as Kind;
use trunkline_bulk::input::{self, Hidden, Input, InputError, InputOptions, Severity};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::{complaints, pair, read, read_with};

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
const PLACE: &str = "3f2504e0-4f89-11d3-9a0c-0305e82c3301";

/// A workbook of sheets, each with its name, its state and what stands in its part.
fn workbook(sheets: &[(&str, &str, String)]) -> Vec<u8> {
    let (mut list, mut links) = (String::new(), String::new());
    for (index, (name, state, _)) in sheets.iter().enumerate() {
        write!(
            list,
            "<sheet name='{name}' sheetId='{index}' state='{state}' r:id='r{index}'/>"
        )
        .unwrap();
        write!(
            links,
            "<Relationship Id='r{index}' Type='{LINKS}/worksheet' Target='worksheets/{index}.xml'/>"
        )
        .unwrap();
    }
    let mut parts = vec![
        (
            "xl/workbook.xml".to_owned(),
            format!("<workbook xmlns='{MAIN}' xmlns:r='{LINKS}'><sheets>{list}</sheets></workbook>"),
        ),
        (
            "xl/_rels/workbook.xml.rels".to_owned(),
            format!("<Relationships xmlns='{PACKAGE}'>{links}</Relationships>"),
        ),
    ];
    for (index, (.., part)) in sheets.iter().enumerate() {
        parts.push((format!("xl/worksheets/{index}.xml"), part.clone()));
    }
    archive(&parts)
}

fn archive(parts: &[(String, String)]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in parts {
        archive.start_file(path.as_str(), SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Cells with text; a text `-` is no cell.
fn cells(row: u32, texts: &[&str]) -> String {
    let mut cells = String::new();
    for (column, text) in (b'A'..).zip(texts).filter(|(_, text)| **text != "-") {
        let column = char::from(column);
        write!(cells, "<c r='{column}{row}' t='inlineStr'><is><t>{text}</t></is></c>").unwrap();
    }
    cells
}

/// The part of a sheet: rows of texts, which of them are hidden, what stands before and behind them.
fn part(before: &str, rows: &[&[&str]], hidden: &[u32], behind: &str) -> String {
    let mut data = String::new();
    for (row, texts) in (1..).zip(rows) {
        let is_hidden = if hidden.contains(&row) { " hidden='1'" } else { "" };
        write!(data, "<row r='{row}'{is_hidden}>{}</row>", cells(row, texts)).unwrap();
    }
    format!("<worksheet xmlns='{MAIN}'>{before}<sheetData>{data}</sheetData>{behind}</worksheet>")
}

fn merged(rows: &[&[&str]], ranges: &[&str]) -> Vec<u8> {
    let ranges: String = ranges
        .iter()
        .map(|range| format!("<mergeCell ref='{range}'/>"))
        .collect();
    let part = part("", rows, &[], &format!("<mergeCells>{ranges}</mergeCells>"));
    workbook(&[("Numbers", "visible", part)])
}

fn with(hidden: Hidden) -> InputOptions {
    InputOptions {
        hidden: Some(hidden),
        ..InputOptions::default()
    }
}

fn refused(bytes: &[u8]) -> InputError {
    input::read(bytes, &InputOptions::default()).expect_err("it is refused")
}

/// Number and location of each row.
fn places(input: &Input) -> Vec<(String, Option<String>)> {
    let place = |row: &input::Row| {
        let location = match &row.change {
            Change::Assign { location, .. } => location.clone(),
            _ => None,
        };
        (pair(row).0, location)
    };
    input.rows().iter().map(place).collect()
}

fn lines(input: &Input) -> Vec<u32> {
    input.rows().iter().map(|row| row.row).collect()
}

#[test]
fn a_location_of_merged_cells_is_that_of_each_row() {
    let input = read(include_bytes!("cases/x01-merged-location.xlsx"));
    assert_eq!(complaints(&input), [(2, "location", Kind::MergedValue)]);
    let places = places(&input);
    assert_eq!(places.len(), 2);
    assert!(places[0].1.is_some() && places[0].1 == places[1].1, "{places:?}");
    let note = input.problems().iter().next().expect("the note").what.clone();
    assert!(note.contains("D2:D3"), "{note}");
}

#[test]
fn a_value_of_merged_cells_is_that_of_rows_with_something_in_them() {
    let rows: &[&[&str]] = &[
        &["action", "number", "user", "note"],
        &["unassign", "+12065550100", "ben@contoso.example", "x"],
        &["-", "+12065550101", "-", "-"],
        &["-", "-", "-", "blank but for a note"],
        &["-", "-", "-", "-"],
        &["-", "+12065550102", "-", "-"],
        &["unassign", "+12065550103", "-", "-"],
    ];
    let input = read(merged(rows, &["A2:A6", "C2:C6", "D4:D5"]));
    assert_eq!(lines(&input), [2, 3, 6, 7]);
    let users: Vec<_> = input.rows().iter().map(|row| pair(row).1).collect();
    assert_eq!(
        users,
        ["ben@contoso.example", "ben@contoso.example", "ben@contoso.example", ""]
    );
    assert_eq!(
        complaints(&input),
        [
            (1, "note", Kind::UnknownColumn),
            (2, "action", Kind::MergedValue),
            (2, "user", Kind::MergedValue),
            (4, "", Kind::UnreadRow)
        ]
    );
}

#[test]
fn merged_cells_whose_value_is_not_one_for_each_row_are_errors() {
    for (ranges, expected) in [
        // One number for two people.
        (&["A2:A3"][..], vec![(2, "number"), (3, "number")]),
        // Whose is the value?
        (&["A2:B2"], vec![(2, "number")]),
        (&["B3:C3"], vec![]),
        (&["B2:D3"], vec![(2, "user"), (3, "user")]),
        // A header of two lines.
        (&["B1:B2"], vec![(2, "user")]),
        // The value of the third row stands below the one that is seen.
        (&["D2:D3"], vec![]),
        (&["B2:B3"], vec![(3, "user")]),
        // In the header, and where nobody reads.
        (&["A1:C1"], vec![]),
        (&["C2:C3"], vec![]),
    ] {
        let rows: &[&[&str]] = &[
            &["number", "user", "note", "location"],
            &["+12065550100", "ana@contoso.example", "-", PLACE],
            &["+12065550101", "ben@contoso.example", "-", PLACE],
        ];
        let input = read(merged(rows, ranges));
        let errors: Vec<_> = input
            .problems()
            .iter()
            .filter(|problem| problem.kind == Kind::MergedCells)
            .inspect(|problem| assert!(problem.what.contains(ranges[0]), "{problem}"))
            .map(|problem| (problem.row, problem.column.as_deref().unwrap_or_default()))
            .collect();
        assert_eq!(errors, expected, "{ranges:?}");
        assert_eq!(input.len(), 2 - expected.len(), "{ranges:?}");
    }
    let rows: &[&[&str]] = &[
        &["number", "user"],
        &["+12065550100", "ana@contoso.example"],
        &["+12065550101", "-"],
    ];
    let error = refused(&merged(rows, &["B2:B3", "A3:B3"]));
    assert!(error.to_string().contains("overlap"), "{error}");
}

#[test]
fn what_a_sheet_hides_is_read_or_left_out_only_when_somebody_chose() {
    let case = include_bytes!("cases/x02-hidden-rows.xlsx");
    let error = refused(case);
    assert!(matches!(error, InputError::Hidden { .. }));
    assert!(
        error.to_string().contains("2 rows") && error.to_string().contains("3, 4"),
        "{error}"
    );
    assert!(error.next_step().contains("--hidden skip"), "{}", error.next_step());
    let all = read_with(case, &with(Hidden::Include));
    assert_eq!(lines(&all), [2, 3, 4]);
    assert!(complaints(&all).contains(&(1, "", Kind::HiddenRows)));
    let seen = read_with(case, &with(Hidden::Skip));
    assert_eq!((lines(&seen), seen.seen()), (vec![2], 1));
    assert!(complaints(&seen).contains(&(1, "", Kind::HiddenRows)));
}

#[test]
fn hidden_rows_are_those_that_hold_something() {
    let rows: &[&[&str]] = &[
        &["number", "user", "note"],
        &["+12065550100", "ana@contoso.example", "-"],
        &["-", "-", "a note"],
        &["-", "-", "-"],
    ];
    let sheet = |hidden: &[u32]| workbook(&[("Numbers", "visible", part("", rows, hidden, ""))]);
    assert_eq!(read(sheet(&[3, 4])).len(), 1);
    assert!(matches!(refused(&sheet(&[2])), InputError::Hidden { .. }));
    // A header that nobody sees is as hidden as a row.
    assert!(matches!(refused(&sheet(&[1])), InputError::Hidden { .. }));
    assert_eq!(read_with(sheet(&[1]), &with(Hidden::Include)).len(), 1);
    assert!(
        input::read(&*sheet(&[1]), &with(Hidden::Skip)).is_err(),
        "a row is no header"
    );
    // Rows without height.
    let flat = part("", rows, &[], "").replace("<row r='2'>", "<row r='2' ht='0' customHeight='1'>");
    assert!(matches!(
        refused(&workbook(&[("Numbers", "visible", flat)])),
        InputError::Hidden { .. }
    ));
}

#[test]
fn hidden_columns_are_chosen_like_rows() {
    let rows: &[&[&str]] = &[
        &["number", "user", "location", "note"],
        &["+12065550100", "ana@contoso.example", PLACE, "x"],
        &["+12065550101", "ben@contoso.example", "-", "-"],
    ];
    let sheet = |columns: &str| workbook(&[("Numbers", "visible", part(columns, rows, &[], ""))]);
    let location = sheet("<cols><col min='3' max='3' width='0' hidden='1' customWidth='1'/></cols>");
    let error = refused(&location);
    assert!(
        error.to_string().contains("column C (location)") && error.to_string().contains("1 row"),
        "{error}"
    );
    assert!(places(&read_with(&location, &with(Hidden::Include)))[0].1.is_some());
    let seen = read_with(&location, &with(Hidden::Skip));
    assert!(places(&seen).iter().all(|(_, place)| place.is_none()));
    assert_eq!(seen.columns().len(), 2);
    assert!(complaints(&seen).contains(&(1, "", Kind::HiddenColumn)));
    // Of a column that is not read, it does not matter.
    assert_eq!(
        read(sheet("<cols><col min='4' max='16384' hidden='1'/></cols>")).len(),
        2
    );
    assert!(matches!(
        refused(&sheet("<cols><col min='1' max='2' hidden='true'/></cols>")),
        InputError::Hidden { .. }
    ));
}

#[test]
fn sheets_with_rows_that_were_not_read_are_named() {
    let input = read(include_bytes!("cases/x03b-two-sites.xlsx"));
    assert_eq!(complaints(&input), [(1, "", Kind::UnreadSheet)]);
    let warning = input.problems().iter().last().expect("the warning").to_string();
    assert!(warning.contains("Redmond") && !warning.contains("Seattle"), "{warning}");
    let named = InputOptions {
        sheet: Some("Redmond".to_owned()),
        ..InputOptions::default()
    };
    let redmond = read_with(include_bytes!("cases/x03b-two-sites.xlsx"), &named);
    assert_eq!(
        (redmond.len(), complaints(&redmond)),
        (1, vec![]),
        "somebody knew of the others"
    );

    let rows: &[&[&str]] = &[&["number", "user"], &["+12065550100", "ana@contoso.example"]];
    let sheet = |rows| part("", rows, &[], "");
    let several = workbook(&[
        ("Numbers", "visible", sheet(rows)),
        ("Old", "hidden", sheet(rows)),
        ("Lists", "visible", sheet(&[&["mobile"], &["office"]])),
        ("Blank", "visible", sheet(&[])),
        ("Header", "visible", sheet(&rows[..1])),
    ]);
    let input = read(&several);
    assert_eq!(
        complaints(&input),
        [(1, "", Kind::UnreadSheet), (1, "", Kind::OtherSheets)]
    );
    let words: Vec<_> = input.problems().iter().map(ToString::to_string).collect();
    assert!(words[1].contains("Old") && words[2].contains("Lists"), "{words:?}");
    assert!(
        !words.concat().contains("Blank") && !words.concat().contains("Header"),
        "{words:?}"
    );
    // A hidden sheet is read when somebody chose that.
    let mut old = InputOptions {
        sheet: Some("Old".to_owned()),
        ..InputOptions::default()
    };
    assert!(matches!(input::read(&*several, &old), Err(InputError::Hidden { .. })));
    old.hidden = Some(Hidden::Include);
    assert_eq!(read_with(&several, &old).len(), 1);
}

#[test]
fn the_sheet_that_can_be_read_is_suggested() {
    let error = refused(include_bytes!("cases/x03-instructions-first.xlsx"));
    assert!(
        matches!(&error, InputError::WrongSheet { sheet, known, .. } if sheet == "Read me" && known == "Users"),
        "{error}"
    );
    assert!(error.to_string().contains("How to fill in this workbook"), "{error}");
    let sheet = |rows: &[&[&str]]| part("", rows, &[], "");
    let rows: &[&[&str]] = &[&["number", "user"], &["+12065550100", "ana@contoso.example"]];
    let empty = workbook(&[("Sheet1", "visible", sheet(&[])), ("Sheet2", "visible", sheet(rows))]);
    let error = refused(&empty);
    assert!(
        matches!(&error, InputError::WrongSheet { known, .. } if known == "Sheet2"),
        "{error}"
    );
    let none = workbook(&[
        ("Sheet1", "visible", sheet(&[])),
        ("Sheet2", "visible", sheet(&[&["a"], &["b"]])),
    ]);
    assert!(matches!(refused(&none), InputError::Empty));
}

#[test]
fn a_plus_that_only_a_format_shows_is_named_as_that() {
    let input = read(include_bytes!("cases/x05-plus-by-format.xlsx"));
    assert_eq!(complaints(&input), [(2, "number", Kind::PlusByFormat)]);
    let error = input
        .problems()
        .iter()
        .find(|problem| problem.severity == Severity::Error);
    assert!(error.is_some_and(|error| error.what.contains("only the format of the cell shows a plus")));
}

#[test]
fn a_digit_that_was_flipped_is_found() {
    let good = workbook(&[(
        "Numbers",
        "visible",
        part(
            "",
            &[&["number", "user"], &["+12065550100", "ana@contoso.example"]],
            &[],
            "",
        ),
    )]);
    // As it was, but stored: each digit is a byte of its own.
    let mut archive = zip::ZipArchive::new(Cursor::new(&good)).unwrap();
    let mut stored = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
    for index in 0..archive.len() {
        let mut part = archive.by_index(index).unwrap();
        let mut content = Vec::new();
        part.read_to_end(&mut content).unwrap();
        stored.start_file(part.name().unwrap().to_string(), options).unwrap();
        stored.write_all(&content).unwrap();
    }
    let mut bytes = stored.finish().unwrap().into_inner();
    assert_eq!(read(&bytes).len(), 1);
    let at = bytes
        .windows(12)
        .position(|found| found == b"+12065550100")
        .expect("the number");
    bytes[at + 11] = b'1';
    let error = refused(&bytes);
    assert!(matches!(&error, InputError::BrokenWorkbook(_)), "{error:?}");
    assert!(error.to_string().contains("damaged"), "{error}");
}

#[test]
fn of_two_things_in_one_place_neither_is_lost() {
    let header = cells(1, &["number", "user"]);
    let row = cells(2, &["+12065550100", "ana@contoso.example"]);
    let other = cells(2, &["+12065550101", "ben@contoso.example"]);
    let third = cells(3, &["+12065550101", "ben@contoso.example"]);
    for (rows, words) in [
        (format!("<row r='2'>{row}</row><row r='2'>{other}</row>"), "row 2"),
        (format!("<row r='3'>{third}</row><row r='2'>{row}</row>"), "row 2"),
        (format!("<row r='2'>{row}{other}</row>"), "A2"),
        (
            format!("<row r='2'>{row}</row><row r='3'>{other}</row>"),
            "the position of a cell",
        ),
        (format!("<row>{row}</row><row>{other}</row>"), "the position of a cell"),
        (
            format!("<row r='2'>{row}</row></sheetData><sheetData><row r='3'>{third}</row>"),
            "two places",
        ),
    ] {
        let part =
            format!("<worksheet xmlns='{MAIN}'><sheetData><row r='1'>{header}</row>{rows}</sheetData></worksheet>");
        let error = refused(&workbook(&[("Numbers", "visible", part)]));
        assert!(error.to_string().contains(words), "{words}: {error}");
    }
    let part = |number| part("", &[&["number", "user"], &[number, "ana@contoso.example"]], &[], "");
    let links = format!(
        "<Relationships xmlns='{PACKAGE}'><Relationship Id='r' Type='{LINKS}/worksheet' Target='a.xml'/></Relationships>"
    );
    let list =
        format!("<workbook xmlns='{MAIN}' xmlns:r='{LINKS}'><sheets><sheet name='N' r:id='r'/></sheets></workbook>");
    let parts = |second: &str| {
        archive(&[
            ("xl/workbook.xml".to_owned(), list.clone()),
            ("xl/_rels/workbook.xml.rels".to_owned(), links.clone()),
            ("xl/a.xml".to_owned(), part("+12065550100")),
            (second.to_owned(), part("+12065550101")),
        ])
    };
    assert_eq!(read(parts("xl/b.xml")).len(), 1);
    let error = refused(&parts("XL/A.XML"));
    assert!(error.to_string().contains("the same name"), "{error}");
    // An archive with the very same name twice.
    let mut twice = parts("xl/b.xml");
    let name = b"xl/b.xml";
    for at in 0..twice.len() - name.len() {
        if twice[at..].starts_with(name) {
            twice[at..at + name.len()].copy_from_slice(b"xl/a.xml");
        }
    }
    let error = refused(&twice);
    assert!(error.to_string().contains("the same name"), "{error}");
}

#[test]
fn what_unpacks_to_a_hundred_times_its_size_is_refused() {
    let texts = "<si><t>x</t></si>".repeat(5_000_000);
    let mut archive =
        ZipWriter::new_append(Cursor::new(workbook(&[("Numbers", "visible", part("", &[], &[], ""))]))).unwrap();
    archive
        .start_file("xl/sharedStrings.xml", SimpleFileOptions::default())
        .unwrap();
    archive.write_all(texts.as_bytes()).unwrap();
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 600_000, "{}", bytes.len());
    assert!(matches!(refused(&bytes), InputError::Bomb { limit: 67_108_864 }));
}
