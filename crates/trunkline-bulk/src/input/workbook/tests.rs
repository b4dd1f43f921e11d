//! Tests that calamine reads the same values from the same workbooks.

use std::borrow::Cow;
use std::io::{Cursor, Write};

use calamine::{DataRef, Reader, Xlsx};
use proptest::prelude::*;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::input::cell::Cell;

const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";

/// A cell, as it is compared: row, column, whether it was calculated, value.
type Compared = (u32, u32, bool, Cell<'static>);

fn ours(bytes: &[u8]) -> Result<Vec<Compared>, InputError> {
    let options = InputOptions::default();
    let mut package = Package::new(bytes, &options)?;
    let parts = Parts::of(&mut package, &options)?;
    let (texts, styles) = tables(&mut package, &parts)?;
    let mut cells = cells_of(&mut package, &parts, &texts, &styles)?;
    let mut found = Vec::new();
    while let Some(next) = cells.next()? {
        let cell = match next.cell {
            Cell::Text(text) => Cell::Text(Cow::Owned(text.into_owned())),
            Cell::Empty => Cell::Empty,
            Cell::Number(number) => Cell::Number(number),
            Cell::Truth(truth) => Cell::Truth(truth),
            _ => Cell::Other,
        };
        found.push((next.row, next.column, next.is_calculated, cell));
    }
    Ok(found)
}

fn theirs(bytes: &[u8]) -> Vec<Compared> {
    let mut workbook = Xlsx::new(Cursor::new(bytes)).expect("calamine reads it");
    let mut cells = workbook.worksheet_cells_reader("Numbers").expect("it has the sheet");
    let mut found = Vec::new();
    while let Some(next) = cells.next_cell_with_formula_metadata().expect("it has cells") {
        let cell = match next.value {
            DataRef::Empty => Cell::Empty,
            DataRef::SharedString("") => Cell::Empty,
            DataRef::SharedString(text) => Cell::Text(Cow::Owned(text.to_owned())),
            DataRef::String(text) if text.is_empty() => Cell::Empty,
            DataRef::String(text) => Cell::Text(Cow::Owned(text)),
            DataRef::Int(number) => Cell::Number(number as f64),
            DataRef::Float(number) => Cell::Number(number),
            DataRef::Bool(truth) => Cell::Truth(truth),
            _ => Cell::Other,
        };
        found.push((next.pos.0, next.pos.1, next.formula.is_some(), cell));
    }
    found
}

/// A workbook with these texts, formats of styles and rows, all as they stand in the XML.
fn workbook(texts: &[String], formats: &[String], rows: &[String]) -> Vec<u8> {
    let texts: String = texts.iter().map(|text| format!("<si>{text}</si>")).collect();
    let numbered = || formats.iter().enumerate().map(|(index, code)| (164 + index, code));
    let codes: String = numbered()
        .map(|(id, code)| format!("<numFmt numFmtId='{id}' formatCode='{code}'/>"))
        .collect();
    let styles: String = numbered().map(|(id, _)| format!("<xf numFmtId='{id}'/>")).collect();
    let link = |id: &str, kind: &str, target: &str| {
        format!("<Relationship Id='{id}' Type='{LINKS}/{kind}' Target='{target}'/>")
    };
    let links = |links: &str| format!("<?xml version='1.0'?><Relationships xmlns='{PACKAGE}'>{links}</Relationships>");
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (path, content) in [
        ("_rels/.rels", links(&link("r1", "officeDocument", "xl/workbook.xml"))),
        (
            "xl/workbook.xml",
            format!(
                "<x:workbook xmlns:x='{MAIN}' xmlns:r='{LINKS}'><x:sheets><x:sheet name='Numbers' sheetId='1' r:id='r1'/></x:sheets></x:workbook>"
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            links(
                &[
                    link("r1", "worksheet", "worksheets/sheet1.xml"),
                    link("r2", "sharedStrings", "/xl/sharedStrings.xml"),
                    link("r3", "styles", "styles.xml"),
                ]
                .concat(),
            ),
        ),
        ("xl/sharedStrings.xml", format!("<sst xmlns='{MAIN}'>{texts}</sst>")),
        (
            "xl/styles.xml",
            format!(
                "<styleSheet xmlns='{MAIN}'><numFmts>{codes}</numFmts><cellXfs>{styles}<xf numFmtId='14'/></cellXfs></styleSheet>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!(
                "<worksheet xmlns='{MAIN}'><sheetData>{}</sheetData></worksheet>",
                rows.concat()
            ),
        ),
    ] {
        archive.start_file(path, SimpleFileOptions::default()).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Text as it stands in XML, with all that can be written in more than one way.
fn characters() -> impl Strategy<Value = String> {
    prop::collection::vec(
        prop_oneof![
            4 => "[a-z0-9+@. é\u{a0}]{1,6}",
            1 => prop::sample::select(vec![
                "&amp;", "&lt;", "&#65;", "&#x1F4F7;", "_x000D_", "_x005F_x000D_", "_xD83D__xDCF7_", "_xD83D_", "_x",
                " ", "\t", "\n", "\r\n", "<!-- no -->", "<![CDATA[<b> &amp;]]>",
            ]).prop_map(str::to_owned),
        ],
        0..5,
    )
    .prop_map(|pieces| pieces.concat())
}

/// A text with its pieces.
fn text() -> impl Strategy<Value = String> {
    let piece = || {
        (characters(), any::<bool>()).prop_map(|(text, keeps)| {
            let space = if keeps { " xml:space='preserve'" } else { "" };
            format!("<t{space}>{text}</t>")
        })
    };
    prop_oneof![
        piece(),
        prop::collection::vec(piece(), 0..3).prop_map(|pieces| {
            let runs = pieces.iter().map(|piece| format!("<r><rPr><b/></rPr>{piece}</r>"));
            runs.collect::<String>() + "<rPh sb='0' eb='1'><t>said</t></rPh><phoneticPr fontId='1'/>"
        }),
    ]
}

/// A cell but for where it stands.
fn cell() -> impl Strategy<Value = (String, String)> {
    let number = prop_oneof![
        "[0-9]{1,12}",
        "-?[0-9]{1,4}\\.[0-9]{1,3}",
        "[1-9]\\.[0-9]{5}E[+-][0-9]{1,2}",
        Just(String::new())
    ];
    let formula = || prop::sample::select(vec!["", "", "<f>A1&amp;B1</f>", "<f t='shared' si='0'/>", "<f/>"]);
    prop_oneof![
        3 => (0..4_usize).prop_map(|index| ("t='s'".to_owned(), format!("<v>{index}</v>"))),
        3 => text().prop_map(|text| ("t='inlineStr'".to_owned(), format!("<is>{text}</is>"))),
        2 => (number, formula(), 0..6_usize, any::<bool>()).prop_map(|(value, formula, style, said)| {
            (format!("s='{style}'{}", if said { " t='n'" } else { "" }), format!("{formula}<v>{value}</v>"))
        }),
        1 => ("[a-z+]{1,5}").prop_map(|value| (String::new(), format!("<v>{value}!</v>"))),
        1 => ("[a-z0-9&;_ ]{0,6}", formula()).prop_map(|(value, formula)| {
            let value = value.replace('&', "&amp;");
            ("t='str'".to_owned(), format!("{formula}<v>{value}</v>"))
        }),
        1 => prop::sample::select(vec!["0", "1", "true", "false"]).prop_map(|value| ("t='b'".to_owned(), format!("<v>{value}</v>"))),
        1 => Just(("t='e'".to_owned(), "<v>#REF!</v>".to_owned())),
        1 => Just(("t='d'".to_owned(), "<v>2026-01-01</v>".to_owned())),
        1 => (0..6_usize).prop_map(|style| (format!("s='{style}'"), String::new())),
    ]
}

/// Rows, of which some say where they and their cells stand.
fn rows() -> impl Strategy<Value = Vec<String>> {
    let row = (
        any::<bool>(),
        1..4_u32,
        prop::collection::vec((any::<bool>(), 0..30_u32, cell()), 0..6),
    );
    prop::collection::vec(row, 0..5).prop_map(|rows| {
        let mut written = Vec::new();
        let mut line = 0;
        for (says, skipped, cells) in rows {
            line += if says { skipped } else { 1 };
            let mut column = 0;
            let mut inside = String::new();
            for (says, skipped, (head, content)) in cells {
                let mut place = String::new();
                if says {
                    column += skipped;
                    place = format!("r='{}{line}'", letters(column));
                }
                inside.push_str(&format!("<c {place} {head}>{content}</c>"));
                column += 1;
            }
            let place = if says { format!(" r='{line}'") } else { String::new() };
            written.push(format!("<row{place} spans='1:9'>{inside}</row>"));
        }
        written
    })
}

fn letters(mut column: u32) -> String {
    let mut letters = String::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(column % 26).unwrap()));
        match column / 26 {
            0 => return letters,
            more => column = more - 1,
        }
    }
}

proptest! {
    #[test]
    fn cells_hold_what_calamine_says(
        texts in prop::collection::vec(text(), 4),
        formats in prop::collection::vec(prop::sample::select(vec!["0.00", "yyyy-mm-dd", "[h]:mm", "[Red]0", "\\d0", "&quot;h&quot;0", "0;d"]).prop_map(str::to_owned), 0..5),
        rows in rows(),
    ) {
        let bytes = workbook(&texts, &formats, &rows);
        prop_assert_eq!(ours(&bytes).unwrap(), theirs(&bytes), "{:?} {:?} {:?}", texts, formats, rows);
    }
}
