//! The record and the spreadsheet.

use trunkline_bulk::input::{NumberStyle, unguarded};
use trunkline_bulk::report::{Privacy, ReportRow, write_csv, write_json_lines, write_page, write_xlsx};

use crate::sample::{HOSTILE, report, rows};

#[test]
fn the_record_holds_all_and_can_be_read_again() {
    let rows = rows(12);
    let report = report(&rows, Privacy::Full);
    let expected: Vec<ReportRow> = rows.iter().flatten().cloned().collect();
    let mut text = Vec::new();
    write_json_lines(&report, rows, &mut text).expect("memory takes everything");
    let text = String::from_utf8(text).expect("JSON is UTF-8");
    let mut lines = text.lines();
    let first: serde_json::Value = serde_json::from_str(lines.next().expect("a first line")).expect("JSON");
    assert_eq!(first["report"], "trunkline-report");
    assert_eq!(first["summary"]["done"], 2);
    let read: Vec<ReportRow> = lines.map(|line| serde_json::from_str(line).expect("a row")).collect();
    assert_eq!(read, expected);
}

#[test]
fn no_cell_is_a_formula_and_no_number_loses_its_plus() {
    for style in [NumberStyle::Plain, NumberStyle::Text] {
        let rows = rows(12);
        let mut text = Vec::new();
        write_csv(&report(&rows, Privacy::Full), rows, style, &mut text).expect("memory takes everything");
        let text = text
            .strip_prefix("\u{feff}".as_bytes())
            .expect("a mark for spreadsheets");
        let mut table = csv::Reader::from_reader(text);
        let heading = |name: &str, table: &mut csv::Reader<&[u8]>| {
            let headings = table.headers().expect("headings").clone();
            headings
                .iter()
                .position(|heading| heading == name)
                .expect("the heading")
        };
        let (number, says, user) = (
            heading("number", &mut table),
            heading("service says", &mut table),
            heading("user", &mut table),
        );
        let records: Vec<_> = table.records().collect::<Result<_, _>>().expect("it is CSV");
        assert_eq!(records.len(), 12);
        for (index, record) in records.iter().enumerate() {
            for cell in record {
                let dangerous = cell.starts_with(['=', '-', '@', '\t', '\r']);
                assert!(!dangerous, "{cell:?} is a formula");
            }
            let cell = &record[number];
            assert_eq!(cell.starts_with('\''), style == NumberStyle::Text, "{cell}");
            assert!(unguarded(cell).starts_with("+1"), "{cell}");
            if index == 3 {
                assert_eq!(&record[says], "'=cmd|' /C calc'!A0");
            }
            if index == 2 {
                assert_eq!(&record[user], HOSTILE);
            }
        }
    }
}

#[test]
fn what_is_masked_names_nobody() {
    type Writer = fn(&mut Vec<u8>);
    let writers: [Writer; 4] = [
        |text| {
            let rows = rows(30);
            let mut book = Vec::new();
            write_xlsx(&report(&rows, Privacy::Masked), rows, &mut book).expect("written");
            for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml"] {
                let mut archive = zip::ZipArchive::new(std::io::Cursor::new(&book)).expect("an archive");
                let mut part = archive.by_name(sheet).expect("a sheet");
                std::io::Read::read_to_end(&mut part, text).expect("XML");
            }
        },
        |text| {
            let rows = rows(30);
            write_json_lines(&report(&rows, Privacy::Masked), rows, text).expect("written");
        },
        |text| {
            let rows = rows(30);
            write_csv(&report(&rows, Privacy::Masked), rows, NumberStyle::Plain, text).expect("written");
        },
        |text| {
            let rows = rows(30);
            write_page(&report(&rows, Privacy::Masked), rows, text).expect("written");
        },
    ];
    for write in writers {
        let mut text = Vec::new();
        write(&mut text);
        let text = String::from_utf8(text).expect("UTF-8");
        assert!(!text.contains("206555"), "a number is shown");
        assert!(!text.contains("ana1"), "a name is shown");
    }
}
