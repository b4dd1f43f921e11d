//! Any bytes as the parts of a workbook: the sheet, the table of texts and the styles, with zeros between them.
#![no_main]

use std::io::{Cursor, Write};

use libfuzzer_sys::fuzz_target;
use trunkline_bulk::input::{self, Format, InputOptions};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

const LINKS: &str = "<Relationships><Relationship Id=\"a\" Type=\"/worksheet\" Target=\"sheet.xml\"/></Relationships>";
const WORKBOOK: &str = "<workbook><sheets><sheet name=\"Numbers\" id=\"a\"/></sheets></workbook>";
const HEADER: &str = "<worksheet><sheetData><row r=\"1\"><c t=\"inlineStr\"><is><t>number</t></is></c>\
                      <c t=\"inlineStr\"><is><t>user</t></is></c></row>";

fuzz_target!(|bytes: &[u8]| {
    let mut given = bytes.splitn(3, |byte| *byte == 0);
    // With the header before it, what comes is read as rows; without it, it is read as it is.
    let sheet = match given.next() {
        Some([b'!', rest @ ..]) => rest.to_vec(),
        Some(rows) => [HEADER.as_bytes(), rows].concat(),
        None => return,
    };
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
    for (path, content) in [
        ("xl/workbook.xml", WORKBOOK.as_bytes()),
        ("xl/_rels/workbook.xml.rels", LINKS.as_bytes()),
        ("xl/sheet.xml", &sheet),
        ("xl/sharedStrings.xml", given.next().unwrap_or(b"<sst/>")),
        ("xl/styles.xml", given.next().unwrap_or(b"<styleSheet/>")),
    ] {
        archive.start_file(path, options).expect("memory takes everything");
        archive.write_all(content).expect("memory takes everything");
    }
    let workbook = archive.finish().expect("memory takes everything").into_inner();
    if let Ok(read) = input::read(&*workbook, &InputOptions::default()) {
        assert_eq!(read.format(), Format::Xlsx);
        for problem in read.problems() {
            assert!(!problem.to_string().chars().any(char::is_control));
        }
    }
});
