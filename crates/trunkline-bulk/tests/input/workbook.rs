//! A small writer of workbooks, for tests and benchmarks: cells are given as they stand in the sheet's XML.

use std::io::{Cursor, Write};

use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// A cell with text.
pub(crate) fn text(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;");
    format!(r#"<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>"#)
}

/// A workbook of one sheet or more, each with a name and rows of cells.
pub(crate) fn workbook<R: IntoIterator<Item = Vec<String>>>(
    sheets: impl IntoIterator<Item = (&'static str, R)>,
) -> Vec<u8> {
    const MAIN: &str = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    const LINKS: &str = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    const PACKAGE: &str = "http://schemas.openxmlformats.org/package/2006/relationships";
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default().compression_level(Some(1));
    let (mut list, mut links) = (String::new(), String::new());
    for (index, (name, rows)) in sheets.into_iter().enumerate() {
        let id = index + 1;
        archive
            .start_file(format!("xl/worksheets/sheet{id}.xml"), options)
            .unwrap();
        write!(archive, r#"<worksheet xmlns="{MAIN}"><sheetData>"#).unwrap();
        for cells in rows {
            write!(archive, "<row>{}</row>", cells.concat()).unwrap();
        }
        write!(archive, "</sheetData></worksheet>").unwrap();
        list.push_str(&format!(r#"<sheet name="{name}" sheetId="{id}" r:id="r{id}"/>"#));
        links.push_str(&format!(
            r#"<Relationship Id="r{id}" Type="{LINKS}/worksheet" Target="worksheets/sheet{id}.xml"/>"#
        ));
    }
    for (path, content) in [
        (
            "xl/workbook.xml",
            format!(r#"<workbook xmlns="{MAIN}" xmlns:r="{LINKS}"><sheets>{list}</sheets></workbook>"#),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(r#"<Relationships xmlns="{PACKAGE}">{links}</Relationships>"#),
        ),
        (
            "_rels/.rels",
            format!(
                r#"<Relationships xmlns="{PACKAGE}"><Relationship Id="r1" Type="{LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>"#
            ),
        ),
    ] {
        archive.start_file(path, options).unwrap();
        archive.write_all(content.as_bytes()).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
